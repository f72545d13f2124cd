package io.colla.launcher;

import io.colla.launcher.config.Settings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code colla gateway}: a run for a Python program that starts it itself, such as a notebook. */
final class GatewayCommand implements Subcommand {
    private static final String NAME = "session";

    private final Backend.Factory factory;

    GatewayCommand() {
        this(Backends.factory());
    }

    GatewayCommand(Backend.Factory factory) {
        this.factory = factory;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .header("Starts a run for a Python program that joins it from outside, such as a notebook.")
                .description(
                        "%nPrints one line of JSON: the socket for COLLA_GATEWAY, the run's folder and this process."
                                + " Ends when the program says so, or its connection or standard input ends.%n");
        SettingsFlags.addTo(spec);
        return spec;
    }

    @Override
    public int run(ParseResult line, Context context) throws Exception {
        long startNanos = System.nanoTime();
        Settings settings = SettingsFlags.load(line, context.loader());
        try (GatewayMain program = new GatewayMain(settings, context)) {
            Run run = Run.of(NAME, program, settings, context, startNanos);
            program.announceWith(run.folder());
            return run.execute(factory);
        }
    }
}

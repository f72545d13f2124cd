package io.colla.launcher;

import io.colla.api.UsageException;
import io.colla.launcher.app.Application;
import io.colla.launcher.app.ClassPath;
import io.colla.launcher.config.Options;
import io.colla.launcher.config.Settings;
import io.colla.launcher.log.RunLog;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code colla run}: an application on all that this machine or this job has. */
final class RunCommand implements Subcommand {
    private static final String CLASS_PATH = "-cp";

    private final Backend.Factory factory;

    RunCommand() {
        this(Backends.factory());
    }

    RunCommand(Backend.Factory factory) {
        this.factory = factory;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .header("Runs an application on all that this machine or this job has.")
                .customSynopsis(
                        "colla run [OPTIONS] app.jar [ARGS...]",
                        "       colla run [OPTIONS] -cp CLASSPATH Main [ARGS...]")
                .description("%nWhat follows the jar or the class is the application's.%n"
                        + "Each option can also stand in colla.yaml without its dashes (workers: local:3)"
                        + " or in a variable (COLLA_WORKERS); 'colla config' shows what holds.%n")
                .footer(
                        "%nExamples:",
                        "  colla run app.jar input.txt",
                        "  colla run --cores 4 --time-limit 01:00:00 app.jar",
                        "  colla run --workers local:3 -cp 'classes:lib/*' my.Main input.txt");
        spec.addOption(OptionSpec.builder(CLASS_PATH, "--cp", "--class-path")
                .paramLabel("CLASSPATH")
                .type(String.class)
                .description("Jars and folders with classes; a class is named then, not a jar.")
                .build());
        SettingsFlags.addTo(spec);
        spec.addPositional(PositionalParamSpec.builder()
                .index("0..*")
                .paramLabel("APPLICATION")
                .hidden(true)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .build());
        return spec;
    }

    @Override
    public int run(ParseResult line, Context context) throws Exception {
        long startNanos = System.nanoTime();
        Settings settings = SettingsFlags.load(line, context.loader());
        Application application = application(line, context);
        String name = settings.get(Options.NAME) == null ? application.name() : settings.need(Options.NAME);
        Path runDir = settings.get(Options.RUN_DIR);
        try (MainProgram program = new JavaMain(application)) {
            RunFolder folder =
                    runDir == null ? RunFolder.numbered(context.loader().directory(), name) : RunFolder.named(runDir);
            RunLog.process().open(folder.log(), settings.need(Options.DEBUG));
            RunPlan plan = new RunPlan(
                    name, settings, program, folder, context.loader().environment());
            return new Run(plan, context, startNanos).execute(factory);
        }
    }

    private static Application application(ParseResult line, Context context) {
        List<String> words = line.matchedPositionalValue(0, List.of());
        if (words.isEmpty()) {
            throw new UsageException("nothing to run; name a jar or, with -cp, a class: colla run app.jar");
        }
        String target = words.get(0);
        List<String> arguments = words.subList(1, words.size());
        String classPath = line.matchedOptionValue(CLASS_PATH, (String) null);
        if (classPath != null) {
            return ClassPath.ofClass(classPath, target, arguments);
        }
        if (target.endsWith(".jar")) {
            return ClassPath.ofJar(Path.of(target), arguments);
        }
        String inherited = context.loader().environment().getOrDefault("CLASSPATH", "");
        return ClassPath.ofClass(inherited.isEmpty() ? "." : inherited, target, arguments);
    }
}

package io.colla.launcher;

import io.colla.worker.WorkerProcess;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code colla worker}: one node's worker; started by a run, never by a person. */
final class WorkerCommand implements Subcommand {
    private static final String NODE = "--node";

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .header("Works for a run on one node; started by 'colla run' and told what to do on its input.");
        spec.addOption(OptionSpec.builder(NODE)
                .paramLabel("NAME")
                .type(String.class)
                .description("The node's name in the run's allocation.")
                .build());
        return spec;
    }

    @Override
    public int run(ParseResult line, Context context) {
        String node = line.matchedOptionValue(NODE, (String) null);
        List<String> arguments = node == null ? List.of() : List.of(NODE, node);
        return WorkerProcess.run(arguments, System.in, context.loader().environment());
    }
}

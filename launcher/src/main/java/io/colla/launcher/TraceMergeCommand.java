package io.colla.launcher;

import io.colla.tracing.merge.TraceMerger;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code colla trace merge}: makes the Paraver trace of a run again. */
final class TraceMergeCommand implements Subcommand {
    private static final String GZIP = "--gzip";
    private static final double BILLION = 1e9;

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .header("Makes the Paraver trace of a run again.")
                .customSynopsis("colla trace merge [--gzip] RUN")
                .description(
                        "%nA run with --trace makes its trace when it ends. This makes that of a run that was killed, from what its processes had recorded.%n");
        spec.addOption(OptionSpec.builder(GZIP)
                .description("Write a .prv.gz, which Paraver reads too.")
                .build());
        spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("RUN")
                .type(String.class)
                .required(true)
                .description("The run's folder, such as colla-runs/latest.")
                .build());
        return spec;
    }

    @Override
    public int run(ParseResult line, Context context) {
        Path run = context.loader().directory().resolve(line.<String>matchedPositionalValue(0, ""));
        TraceMerger.Written written = TraceFiles.merge(run, line.hasMatchedOption(GZIP));
        written.damaged().forEach(sentence -> context.err().println("colla: not in the trace: " + sentence));
        context.out()
                .println(String.format(
                        Locale.ROOT,
                        "%s: %,d records, %.3f s",
                        written.prv(),
                        written.records(),
                        written.nanos() / BILLION));
        return ExitCode.OK.number();
    }
}

package io.colla.launcher;

import io.colla.api.UsageException;
import io.colla.tracing.merge.TraceMerger;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code colla trace}: what is done with the trace of a run. */
final class TraceCommand implements Subcommand {
    private static final String GZIP = "--gzip";
    private static final double BILLION = 1e9;

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .header("Makes the Paraver trace of a run again.")
                .customSynopsis("colla trace merge [--gzip] RUN")
                .description(
                        "%nA run with --trace makes its trace when it ends. 'merge' makes that of a run that was killed, from what its processes had recorded."
                                + "%nRUN is the run's folder, such as colla-runs/latest.%n");
        spec.addOption(OptionSpec.builder(GZIP)
                .description("Write a .prv.gz, which Paraver reads too.")
                .build());
        spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("merge RUN")
                .arity("2")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .hideParamSyntax(true)
                .description("What to do, and with which run.")
                .build());
        return spec;
    }

    @Override
    public int run(ParseResult line, Context context) {
        List<String> words = line.matchedPositionalValue(0, List.of());
        if (words.size() != 2 || !words.get(0).equals("merge")) {
            throw new UsageException("colla trace can 'merge RUN', with the run's folder, such as colla-runs/latest");
        }
        Path run = context.loader().directory().resolve(words.get(1));
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

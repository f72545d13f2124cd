package io.colla.launcher;

import io.colla.api.UsageException;
import io.colla.tracing.merge.SubTraces;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code colla trace merge}: makes the Paraver trace of a run again. */
final class TraceMergeCommand implements Subcommand {
    private static final String GZIP = "--gzip";
    private static final String WITH = "--with";
    private static final double BILLION = 1e9;
    private static final Pattern NAMED =
            Pattern.compile("(.+?\\.prv(?:\\.gz)?)(?:@([\\w.-]*\\w))?([+-]\\d{1,9}(?:\\.\\d{1,9})?)?");

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .header("Makes the Paraver trace of a run again.")
                .customSynopsis("colla trace merge [--gzip] [--with FILE.prv[@HOST][+SECONDS]]... RUN")
                .description(
                        "%nA run with --trace makes its trace when it ends. This makes that of a run that was killed, from what its processes had recorded.%n");
        spec.addOption(OptionSpec.builder(GZIP)
                .description("Write a .prv.gz, which Paraver reads too.")
                .build());
        spec.addOption(OptionSpec.builder(WITH)
                .paramLabel("FILE.prv[@HOST][+SECONDS]")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .description(
                        "Have this trace in it too, of a program that Extrae has recorded: as a further application,"
                                + " on HOST if it does not say where it ran, SECONDS after the run's begin (or before, with -)"
                                + " if its time cannot be told from its clock. Repeatable.")
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
        List<SubTraces.Named> named = new ArrayList<>();
        for (String text : line.matchedOptionValue(WITH, List.<String>of())) {
            named.add(named(text, context.loader().directory()));
        }
        TraceFiles.Made written = TraceFiles.merge(
                run, line.hasMatchedOption(GZIP), named, context.loader().environment());
        written.remarks().forEach(sentence -> context.err().println("colla: " + sentence));
        context.out()
                .println(String.format(
                        Locale.ROOT,
                        "%s: %,d records, %.3f s%s",
                        written.prv(),
                        written.records(),
                        written.nanos() / BILLION,
                        written.others() == 0 ? "" : ", with " + Words.plural(written.others(), "further trace")));
        return ExitCode.OK.number();
    }

    /** {@code FILE.prv[@HOST][+SECONDS]}. */
    static SubTraces.Named named(String text, Path directory) {
        Matcher parts = NAMED.matcher(text);
        if (!parts.matches()) {
            throw new UsageException(
                    WITH + " '" + text + "' is no FILE.prv[@HOST][+SECONDS], such as heat.prv@node3+2.5");
        }
        String offset = parts.group(3);
        return new SubTraces.Named(
                directory.resolve(parts.group(1)),
                parts.group(2),
                offset == null ? null : Math.round(Double.parseDouble(offset) * BILLION));
    }
}

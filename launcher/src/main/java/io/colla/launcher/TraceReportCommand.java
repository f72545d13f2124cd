package io.colla.launcher;

import io.colla.api.UsageException;
import io.colla.tracing.report.ReportJson;
import io.colla.tracing.report.ReportPage;
import io.colla.tracing.report.ReportText;
import io.colla.tracing.report.Reports;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code colla trace report}: where the time of a run went. */
final class TraceReportCommand implements Subcommand {
    private static final String ALL = "--all";
    private static final String JSON = "--json";
    private static final String HTML = "--html";
    private static final String OUT = "-o";

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .header("Shows where the time of a run went, and what can be done about it.")
                .customSynopsis(
                        "colla trace report [--all|--json] RUN|FILE.prv",
                        "       colla trace report --html [-o FILE] RUN|FILE.prv")
                .description("%nAlso of traces that COMPSs has written.%n");
        spec.addOption(OptionSpec.builder(ALL)
                .description(
                        "All functions, pairs of nodes and pieces of advice, also where they fill more than a screen.")
                .build());
        spec.addOption(OptionSpec.builder(JSON)
                .description("For programs: names end with their unit.")
                .build());
        spec.addOption(OptionSpec.builder(HTML)
                .description("A page for a browser with a timeline to zoom into, in one file that needs no other.")
                .build());
        spec.addOption(OptionSpec.builder(OUT, "--output")
                .paramLabel("FILE")
                .type(String.class)
                .description("Where to write it; else a file beside the trace for --html, and standard output.")
                .build());
        spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("RUN|FILE.prv")
                .type(String.class)
                .required(true)
                .description("The run's folder, such as colla-runs/latest, or a trace.")
                .build());
        return spec;
    }

    @Override
    public int run(ParseResult line, Context context) {
        Path prv = TraceFiles.find(line, 0, context);
        Reports.Made made = read(prv);
        String out = line.matchedOptionValue(OUT, "");
        if (line.hasMatchedOption(HTML)) {
            Path page = out.isEmpty()
                    ? prv.resolveSibling(made.report().name() + ".html")
                    : context.loader().directory().resolve(out);
            write(page, writer -> ReportPage.write(made, Json::of, writer));
            context.out().println(page);
            return ExitCode.OK.number();
        }
        String text = line.hasMatchedOption(JSON)
                ? Json.of(ReportJson.of(made.report()))
                : ReportText.of(made.report(), line.hasMatchedOption(ALL));
        if (out.isEmpty()) {
            context.out().print(text);
        } else {
            write(context.loader().directory().resolve(out), writer -> writer.write(text));
        }
        return ExitCode.OK.number();
    }

    /** @throws UsageException if it is no trace */
    static Reports.Made read(Path prv) {
        try {
            return Reports.of(prv);
        } catch (IOException e) {
            throw new UsageException(prv + " cannot be read: " + Words.reason(e), e);
        }
    }

    private interface Content {
        void to(Writer out) throws IOException;
    }

    private static void write(Path file, Content content) {
        try (Writer out = Files.newBufferedWriter(file)) {
            content.to(out);
        } catch (IOException e) {
            throw new UsageException("cannot write " + file + ": " + Words.reason(e), e);
        }
    }
}

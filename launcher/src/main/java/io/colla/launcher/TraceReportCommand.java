package io.colla.launcher;

import io.colla.api.UsageException;
import io.colla.tracing.report.ReportJson;
import io.colla.tracing.report.ReportText;
import io.colla.tracing.report.Reports;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code colla trace report}: where the time of a run went. */
final class TraceReportCommand implements Subcommand {
    private static final String ALL = "--all";
    private static final String JSON = "--json";

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .header("Shows where the time of a run went, and what can be done about it.")
                .customSynopsis("colla trace report [--all|--json] RUN|FILE.prv")
                .description("%nAlso of traces that COMPSs has written.%n");
        spec.addOption(OptionSpec.builder(ALL)
                .description(
                        "All functions, pairs of nodes and pieces of advice, also where they fill more than a screen.")
                .build());
        spec.addOption(OptionSpec.builder(JSON)
                .description("For programs: names end with their unit.")
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
        Path given = context.loader().directory().resolve(line.<String>matchedPositionalValue(0, ""));
        Reports.Made made = read(TraceFiles.find(given));
        context.out()
                .print(
                        line.hasMatchedOption(JSON)
                                ? Json.of(ReportJson.of(made.report()))
                                : ReportText.of(made.report(), line.hasMatchedOption(ALL)));
        return ExitCode.OK.number();
    }

    /** @throws UsageException if it is no trace */
    static Reports.Made read(Path prv) {
        try {
            return Reports.of(prv);
        } catch (IOException e) {
            throw new UsageException("the trace cannot be read: " + e.getMessage(), e);
        }
    }
}

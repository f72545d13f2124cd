package io.colla.launcher;

import io.colla.tracing.report.Comparison;
import io.colla.tracing.report.ComparisonText;
import io.colla.tracing.report.TraceReport;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code colla trace compare}: two runs side by side. */
final class TraceCompareCommand implements Subcommand {
    private static final String ALL = "--all";
    private static final String JSON = "--json";

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .header("Shows two runs side by side, and what makes the difference.")
                .customSynopsis("colla trace compare [--all|--json] RUN RUN")
                .description("%nEach RUN is a run's folder or a trace, also one that COMPSs has written.%n");
        spec.addOption(OptionSpec.builder(ALL)
                .description("All functions, also where they fill more than a screen.")
                .build());
        spec.addOption(OptionSpec.builder(JSON)
                .description("For programs: names end with their unit.")
                .build());
        spec.addPositional(run("0"));
        spec.addPositional(run("1"));
        return spec;
    }

    private static PositionalParamSpec run(String index) {
        return PositionalParamSpec.builder()
                .index(index)
                .paramLabel("RUN")
                .type(String.class)
                .required(true)
                .description(index.equals("0") ? "The run to compare with." : "The other.")
                .build();
    }

    @Override
    public int run(ParseResult line, Context context) {
        Comparison compared = Comparison.of(report(line, 0, context), report(line, 1, context));
        context.out()
                .print(
                        line.hasMatchedOption(JSON)
                                ? Json.of(compared.json())
                                : ComparisonText.of(compared, line.hasMatchedOption(ALL)));
        return ExitCode.OK.number();
    }

    private static TraceReport report(ParseResult line, int index, Context context) {
        return TraceReportCommand.read(TraceFiles.find(line, index, context)).report();
    }
}

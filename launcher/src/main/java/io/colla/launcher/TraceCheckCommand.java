package io.colla.launcher;

import io.colla.api.UsageException;
import io.colla.tracing.EventTypes;
import io.colla.tracing.paraver.TraceChecker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code colla trace check}: says what is wrong with a trace. */
final class TraceCheckCommand implements Subcommand {
    private static final int MOST_PRINTED = 20;

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .header("Says what is wrong with a Paraver trace.")
                .customSynopsis("colla trace check RUN|FILE.prv")
                .description(
                        "%nChecks the order of records, ids, cpus, begins and ends, states, times, labels and names, also where Paraver itself passes over mistakes in silence."
                                + " Ends with 1 if there is any.%n");
        spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("RUN")
                .type(String.class)
                .required(true)
                .description("The run's folder, such as colla-runs/latest, or a .prv or .prv.gz, also of others.")
                .build());
        return spec;
    }

    @Override
    public int run(ParseResult line, Context context) {
        Path prv = TraceFiles.find(line, 0, context);
        TraceChecker.Findings findings;
        try {
            findings = TraceChecker.check(prv, EventTypes.spans());
        } catch (IOException e) {
            throw new UsageException(prv + " cannot be read: " + Words.reason(e), e);
        }
        findings.faults().stream().limit(MOST_PRINTED).forEach(context.out()::println);
        long more = findings.found() - MOST_PRINTED;
        if (more > 0) {
            context.out().println(String.format(Locale.ROOT, "and %,d more", more));
        }
        context.out()
                .println(String.format(
                        Locale.ROOT,
                        "%s: %,d records (%,d states, %,d of events, %,d communications), %s",
                        prv,
                        findings.records(),
                        findings.states(),
                        findings.events(),
                        findings.communications(),
                        found(findings.found())));
        return findings.found() == 0 ? ExitCode.OK.number() : ExitCode.APPLICATION_THREW.number();
    }

    private static String found(long faults) {
        return faults == 0 ? "no fault" : faults == 1 ? "1 fault" : String.format(Locale.ROOT, "%,d faults", faults);
    }
}

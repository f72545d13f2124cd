package io.colla.launcher;

import io.colla.api.UsageException;
import io.colla.launcher.config.Quantities;
import io.colla.launcher.jobs.JobCancellation;
import io.colla.launcher.jobs.JobDesk;
import io.colla.platform.Commands.CommandException;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code colla cancel}: ends jobs, in order. */
final class CancelCommand implements Subcommand {
    private static final String NOW = "--now";
    private static final String GRACE = "--grace";
    private static final String USUAL_GRACE = "30s";

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .header("Ends jobs: a run in one ends in order and keeps what it wrote.")
                .customSynopsis("colla cancel [OPTIONS] JOB...");
        spec.addOption(OptionSpec.builder(GRACE)
                .paramLabel("TIME")
                .type(String.class)
                .description("How long runs may take to end before the batch system ends them. Default: " + USUAL_GRACE
                        + ".")
                .build());
        spec.addOption(OptionSpec.builder(NOW)
                .description("Let the batch system end them at once.")
                .build());
        JobWords.addTo(spec, "JOB");
        return spec;
    }

    @Override
    public int run(ParseResult line, Context context) throws InterruptedException {
        List<String> jobs = JobWords.of(line, "cancel");
        Duration grace = grace(line.matchedOptionValue(GRACE, USUAL_GRACE));
        JobCancellation cancellation =
                new JobCancellation(JobDesk.of(context.loader().environment()));
        try {
            cancellation.cancel(jobs, line.hasMatchedOption(NOW) ? Duration.ZERO : grace);
        } catch (CommandException e) {
            throw new ExitException(ExitCode.REFUSED, String.valueOf(e.getMessage()));
        }
        for (String job : jobs) {
            context.err()
                    .println("colla: job " + job + " " + cancellation.outcomes().get(job));
        }
        return cancellation.allOver() ? ExitCode.OK.number() : ExitCode.JOB_UNKNOWN.number();
    }

    private static Duration grace(String text) {
        try {
            return Quantities.duration(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(GRACE + ": '" + text + "': expected a time, such as 30s or 00:01:00", e);
        }
    }
}

package io.colla.launcher;

import io.colla.api.UsageException;
import io.colla.launcher.config.Quantities;
import io.colla.launcher.jobs.JobDesk;
import io.colla.launcher.jobs.JobView;
import io.colla.launcher.jobs.JobWatch;
import io.colla.platform.JobState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code colla wait}: until jobs are over; its exit code is theirs. */
final class WaitCommand implements Subcommand {
    private static final String TIMEOUT = "--timeout";
    private static final String JSON = "--json";
    private static final String QUIET = "--quiet";

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .header("Waits for jobs; its exit code is theirs.")
                .customSynopsis("colla wait [OPTIONS] JOB...")
                .description(
                        "%n0 when all have succeeded, else the code of the first that has not: its own exit code, 143 when it was"
                                + " cancelled, 124 at its time limit, 72 when a node failed, 74 when nobody knows, 75 when --timeout is over.%n");
        spec.addOption(OptionSpec.builder(TIMEOUT)
                .paramLabel("TIME")
                .type(String.class)
                .description("Wait no longer than this.")
                .build());
        spec.addOption(OptionSpec.builder(JSON)
                .description("Print how they ended, for programs.")
                .build());
        spec.addOption(OptionSpec.builder(QUIET)
                .description("Do not say how they ended.")
                .build());
        JobWords.addTo(spec, "JOB");
        return spec;
    }

    @Override
    public int run(ParseResult line, Context context) throws InterruptedException {
        List<String> jobs = JobWords.of(line, "wait");
        Duration limit = limit(line.matchedOptionValue(TIMEOUT, (String) null));
        JobDesk desk = JobDesk.of(context.loader().environment());
        Map<String, JobView> views = new JobWatch(desk, jobs, view -> {}).await(limit, () -> {});
        int code = 0;
        for (String job : jobs) {
            JobView view = views.get(job);
            int each = view == null ? ExitCode.JOB_UNKNOWN.number() : code(view);
            code = code == 0 ? each : code;
            if (view != null && !line.hasMatchedOption(QUIET) && !line.hasMatchedOption(JSON)) {
                context.err().println("colla: job " + job + " " + words(view));
            }
        }
        if (line.hasMatchedOption(JSON)) {
            context.out()
                    .print(Json.of(jobs.stream()
                            .map(views::get)
                            .filter(view -> view != null)
                            .map(JobsCommand::map)
                            .toList()));
        }
        return code;
    }

    private static int code(JobView view) {
        boolean open = !view.state().ended() && view.state() != JobState.UNKNOWN;
        return open ? ExitCode.STILL_WAITING.number() : view.exitCode(ExitCode.JOB_UNKNOWN.number());
    }

    /** How it stands: {@code has failed: exit code 3}. */
    static String words(JobView view) {
        String state =
                switch (view.state()) {
                    case SUCCEEDED -> "has succeeded";
                    case FAILED -> "has failed";
                    case CANCELLED -> "was cancelled";
                    case TIMED_OUT -> "was ended by its time limit";
                    case NODE_FAILED -> "was ended since a node failed";
                    case UNKNOWN -> "is not known";
                    default -> "is still " + JobsCommand.word(view.state());
                };
        String details = JobsCommand.details(view.info());
        return state + (details.isEmpty() ? "" : ": " + details);
    }

    private static @Nullable Duration limit(@Nullable String text) {
        try {
            return text == null ? null : Quantities.duration(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(
                    TIMEOUT + ": '" + text
                            + "': expected a time: HH:MM:SS, or a number with ms, s, m, h or d, such as 90s",
                    e);
        }
    }
}

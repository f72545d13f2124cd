package io.colla.launcher;

import io.colla.api.UsageException;
import io.colla.launcher.jobs.JobDesk;
import io.colla.launcher.jobs.JobOutput;
import io.colla.launcher.jobs.JobRecord;
import io.colla.launcher.jobs.JobView;
import io.colla.launcher.jobs.JobWatch;
import io.colla.platform.JobState;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code colla logs}: what a job prints, until its end if wanted. */
final class LogsCommand implements Subcommand {
    private static final String FOLLOW = "--follow";

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .header("Shows what a job has printed.")
                .customSynopsis("colla logs [-f] JOB")
                .description("%nOf an array all parts, or the one that is named: 12_3, or 12[3] in PBS.%n");
        spec.addOption(OptionSpec.builder("-f", FOLLOW)
                .description("Go on until the job has ended; wait for it if it has not begun.")
                .build());
        JobWords.addTo(spec, "JOB");
        return spec;
    }

    @Override
    public int run(ParseResult line, Context context) throws InterruptedException, IOException {
        List<String> jobs = JobWords.of(line, "logs");
        if (jobs.size() > 1) {
            throw new UsageException("colla logs shows one job; name " + jobs.get(0) + " or " + jobs.get(1));
        }
        String job = jobs.get(0);
        JobDesk desk = JobDesk.of(context.loader().environment());
        JobRecord record = desk.record(job)
                .orElseThrow(
                        () -> new UsageException(
                                "job " + job
                                        + " was not submitted with Colla by you, so its output is not known; 'colla jobs' lists those that were"));
        JobOutput output = new JobOutput(record, job, context.out());
        if (line.hasMatchedOption(FOLLOW)) {
            JobWatch watch = new JobWatch(desk, List.of(job), view -> tell(view, output, context));
            watch.await(null, output::showNew);
        }
        output.showNew();
        if (output.isEmpty()) {
            JobView view = desk.look(List.of(job)).get(job);
            context.err()
                    .println("colla: job " + job + " has printed nothing"
                            + (view == null ? "" : "; it " + stands(view)));
        }
        return ExitCode.OK.number();
    }

    private static String stands(JobView view) {
        return view.state().ended() || view.state() == JobState.UNKNOWN
                ? WaitCommand.words(view)
                : "is " + JobsCommand.word(view.state()) + reason(view);
    }

    private static String reason(JobView view) {
        String details = JobsCommand.details(view.info());
        return details.isEmpty() ? "" : " (" + details + ")";
    }

    private static void tell(JobView view, JobOutput output, Context context) {
        if (view.state() == JobState.QUEUED || view.state() == JobState.HELD) {
            context.err()
                    .println("colla: the job is " + JobsCommand.word(view.state()) + reason(view)
                            + "; waiting for its output");
        } else if (view.state().ended()) {
            output.showNew();
            context.out().flush();
            context.err().println("colla: the job " + WaitCommand.words(view));
        }
    }
}

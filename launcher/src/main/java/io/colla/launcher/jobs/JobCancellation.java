package io.colla.launcher.jobs;

import io.colla.platform.Commands.CommandException;
import io.colla.platform.JobState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ends jobs: asks their runs to end in order, waits for that, and has the batch system end what has not. Used once. */
public final class JobCancellation {
    /** How long the batch system may take to end a job that it was told to end. */
    private static final Duration FORCED = Duration.ofSeconds(60);

    private final JobDesk desk;
    private final Map<String, String> outcomes = new LinkedHashMap<>();
    private boolean allOver = true;

    public JobCancellation(JobDesk desk) {
        this.desk = desk;
    }

    /**
     * Returns when all are over, or nobody knows more.
     *
     * @param grace how long runs may take; zero to have the batch system end them at once
     * @throws CommandException if the batch system refuses, or does not answer
     */
    public void cancel(List<String> jobs, Duration grace) throws CommandException, InterruptedException {
        List<String> asked = new ArrayList<>();
        List<String> forced = new ArrayList<>();
        List<Map.Entry<String, JobView>> entries =
                new ArrayList<>(desk.look(jobs).entrySet());
        // The end of a job may let another one begin that is to be cancelled too.
        entries.sort(Comparator.comparing(entry -> !waits(entry.getValue())));
        for (Map.Entry<String, JobView> entry : entries) {
            String job = entry.getKey();
            JobView view = entry.getValue();
            if (view.state().ended()) {
                outcomes.put(job, "is over already");
            } else if (view.state() == JobState.UNKNOWN) {
                allOver = false;
                outcomes.put(job, "is not known: " + view.info().status().reason());
            } else if (!grace.isZero() && askToEnd(job, view)) {
                outcomes.put(job, waits(view) ? "was taken out of the queue" : "has ended in order");
                asked.add(job);
            } else {
                force(job, view);
                outcomes.put(job, "was ended by the batch system");
                forced.add(job);
            }
        }
        for (JobView late : await(asked, grace)) {
            force(late.id(), late);
            outcomes.put(late.id(), "has not ended in time, and was ended by the batch system");
            forced.add(late.id());
        }
        for (JobView late : await(forced, FORCED)) {
            allOver = false;
            outcomes.put(late.id(), "has not ended yet; the batch system was told to end it");
        }
    }

    private static boolean waits(JobView view) {
        return view.state() == JobState.QUEUED || view.state() == JobState.HELD;
    }

    /** Of each job, what came of it. */
    public Map<String, String> outcomes() {
        return outcomes;
    }

    public boolean allOver() {
        return allOver;
    }

    /** Whether there is hope that it ends by itself now. */
    private boolean askToEnd(String job, JobView view) throws CommandException {
        JobRecord record = view.record();
        if (record == null) {
            return false; // nobody knows whether what runs there heeds a signal
        }
        boolean whole = JobTraces.indexOf(job).isEmpty();
        if (whole) {
            order(record);
        }
        boolean heard = desk.control(job).cancelInOrder(idOf(job, view));
        return heard || (whole && view.state() == JobState.RUNNING && !record.isArray());
    }

    private static void order(JobRecord record) throws CommandException {
        try {
            JobOrders.tellToEnd(Path.of(record.folder()));
        } catch (IOException e) {
            throw new CommandException("cannot write into the job's folder " + record.folder() + ": " + e.getMessage());
        }
    }

    private void force(String job, JobView view) throws CommandException {
        desk.control(job).cancel(idOf(job, view));
    }

    /** As the batch system wants it. */
    private static String idOf(String job, JobView view) {
        return JobTraces.indexOf(job).isEmpty() ? view.id() : job;
    }

    /** Those that are not over. */
    private List<JobView> await(List<String> jobs, Duration limit) throws InterruptedException {
        if (jobs.isEmpty()) {
            return List.of();
        }
        return new JobWatch(desk, jobs, view -> {})
                .await(limit, () -> {}).values().stream()
                        .filter(view -> !view.state().ended() && view.state() != JobState.UNKNOWN)
                        .toList();
    }
}

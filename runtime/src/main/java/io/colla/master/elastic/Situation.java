package io.colla.master.elastic;

import java.util.List;

/**
 * What a {@link Policy} decides by, at one moment. Times are nanoseconds of one clock with any origin.
 *
 * @param wanted what waits for a worker
 * @param cores of all workers that still take tasks, whoever they belong to
 * @param jobs further jobs that have not ended
 * @param coresOfJob what one more job would bring
 * @param most further jobs that there may be at a time
 */
public record Situation(long now, List<Wanted> wanted, int cores, List<Job> jobs, int coresOfJob, int most) {
    public Situation {
        wanted = List.copyOf(wanted);
        jobs = List.copyOf(jobs);
    }

    /**
     * Tasks that are alike and wait, and that a further job could run.
     *
     * @param tasks how many
     * @param cores that each of them takes, on all its nodes together
     * @param nanos how long such tasks have run; 0 when none has
     * @param stalledNanos how long none of them has begun
     * @param placeable whether a worker that is there will take them sooner or later
     */
    public record Wanted(int tasks, int cores, long nanos, long stalledNanos, boolean placeable) {
        long allCores() {
            return (long) tasks * cores;
        }
    }

    /**
     * A further job.
     *
     * @param number counts the run's jobs, from 1
     * @param idleSince when the last task ended on its workers; only counts when it is idle
     */
    public record Job(int number, Stage stage, boolean idle, long idleSince) {}

    /** The life of a job. */
    public enum Stage {
        /** Waits in the queue. */
        QUEUED,
        /** Runs, and none of its workers has joined yet. */
        STARTING,
        /** Its workers take tasks. */
        WORKING,
        /** Its workers are to take no more tasks and to end. */
        LEAVING
    }
}

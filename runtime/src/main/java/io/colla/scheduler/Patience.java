package io.colla.scheduler;

/**
 * How long a task that finds no room lets others pass. Keeping cores free for it costs about half of the time that tasks take on them, so that is not done more often than every few
 * times as long.
 */
final class Patience {
    private static final long LEAST = 1_000_000_000L;
    private static final int MEAN_TIMES = 3;

    private long nanos = LEAST;
    private double longest;

    /** Looks at what runs. */
    void look(Iterable<TaskClass> classes) {
        double found = 0;
        for (TaskClass c : classes) {
            found = c.coresRunning > 0 ? Math.max(found, c.meanRun()) : found;
        }
        longest = found;
        nanos = (long) Math.max(LEAST, MEAN_TIMES * found);
    }

    long nanos() {
        return nanos;
    }

    /** Mean nanoseconds of those running tasks that take longest; 0 when it is not known. */
    double longest() {
        return longest;
    }
}

package io.colla.scheduler;

import java.util.Arrays;

/**
 * Which worker has time for which task: how long tasks of each kind have run so far, against when the workers end. What has not run yet may begin until the end of a
 * worker; a time limit of its own then stands for how long it may take, where another worker, present or to come, has that much time.
 */
final class Deadlines {
    private static final double NEWEST_WEIGHT = 0.1;
    /** A task whose time is not known does not have to wait on a worker that has less time left. */
    private static final long LONG_BEFORE_ITS_END = 60_000_000_000L;

    private final Workers workers;
    private double[] means = new double[16];
    private int[] samples = new int[16];

    Deadlines(Workers workers) {
        this.workers = workers;
    }

    /** A task of the kind ran so long, to its end or until it was broken off. */
    void ran(int kind, long nanos) {
        if (kind < 0) {
            return;
        }
        if (kind >= means.length) {
            int length = Math.max(kind + 1, means.length * 2);
            means = Arrays.copyOf(means, length);
            samples = Arrays.copyOf(samples, length);
        }
        int count = samples[kind];
        double weight = count < 1 / NEWEST_WEIGHT ? 1.0 / (count + 1) : NEWEST_WEIGHT;
        means[kind] += weight * (nanos - means[kind]);
        samples[kind] = count == Integer.MAX_VALUE ? count : count + 1;
    }

    /** Nanoseconds that such a task takes, going by those that ran; 0 when none has. */
    long known(Schedulable task) {
        int kind = task.kind();
        if (kind < 0 || kind >= means.length || samples[kind] == 0) {
            return 0;
        }
        long mean = (long) Math.max(1, means[kind]);
        return task.limit() > 0 ? Math.min(mean, task.limit()) : mean;
    }

    /** Whether the worker can end the task before it ends itself. */
    boolean inTime(Schedulable task, WorkerSlot slot, long now) {
        if (task.pinned == slot.id) {
            return true;
        }
        if (slot.end == Long.MAX_VALUE || !slot.takesTasks(now)) {
            return !slot.leaving && slot.end == Long.MAX_VALUE;
        }
        long left = slot.end - now;
        long known = known(task);
        if (known > 0) {
            return known <= left;
        }
        long limit = task.limit();
        return limit <= left || longestLeft(now) < limit;
    }

    /** The same for a task that has to wait there for a core. */
    boolean inTimeLater(Schedulable task, WorkerSlot slot, long now) {
        boolean maybe = slot.end == Long.MAX_VALUE || slot.end - now >= LONG_BEFORE_ITS_END || known(task) > 0;
        return maybe && inTime(task, slot, now);
    }

    private long longestLeft(long now) {
        long longest = 0;
        for (int i = 0; i < workers.alive.size(); i++) {
            WorkerSlot slot = workers.slot(workers.alive.at(i));
            long left = slot.end == Long.MAX_VALUE ? Long.MAX_VALUE : slot.end - now;
            longest = Math.max(longest, slot.leaving ? 0 : left);
        }
        for (FutureNodes nodes : workers.future) {
            longest = Math.max(longest, nodes.lasts());
        }
        return longest;
    }
}

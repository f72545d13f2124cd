package io.colla.worker;

import java.util.Arrays;
import java.util.function.Predicate;
import org.jctools.queues.MpmcUnboundedXaddArrayQueue;
import org.jspecify.annotations.Nullable;

/** The ready tasks that take one core and nothing else: a lock-free queue for each priority. Thread-safe. */
final class NarrowTasks {
    private static final int CHUNK = 512;
    private static final int MOST_LANES = 24;

    private record Lane(int priority, MpmcUnboundedXaddArrayQueue<Job> queue) {}

    /** The highest priority first; replaced when one is added. */
    private volatile Lane[] lanes = {};

    /** False if there are too many different priorities. */
    boolean offer(Job job) {
        for (Lane lane : lanes) {
            if (lane.priority == job.priority) {
                return lane.queue.offer(job);
            }
        }
        return addLane(job.priority) && offer(job);
    }

    private synchronized boolean addLane(int priority) {
        Lane[] old = lanes;
        for (Lane lane : old) {
            if (lane.priority == priority) {
                return true;
            }
        }
        if (old.length == MOST_LANES) {
            return false;
        }
        Lane[] more = Arrays.copyOf(old, old.length + 1);
        more[old.length] = new Lane(priority, new MpmcUnboundedXaddArrayQueue<>(CHUNK));
        Arrays.sort(more, (a, b) -> Integer.compare(b.priority, a.priority));
        lanes = more;
        return true;
    }

    /** Takes the next one that has not ended, and makes it run. */
    @Nullable
    Job begin() {
        for (Lane lane : lanes) {
            Job job = lane.queue.poll();
            while (job != null) {
                if (job.move(Job.READY, Job.RUNNING)) {
                    return job;
                }
                job = lane.queue.poll();
            }
        }
        return null;
    }

    /** As {@link #begin}, if the task is a suitable one; null if it is not. */
    @Nullable
    Job beginIf(Predicate<Job> suitable) {
        Job seen = peek();
        if (seen == null || !suitable.test(seen)) {
            return null;
        }
        Job job = begin();
        if (job == null || job == seen || suitable.test(job)) {
            return job;
        }
        // Another thread was faster, and this is the one behind.
        if (job.move(Job.RUNNING, Job.READY)) {
            offer(job);
        }
        return null;
    }

    /** One that {@link #begin} may take next. */
    @Nullable
    Job peek() {
        for (Lane lane : lanes) {
            Job job = lane.queue.peek();
            if (job != null) {
                return job;
            }
        }
        return null;
    }

    boolean isEmpty() {
        for (Lane lane : lanes) {
            if (!lane.queue.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** About how many wait. */
    int size() {
        int total = 0;
        for (Lane lane : lanes) {
            total += lane.queue.size();
        }
        return total;
    }
}

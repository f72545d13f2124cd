package io.colla.scheduler;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All tasks that need the same: one ready queue, one memory of how long they run. Tasks with several implementations have a class per definition, so that
 * the implementations' times can be compared.
 */
public final class TaskClass {
    private static final int FEW_SAMPLES = 2;
    private static final double NEWEST_WEIGHT = 0.1;

    final int id;
    final Requirement[] implementations;
    final ReadyHeap ready = new ReadyHeap();
    /** Those that a worker had no time for before its end; open to all that have. */
    final ReadyHeap late = new ReadyHeap();
    /** Workers whose local heaps hold tasks of this class that others may take. */
    final WorkerSet holders = new WorkerSet();

    int queued;
    /** No worker but those that changed since can take one. */
    boolean blocked;

    boolean feasible;
    /** When a task of this class was last placed, or the queue began to fill. */
    long movedAt;

    int reservations;
    /** Tasks that were sent in advance and could be called back. */
    int recallable;

    /** Cores of its tasks that are placed and not sent in advance; as if all ran by the first implementation. */
    int coresRunning;

    private final double[] meanRun;
    private final int[] samples;

    TaskClass(int id, List<Requirement> implementations) {
        this.id = id;
        this.implementations = implementations.toArray(Requirement[]::new);
        this.meanRun = new double[this.implementations.length];
        this.samples = new int[this.implementations.length];
    }

    /** The first that no worker has as its own. */
    @Nullable
    Schedulable first() {
        Schedulable common = ready.peek();
        Schedulable later = late.peek();
        return later == null || (common != null && common.before(later)) ? common : later;
    }

    /** Cores that a task takes on each of its nodes, or for each of its ranks. */
    int cores() {
        return implementations[0].cores();
    }

    long coresQueued() {
        return queued * implementations[0].allCores();
    }

    /** Whether its tasks have ranks or take several nodes; then this is so for all of its implementations. */
    boolean isGang() {
        return implementations[0].isGang();
    }

    /** The implementation to run on a worker now: the fastest of those that fit, after each has been tried; -1 if none fits. */
    int choose(WorkerSlot worker) {
        int best = -1;
        for (int i = 0; i < implementations.length; i++) {
            if (worker.hasFree(implementations[i], this) && (best < 0 || expected(i) < expected(best))) {
                best = i;
            }
        }
        return best;
    }

    /** The same with what is kept there for another class. */
    int chooseOfAll(WorkerSlot worker) {
        int best = -1;
        for (int i = 0; i < implementations.length; i++) {
            if (worker.hasFree(implementations[i]) && (best < 0 || expected(i) < expected(best))) {
                best = i;
            }
        }
        return best;
    }

    /** The implementation to send ahead to a worker that is full now; -1 if it can never run there. */
    int chooseAhead(WorkerSlot worker) {
        int best = -1;
        for (int i = 0; i < implementations.length; i++) {
            if (implementations[i].fits(worker.capacity) && (best < 0 || expected(i) < expected(best))) {
                best = i;
            }
        }
        return best;
    }

    /** Whether a task, or a part of one, fits on the node as a whole. */
    boolean fitsSomewhereOn(NodeCapacity node) {
        for (Requirement requirement : implementations) {
            if (requirement.fits(node)) {
                return true;
            }
        }
        return false;
    }

    /** The implementations' numbers, the fastest first, after each has been tried. */
    int[] byTime() {
        int[] order = new int[implementations.length];
        for (int i = 1; i < order.length; i++) {
            int at = i;
            for (; at > 0 && expected(i) < expected(order[at - 1]); at--) {
                order[at] = order[at - 1];
            }
            order[at] = i;
        }
        return order;
    }

    /** Whether one of these could run a task, or a part of a task on several. */
    boolean fitsSomewhereOn(FutureNodes nodes) {
        for (Requirement requirement : implementations) {
            if (nodes.asked(requirement).timesOn(nodes.capacity()) > 0) {
                return true;
            }
        }
        return false;
    }

    private double expected(int implementation) {
        return samples[implementation] < FEW_SAMPLES ? samples[implementation] - FEW_SAMPLES : meanRun[implementation];
    }

    void ran(int implementation, long nanos) {
        int count = samples[implementation];
        double weight = count < 1 / NEWEST_WEIGHT ? 1.0 / (count + 1) : NEWEST_WEIGHT;
        meanRun[implementation] += weight * (nanos - meanRun[implementation]);
        if (count < Integer.MAX_VALUE) {
            samples[implementation] = count + 1;
        }
    }

    /** Mean nanoseconds of a run by the fastest implementation known; 0 when nothing has run yet. */
    double meanRun() {
        double mean = 0;
        for (int i = 0; i < meanRun.length; i++) {
            if (samples[i] > 0 && (mean == 0 || meanRun[i] < mean)) {
                mean = Math.max(1, meanRun[i]);
            }
        }
        return mean;
    }
}

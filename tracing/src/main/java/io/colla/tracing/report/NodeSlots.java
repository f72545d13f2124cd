package io.colla.tracing.report;

import java.util.Arrays;

/**
 * The cores of a node, and which tasks had them: a task is on the core that the trace names, if it names one that is free, and else on the free core that has worked least. Cores that the
 * trace does not know of are added when tasks need them.
 */
final class NodeSlots {
    private static final int[] NONE = {};

    private int count;
    private boolean[] taken;
    private long[] worked;
    private long[] freeSince;
    /** How long tasks had been ready when the core became free. */
    private long[] readyWhenFree;

    NodeSlots(int count) {
        this.count = count;
        int room = Math.max(1, count);
        taken = new boolean[room];
        worked = new long[room];
        freeSince = new long[room];
        readyWhenFree = new long[room];
        Arrays.fill(freeSince, -1);
    }

    /** Told how long a core had been without a task before one came. */
    interface Gaps {
        /**
         * A core has a task again.
         *
         * @param idle since its last
         * @param ready how long of that there were tasks that could have run
         */
        void gap(long idle, long ready);
    }

    int count() {
        return count;
    }

    long worked(int slot) {
        return worked[slot];
    }

    /**
     * Takes cores for a task.
     *
     * @param wanted the place of the first among the node's cores; less than 0 if that is not known
     * @param ready how long tasks have been ready so far
     */
    int[] take(int wanted, int cores, long time, long ready, Gaps gaps) {
        if (cores <= 0) {
            return NONE;
        }
        int[] slots = new int[cores];
        for (int i = 0; i < cores; i++) {
            int preferred = wanted >= 0 && wanted + i < count && !taken[wanted + i] ? wanted + i : leastWorked();
            slots[i] = preferred;
            taken[preferred] = true;
            if (freeSince[preferred] >= 0) {
                gaps.gap(time - freeSince[preferred], ready - readyWhenFree[preferred]);
            }
        }
        return slots;
    }

    private int leastWorked() {
        int best = -1;
        for (int i = 0; i < count; i++) {
            if (!taken[i] && (best < 0 || worked[i] < worked[best])) {
                best = i;
            }
        }
        if (best >= 0) {
            return best;
        }
        if (count == taken.length) {
            taken = Arrays.copyOf(taken, count * 2);
            worked = Arrays.copyOf(worked, count * 2);
            freeSince = Arrays.copyOf(freeSince, count * 2);
            Arrays.fill(freeSince, count, count * 2, -1);
            readyWhenFree = Arrays.copyOf(readyWhenFree, count * 2);
        }
        return count++;
    }

    /** The task is over that had these, after so long. */
    void free(int[] slots, long lasted, long time, long ready) {
        for (int slot : slots) {
            taken[slot] = false;
            worked[slot] += lasted;
            freeSince[slot] = time;
            readyWhenFree[slot] = ready;
        }
    }
}

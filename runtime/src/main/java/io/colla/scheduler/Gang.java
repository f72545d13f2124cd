package io.colla.scheduler;

/**
 * The workers that a task on several nodes, or with ranks, is placed on. Its arrays are not to be changed.
 *
 * @param workers the first one runs it
 * @param ranks how many ranks each of them has; empty for a task without ranks
 * @param needs what it takes on each of them
 */
public record Gang(int[] workers, int[] ranks, Requirement[] needs) {
    public int size() {
        return workers.length;
    }

    public boolean has(int worker) {
        for (int member : workers) {
            if (member == worker) {
                return true;
            }
        }
        return false;
    }

    /** Of ranks on whole nodes: what each has where they are densest. 0 without ranks. */
    public int coresPerRank() {
        int least = ranks.length == 0 ? 0 : Integer.MAX_VALUE;
        for (int i = 0; i < ranks.length; i++) {
            least = Math.min(least, needs[i].cores() / ranks[i]);
        }
        return least;
    }

    /** On all of its workers together. */
    int cores() {
        int cores = 0;
        for (Requirement need : needs) {
            cores += need.cores();
        }
        return cores;
    }
}

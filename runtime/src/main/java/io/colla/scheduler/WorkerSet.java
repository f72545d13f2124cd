package io.colla.scheduler;

import java.util.Arrays;

/** A set of small ints with O(1) add, remove and indexed access, in no particular but a deterministic order. */
final class WorkerSet {
    private int[] members = new int[8];
    private int[] positions = new int[8];
    private int size;

    WorkerSet() {
        Arrays.fill(positions, -1);
    }

    int size() {
        return size;
    }

    int at(int index) {
        return members[index];
    }

    boolean contains(int worker) {
        return worker < positions.length && positions[worker] >= 0;
    }

    void add(int worker) {
        if (contains(worker)) {
            return;
        }
        if (worker >= positions.length) {
            int old = positions.length;
            positions = Arrays.copyOf(positions, Math.max(worker + 1, old * 2));
            Arrays.fill(positions, old, positions.length, -1);
        }
        if (size == members.length) {
            members = Arrays.copyOf(members, size * 2);
        }
        positions[worker] = size;
        members[size++] = worker;
    }

    void remove(int worker) {
        if (!contains(worker)) {
            return;
        }
        int hole = positions[worker];
        int last = members[--size];
        members[hole] = last;
        positions[last] = hole;
        positions[worker] = -1;
    }

    void clear() {
        while (size > 0) {
            positions[members[--size]] = -1;
        }
    }
}

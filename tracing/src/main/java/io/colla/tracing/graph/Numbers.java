package io.colla.tracing.graph;

import java.util.Arrays;

/** A list of ints, as large graphs have many. */
final class Numbers {
    private int[] values = new int[16];
    private int size;

    int size() {
        return size;
    }

    int get(int index) {
        return values[index];
    }

    void set(int index, int value) {
        values[index] = value;
    }

    void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size + (size >> 1) + 1);
        }
        values[size++] = value;
    }

    /** Grows with zeros to hold an index. */
    void reach(int index) {
        while (size <= index) {
            add(0);
        }
    }

    void clear() {
        size = 0;
    }
}

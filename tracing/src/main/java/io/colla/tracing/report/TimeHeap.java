package io.colla.tracing.report;

import java.util.Arrays;

/** Times with a number each, the earliest first. Not thread-safe. */
final class TimeHeap {
    private long[] times = new long[4];
    private int[] numbers = new int[4];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    /** The earliest time. */
    long time() {
        return times[0];
    }

    /** The number of the earliest. */
    int number() {
        return numbers[0];
    }

    void add(long time, int number) {
        if (size == times.length) {
            times = Arrays.copyOf(times, size * 2);
            numbers = Arrays.copyOf(numbers, size * 2);
        }
        int at = size++;
        while (at > 0 && times[(at - 1) / 2] > time) {
            put(at, (at - 1) / 2);
            at = (at - 1) / 2;
        }
        times[at] = time;
        numbers[at] = number;
    }

    void remove() {
        long time = times[--size];
        int number = numbers[size];
        int at = 0;
        while (2 * at + 1 < size) {
            int child = 2 * at + 1;
            if (child + 1 < size && times[child + 1] < times[child]) {
                child++;
            }
            if (times[child] >= time) {
                break;
            }
            put(at, child);
            at = child;
        }
        times[at] = time;
        numbers[at] = number;
    }

    private void put(int at, int from) {
        times[at] = times[from];
        numbers[at] = numbers[from];
    }
}

package io.colla.tracing.report;

import java.util.Arrays;

/**
 * The distribution of durations: exact for the first {@value #EXACT}, then counted in classes of at most {@code 1/64} of their value, so that a quantile is right to 0.8 %. Not
 * thread-safe.
 */
final class Quantiles {
    private static final int EXACT = 1024;
    private static final int PARTS_BITS = 7;
    private static final int PARTS = 1 << PARTS_BITS;

    private long[] exact = new long[16];
    /** Empty where nothing was counted. */
    private long[][] classes = {};

    private long count;
    private double mean;
    private double squares;
    private long total;
    private long least = Long.MAX_VALUE;
    private long most;

    /** @param value at least 0 */
    void add(long value) {
        if (count < EXACT) {
            if (count == exact.length) {
                exact = Arrays.copyOf(exact, exact.length * 2);
            }
            exact[(int) count] = value;
        } else {
            if (count == EXACT) {
                classes = new long[Long.SIZE][0];
                for (long before : exact) {
                    classify(before);
                }
                exact = new long[0];
            }
            classify(value);
        }
        count++;
        total += value;
        double off = value - mean;
        mean += off / count;
        squares += off * (value - mean);
        least = Math.min(least, value);
        most = Math.max(most, value);
    }

    private void classify(long value) {
        int power = Long.SIZE - Long.numberOfLeadingZeros(value >>> PARTS_BITS);
        long[] parts = classes[power];
        if (parts.length == 0) {
            parts = new long[PARTS];
            classes[power] = parts;
        }
        parts[(int) (value >>> power)]++;
    }

    long count() {
        return count;
    }

    long total() {
        return total;
    }

    /** 0 if there are none. */
    double mean() {
        return mean;
    }

    long most() {
        return most;
    }

    /** Standard deviation by mean; 0 if there are fewer than two. */
    double variation() {
        return count < 2 || mean <= 0 ? 0 : Math.sqrt(squares / (count - 1)) / mean;
    }

    /** The least value that is not below {@code part} of all; 0 if there are none. */
    long quantile(double part) {
        if (count == 0) {
            return 0;
        }
        long rank = Math.max(1, (long) Math.ceil(part * count - 1e-9));
        if (count <= EXACT) {
            long[] sorted = Arrays.copyOf(exact, (int) count);
            Arrays.sort(sorted);
            return sorted[(int) rank - 1];
        }
        long passed = 0;
        for (int power = 0; power < classes.length; power++) {
            long[] parts = classes[power];
            for (int i = 0; i < parts.length; i++) {
                passed += parts[i];
                if (passed >= rank) {
                    long middle = ((long) i << power) + (power == 0 ? 0 : 1L << (power - 1));
                    return Math.max(least, Math.min(most, middle));
                }
            }
        }
        return most;
    }
}

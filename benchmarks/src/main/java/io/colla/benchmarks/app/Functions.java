package io.colla.benchmarks.app;

import java.util.Arrays;

/** The tasks' bodies: next to nothing, so that what remains is the runtime's share. */
final class Functions {
    private static final int STEPS = 600_000;

    private Functions() {}

    static void nothing() {}

    /** Works for about a millisecond, on a core of its own: always the same steps, so that it takes longer where the runtime takes time from it. */
    static void millisecond() {
        long state = 88172645463325252L;
        for (int i = 0; i < STEPS; i++) {
            state ^= state << 13;
            state ^= state >>> 7;
            state ^= state << 17;
        }
        if (state == 0) {
            throw new IllegalStateException("this generator never comes to 0");
        }
    }

    static int add(int a, int b) {
        return a + b;
    }

    static int same(int a) {
        return a;
    }

    static double sum(double[] values) {
        return Arrays.stream(values).sum();
    }

    static double[] ones(int length) {
        double[] values = new double[length];
        Arrays.fill(values, 1);
        return values;
    }

    static void check(double expected, double actual) {
        if (expected != actual) {
            throw new IllegalStateException("the result is " + actual + " instead of " + expected);
        }
    }
}

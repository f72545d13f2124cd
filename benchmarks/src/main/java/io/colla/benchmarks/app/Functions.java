package io.colla.benchmarks.app;

import java.util.Arrays;

/** The tasks' bodies: next to nothing, so that what remains is the runtime's share. */
final class Functions {
    private Functions() {}

    static void nothing() {}

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

package io.colla.benchmarks;

import java.util.Locale;

/** What a row's values are, and which way is better. */
enum Unit {
    SECONDS("s", false, "%,.3f"),
    PER_SECOND("/s", true, "%,.0f"),
    MICROSECONDS("µs", false, "%,.1f"),
    BYTES("bytes", false, "%,.0f");

    final String symbol;
    final boolean moreIsBetter;
    private final String format;

    Unit(String symbol, boolean moreIsBetter, String format) {
        this.symbol = symbol;
        this.moreIsBetter = moreIsBetter;
        this.format = format;
    }

    String show(double value) {
        return String.format(Locale.ROOT, format, value);
    }

    /** How many times better a value is than the other. */
    double advantage(double value, double other) {
        return moreIsBetter ? value / other : other / value;
    }
}

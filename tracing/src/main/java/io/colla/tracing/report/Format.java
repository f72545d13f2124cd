package io.colla.tracing.report;

import java.util.Locale;

/** Figures for people: three digits, the unit that fits. */
final class Format {
    private static final double THOUSAND = 1e3;
    private static final double MILLION = 1e6;
    private static final double BILLION = 1e9;
    private static final long MINUTE = 60;
    private static final long HOUR = 3600;

    private Format() {}

    /** {@code 850 ns}, {@code 1.25 µs}, {@code 12.3 ms}, {@code 5.00 s}, {@code 4:05 min}, {@code 1:02:03 h}. */
    static String time(double nanos) {
        double size = Math.abs(nanos);
        if (size < 999.5) {
            return String.format(Locale.ROOT, "%.0f ns", nanos);
        }
        if (size < 999.5 * THOUSAND) {
            return digits(nanos / THOUSAND) + " µs";
        }
        if (size < 999.5 * MILLION) {
            return digits(nanos / MILLION) + " ms";
        }
        if (size < 99.95 * BILLION) {
            return digits(nanos / BILLION) + " s";
        }
        long seconds = Math.round(size / BILLION);
        String sign = nanos < 0 ? "-" : "";
        if (seconds < HOUR) {
            return String.format(Locale.ROOT, "%s%d:%02d min", sign, seconds / MINUTE, seconds % MINUTE);
        }
        return String.format(
                Locale.ROOT, "%s%d:%02d:%02d h", sign, seconds / HOUR, seconds / MINUTE % MINUTE, seconds % MINUTE);
    }

    /** {@code 12 B}, {@code 1.25 kB}, {@code 3.40 GB}: powers of 1000. */
    static String bytes(double bytes) {
        String[] units = {" B", " kB", " MB", " GB", " TB", " PB"};
        double left = bytes;
        int unit = 0;
        while (left >= 999.5 && unit < units.length - 1) {
            left /= THOUSAND;
            unit++;
        }
        return (unit == 0 ? String.format(Locale.ROOT, "%.0f", left) : digits(left)) + units[unit];
    }

    /** {@code 71 %}, {@code 3.1 %}, {@code 0 %}. */
    static String percent(double part) {
        double percent = part * 100;
        if (percent >= 9.95 || percent == 0) {
            return String.format(Locale.ROOT, "%.0f %%", percent);
        }
        return percent < 0.05 ? "<0.1 %" : String.format(Locale.ROOT, "%.1f %%", percent);
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    static String plural(long number, String noun) {
        return count(number) + " " + noun + (number == 1 ? "" : "s");
    }

    /** {@code 0.31}, {@code 12.5}, {@code 1,234}. */
    static String number(double number) {
        return Math.abs(number) >= 999.5 ? count(Math.round(number)) : digits(number);
    }

    private static String digits(double number) {
        double size = Math.abs(number);
        return String.format(Locale.ROOT, size < 9.995 ? "%.2f" : size < 99.95 ? "%.1f" : "%.0f", number);
    }
}

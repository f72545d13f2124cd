package io.colla.launcher.config;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and durations as people write them. */
public final class Quantities {
    private static final String UNITS = "KMGT";

    private Quantities() {}

    /**
     * {@code 512m}, {@code 4g}, {@code 1.5G}, {@code 4GiB}, {@code 1073741824}: bytes; the letters are powers of 1,024, as {@code java -Xmx} and Slurm
     * have them.
     *
     * @throws IllegalArgumentException for anything else, zero, or more than a long holds
     */
    public static long bytes(String text) {
        String lower = text.toUpperCase(Locale.ROOT);
        int end = lower.length();
        if (lower.endsWith("IB")) {
            end -= 2;
        } else if (lower.endsWith("B")) {
            end -= 1;
        }
        int power = end > 0 ? UNITS.indexOf(lower.charAt(end - 1)) + 1 : 0;
        if (power > 0) {
            end--;
        }
        double number = plainNumber(lower.substring(0, end));
        double bytes = number * Math.pow(1024, power);
        if (!(bytes >= 1) || bytes > Long.MAX_VALUE / 2) {
            throw new IllegalArgumentException(text);
        }
        return (long) bytes;
    }

    /** The shortest exact way to write it that {@link #bytes} reads: {@code 4g}, {@code 1536m}. */
    public static String bytes(long bytes) {
        long value = bytes;
        int power = 0;
        while (power < UNITS.length() && value != 0 && value % 1024 == 0) {
            value /= 1024;
            power++;
        }
        return power == 0
                ? Long.toString(value)
                : value + UNITS.substring(power - 1, power).toLowerCase(Locale.ROOT);
    }

    /** For people: {@code 23.4 GiB}. */
    public static String roughly(long bytes) {
        double value = bytes;
        int power = 0;
        while (value >= 1024 && power < UNITS.length()) {
            value /= 1024;
            power++;
        }
        return power == 0
                ? bytes + " B"
                : String.format(
                        Locale.ROOT, value < 10 ? "%.1f %siB" : "%.0f %siB", value, UNITS.substring(power - 1, power));
    }

    private static final class Forms {
        static final Pattern CLOCK = Pattern.compile("(?:(\\d{1,4})-)?(?:(\\d{1,5}):)?(\\d{1,5}):(\\d{1,5})");
        static final Pattern UNIT = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(ms|s|m|h|d)");
    }

    /**
     * {@code HH:MM:SS}, {@code MM:SS}, {@code D-HH:MM:SS} (Slurm's way), or a number with {@code ms}, {@code s}, {@code m}, {@code h}, {@code d}.
     *
     * @throws IllegalArgumentException for anything else, and for zero
     */
    public static Duration duration(String text) {
        Duration duration = parseDuration(text);
        if (duration.isZero()) {
            throw new IllegalArgumentException(text);
        }
        return duration;
    }

    private static Duration parseDuration(String text) {
        Matcher clock = Forms.CLOCK.matcher(text);
        if (clock.matches()) {
            return Duration.ofDays(whole(clock.group(1)))
                    .plusHours(whole(clock.group(2)))
                    .plusMinutes(whole(clock.group(3)))
                    .plusSeconds(whole(clock.group(4)));
        }
        Matcher unit = Forms.UNIT.matcher(text);
        if (!unit.matches()) {
            throw new IllegalArgumentException(text);
        }
        double factor =
                switch (unit.group(2)) {
                    case "ms" -> 1;
                    case "s" -> 1_000;
                    case "m" -> 60_000;
                    case "h" -> 3_600_000;
                    default -> 86_400_000;
                };
        return Duration.ofMillis(Math.round(Double.parseDouble(unit.group(1)) * factor));
    }

    /** As {@link #duration(String)} reads it: {@code 10s}, {@code 01:30:00}. */
    public static String duration(Duration duration) {
        if (duration.toMillis() % 1000 != 0) {
            return duration.toMillis() + "ms";
        }
        long seconds = duration.toSeconds();
        if (seconds < 60) {
            return seconds + "s";
        }
        return pad(seconds / 3600) + ':' + pad(seconds / 60 % 60) + ':' + pad(seconds % 60);
    }

    private static String pad(long number) {
        return number < 10 ? "0" + number : Long.toString(number);
    }

    private static long whole(@org.jspecify.annotations.Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private static double plainNumber(String digits) {
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if ((c < '0' || c > '9') && c != '.') {
                throw new IllegalArgumentException(digits);
            }
        }
        return Double.parseDouble(digits);
    }
}

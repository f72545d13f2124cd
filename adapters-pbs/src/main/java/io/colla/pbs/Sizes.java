package io.colla.pbs;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts as PBS writes them. */
final class Sizes {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,18})([kmgtp]?)([bw]?)");
    private static final int WORD = 8;

    private Sizes() {}

    /** {@code 204800kb}, {@code 2gb}, {@code 512mw} (words of eight bytes), {@code 1000}; 0 for what is no size, or is too large for one. */
    static long bytes(String text) {
        Matcher size = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!size.matches()) {
            return 0;
        }
        int power = size.group(2).isEmpty() ? 0 : "kmgtp".indexOf(size.group(2)) + 1;
        try {
            long unit = (1L << 10 * power) * (size.group(3).equals("w") ? WORD : 1);
            return Math.multiplyExact(Long.parseLong(size.group(1)), unit);
        } catch (ArithmeticException e) {
            return 0;
        }
    }

    /** {@code 48:00:00}, {@code 10:00}, {@code 3600}: seconds; -1 for what is no time. */
    static long seconds(String text) {
        String time = text.strip();
        if (!time.matches("\\d{1,9}(:\\d{1,2}){0,2}")) {
            return -1;
        }
        long seconds = 0;
        for (String part : time.split(":")) {
            seconds = seconds * 60 + Long.parseLong(part);
        }
        return seconds;
    }
}

package io.colla.api;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts of memory as people write them; units are powers of 1024. */
public final class Memory {
    private static final Pattern AMOUNT =
            Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([KMGTP]?)(?:i?B)?", Pattern.CASE_INSENSITIVE);
    private static final String UNITS = "KMGTP";

    private Memory() {}

    /**
     * Bytes of {@code 500M}, {@code 1.5G}, {@code 4GiB} or {@code 1024} (bytes).
     *
     * @throws UsageException if it is none of these
     */
    public static long parse(String text) {
        Matcher matcher = AMOUNT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new UsageException("'" + text + "' is not an amount of memory; write it as 500M or 4G");
        }
        String unit = matcher.group(2).toUpperCase(Locale.ROOT);
        int power = unit.isEmpty() ? 0 : UNITS.indexOf(unit) + 1;
        double bytes = Double.parseDouble(matcher.group(1)) * Math.pow(1024, power);
        if (bytes > Long.MAX_VALUE) {
            throw new UsageException("'" + text + "' is more memory than there can be; write it as 500M or 4G");
        }
        return (long) bytes;
    }

    /** The amount with one decimal at most, as {@code 1.5G}. */
    public static String format(long bytes) {
        double amount = bytes;
        int power = 0;
        while (amount >= 1024 && power < UNITS.length()) {
            amount /= 1024;
            power++;
        }
        String number =
                amount == Math.rint(amount) ? Long.toString((long) amount) : String.format(Locale.ROOT, "%.1f", amount);
        return power == 0 ? number : number + UNITS.charAt(power - 1);
    }
}

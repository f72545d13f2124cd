package io.colla.launcher.compss;

import io.colla.api.UsageException;
import io.colla.launcher.compss.CompssLine.Given;
import java.nio.file.Path;
import java.util.Locale;

/** Values as the original writes them, in our units. */
final class Values {
    private static final int MOST_DIGITS = 9;

    private Values() {}

    /** Minutes as {@code HH:MM:SS}. */
    static String clock(String name, String minutes) {
        long number = number(name, minutes, "minutes", "30");
        return String.format(Locale.ROOT, "%02d:%02d:00", number / 60, number % 60);
    }

    static String seconds(Given given) {
        return number(given.name(), given.value(), "seconds", "3600") + "s";
    }

    /** A number of megabytes; with a unit, it is left as it is. */
    static String megabytes(Given given) {
        String value = given.value().replace(" ", "");
        if (value.matches("(?i)\\d+(\\.\\d+)?[kmgt](i?b)?")) {
            return value.toLowerCase(Locale.ROOT);
        }
        return number(given.name(), value, "megabytes", "32000") + "m";
    }

    /** {@code 43001,43005} as {@code 43001-43005}. */
    static String ports(Given given) {
        if (!given.value().matches("\\d{1,5}[,-]\\d{1,5}")) {
            throw wrong(given.name(), given.value(), "two ports", "43001,43005");
        }
        return given.value().replace(',', '-');
    }

    static long number(String name, String text, String unit, String example) {
        boolean plain =
                !text.isEmpty() && text.length() <= MOST_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!plain || Long.parseLong(text) == 0) {
            throw wrong(name, text, "a whole number of " + unit, example);
        }
        return Long.parseLong(text);
    }

    static UsageException wrong(String name, String text, String expected, String example) {
        return new UsageException(
                name + ": '" + text + "': expected " + expected + ", such as " + name + "=" + example);
    }

    /** {@code path} as it is seen from the working folder. A folder's {@code /*} stays. */
    static String absolute(Path directory, String path) {
        if (path.endsWith("/*") || path.equals("*")) {
            return directory.resolve(path.substring(0, path.length() - 1)).normalize() + "/*";
        }
        return directory.resolve(path).normalize().toString();
    }
}

package io.colla.launcher.compss;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Text for a POSIX shell. */
public final class Shell {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private Shell() {}

    /** The word as the shell reads it back unchanged. */
    public static String quote(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    static String line(List<String> words) {
        return words.stream().map(Shell::quote).collect(Collectors.joining(" "));
    }

    /** Sets a variable that is a list, with {@code value} in front of what it has. */
    static String inFront(String variable, String value, String separator) {
        return "export " + variable + "=" + quote(value) + "\"${" + variable + ":+" + separator + "$" + variable
                + "}\"";
    }

    /** The same, with {@code value} behind. */
    static String behind(String variable, String value, String separator) {
        return "export " + variable + "=\"${" + variable + ":+$" + variable + separator + "}\"" + quote(value);
    }

    static String source(String script) {
        return ". " + quote(script);
    }
}

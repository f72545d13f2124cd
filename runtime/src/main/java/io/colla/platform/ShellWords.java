package io.colla.platform;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Words for a POSIX shell, so that it takes them as they are. */
public final class ShellWords {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private ShellWords() {}

    /** The word, in single quotes where it needs any. Everything but NUL arrives unchanged, newlines too. */
    public static String quote(String word) {
        return PLAIN.matcher(word).matches() ? word : inQuotes(word);
    }

    /** The word in single quotes, whether or not it needs any. */
    public static String inQuotes(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    public static String quote(List<String> words) {
        return words.stream().map(ShellWords::quote).collect(Collectors.joining(" "));
    }
}

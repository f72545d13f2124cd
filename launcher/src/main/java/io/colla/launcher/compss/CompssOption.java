package io.colla.launcher.compss;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One row of the table {@code options.txt}.
 *
 * @param section the heading that help shows it under
 * @param names all its spellings, the usual one first
 * @param value placeholder of its value; empty when it takes none
 * @param optional whether the value may be left out
 * @param off values, in lower case, that ask for nothing
 * @param what a flag of ours, or one of the words that the table explains
 * @param words what becomes of it, or what to use instead
 */
record CompssOption(
        String section,
        List<String> names,
        String value,
        boolean optional,
        Set<String> off,
        String what,
        String words) {
    String name() {
        return names.get(0);
    }

    boolean isCalled(String name) {
        String plain = plain(name);
        return names.stream().anyMatch(each -> plain(each).equals(plain));
    }

    /** Dashes and underscores are not told apart. */
    private static String plain(String name) {
        return name.startsWith("--") ? "--" + name.substring(2).replace('-', '_') : name;
    }

    boolean isOff(String given) {
        return off.contains(given.toLowerCase(Locale.ROOT));
    }

    /** Whether it is handed on as a flag of ours with the same value. */
    boolean isPassed() {
        return what.startsWith("--");
    }

    /** {@code --graph[=BOOL]}. */
    String usage() {
        String usual = String.join(", ", names);
        return value.isEmpty() ? usual : usual + (optional ? "[=" + value + "]" : "=" + value);
    }
}

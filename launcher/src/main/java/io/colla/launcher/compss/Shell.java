package io.colla.launcher.compss;

import io.colla.platform.ShellWords;

/** Commands for a POSIX shell. */
final class Shell {
    private Shell() {}

    /** Sets a variable that is a list, with {@code value} in front of what it has. */
    static String inFront(String variable, String value, String separator) {
        return "export " + variable + "=" + ShellWords.quote(value) + "\"${" + variable + ":+" + separator + "$"
                + variable + "}\"";
    }

    /** The same, with {@code value} behind. */
    static String behind(String variable, String value, String separator) {
        return "export " + variable + "=\"${" + variable + ":+$" + variable + separator + "}\""
                + ShellWords.quote(value);
    }

    static String source(String script) {
        return ". " + ShellWords.quote(script);
    }
}

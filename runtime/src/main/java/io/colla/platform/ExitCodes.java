package io.colla.platform;

import java.util.Map;

/** Exit codes in words. */
public final class ExitCodes {
    private static final Map<Integer, String> SIGNALS = Map.ofEntries(
            Map.entry(1, "HUP"),
            Map.entry(2, "INT"),
            Map.entry(3, "QUIT"),
            Map.entry(4, "ILL"),
            Map.entry(6, "ABRT"),
            Map.entry(7, "BUS"),
            Map.entry(8, "FPE"),
            Map.entry(9, "KILL"),
            Map.entry(11, "SEGV"),
            Map.entry(13, "PIPE"),
            Map.entry(14, "ALRM"),
            Map.entry(15, "TERM"),
            Map.entry(24, "XCPU"),
            Map.entry(25, "XFSZ"));

    private ExitCodes() {}

    /** Such as {@code exit code 3}, or {@code killed by signal 9 (KILL)} for 137, as shells and the JDK count signals. */
    public static String describe(int code) {
        if (code <= 128 || code > 128 + 64) {
            return "exit code " + code;
        }
        int signal = code - 128;
        String name = SIGNALS.get(signal);
        return "killed by signal " + signal + (name == null ? "" : " (" + name + ")");
    }

    /** Such as {@code it ended with exit code 3} or {@code it was killed by signal 9 (KILL)}. */
    public static String ended(int code) {
        String how = describe(code);
        return how.startsWith("killed") ? "it was " + how : "it ended with " + how;
    }
}

package io.colla.launcher.site;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The name of a host, for patterns such as {@code login*.site.example}.
 *
 * @param name as the machine has it, with or without its domain
 * @param whole finds the name with its domain; asked only when a pattern has one and the name has none
 */
public record HostName(String name, Supplier<String> whole) {
    private static final Path FILE = Path.of("/proc/sys/kernel/hostname");

    static HostName ofMachine() {
        try {
            return new HostName(Files.readString(FILE).strip(), HostName::canonical);
        } catch (IOException e) {
            return new HostName("", () -> "");
        }
    }

    private static String canonical() {
        try {
            return InetAddress.getLocalHost().getCanonicalHostName();
        } catch (UnknownHostException e) {
            return "";
        }
    }

    /** A star stands for anything, a question mark for one character. A pattern without a domain is for the name without one. */
    boolean matches(String pattern) {
        if (name.isEmpty()) {
            return false;
        }
        if (!pattern.contains(".")) {
            int dot = name.indexOf('.');
            return regex(pattern)
                    .matcher(dot < 0 ? name : name.substring(0, dot))
                    .matches();
        }
        return regex(pattern).matcher(name.contains(".") ? name : whole.get()).matches();
    }

    private static Pattern regex(String pattern) {
        StringBuilder out = new StringBuilder();
        for (char c : pattern.toCharArray()) {
            out.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString(c)));
        }
        return Pattern.compile(out.toString(), Pattern.CASE_INSENSITIVE);
    }
}

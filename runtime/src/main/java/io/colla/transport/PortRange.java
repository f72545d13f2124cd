package io.colla.transport;

import io.colla.api.UsageException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ports that a process may listen on, both ends included; {@link #ANY} lets the system choose. */
public record PortRange(int from, int to) {
    public static final PortRange ANY = new PortRange(0, 0);

    private static final Pattern FORM = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");

    public PortRange {
        if (from < 0 || to < from || to > 65535 || (from == 0 && to > 0)) {
            throw new IllegalArgumentException("no range of ports: " + from + "-" + to);
        }
    }

    /**
     * Reads {@code 7000}, {@code 7000-7010}, or {@code 0} for any.
     *
     * @param option how the user gave it, for the message
     */
    public static PortRange parse(String text, String option) {
        Matcher matcher = FORM.matcher(text.strip());
        if (matcher.matches()) {
            int from = Integer.parseInt(matcher.group(1));
            int to = matcher.group(2) == null ? from : Integer.parseInt(matcher.group(2));
            if (from <= to && to <= 65535 && (from > 0 || to == 0)) {
                return new PortRange(from, to);
            }
        }
        throw new UsageException(option + " is \"" + text
                + "\": give a port (7000) or a range (7000-7010), within 1 to 65535, or 0 for any");
    }

    @Override
    public String toString() {
        return from == to ? Integer.toString(from) : from + "-" + to;
    }
}

package io.colla.launcher.config;

/** TCP ports that may be listened on, both ends included. {@code 0-0} stands for any that is free. */
public record PortRange(int from, int to) {
    public static final PortRange ANY = new PortRange(0, 0);

    /** {@code 20000-20999}, {@code 20000}, {@code any}. */
    public static PortRange parse(String text) {
        if (text.equals("any")) {
            return ANY;
        }
        int dash = text.indexOf('-');
        int from = Integer.parseInt(dash < 0 ? text : text.substring(0, dash));
        int to = dash < 0 ? from : Integer.parseInt(text.substring(dash + 1));
        if (from < 1 || to < from || to > 65535) {
            throw new IllegalArgumentException(text);
        }
        return new PortRange(from, to);
    }
}

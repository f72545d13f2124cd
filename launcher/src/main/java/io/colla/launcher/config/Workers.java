package io.colla.launcher.config;

/**
 * Where workers run: {@code auto}, {@code embedded} or {@code local:K}.
 *
 * @param kind which of these
 * @param count K for {@link Kind#LOCAL}; else 0
 */
public record Workers(Kind kind, int count) {
    /** The three ways. */
    public enum Kind {
        /** One worker JVM on every node of the allocation; embedded when there is only this machine. */
        AUTO,
        /** In the launcher's own JVM. */
        EMBEDDED,
        /** K worker JVMs on this machine. */
        LOCAL
    }

    /** @throws IllegalArgumentException for anything but the three forms */
    public static Workers parse(String text) {
        if (text.equals("auto")) {
            return new Workers(Kind.AUTO, 0);
        }
        if (text.equals("embedded")) {
            return new Workers(Kind.EMBEDDED, 0);
        }
        if (!text.startsWith("local:")) {
            throw new IllegalArgumentException(text);
        }
        int count = Integer.parseInt(text.substring("local:".length()));
        if (count < 1 || count > 1024) {
            throw new IllegalArgumentException(text);
        }
        return new Workers(Kind.LOCAL, count);
    }
}

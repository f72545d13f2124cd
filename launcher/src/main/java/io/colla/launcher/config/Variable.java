package io.colla.launcher.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An environment variable for the tasks.
 *
 * @param name its name
 * @param value its value; null: the one that it has where {@code colla run} was called
 */
public record Variable(String name, @Nullable String value) {
    /** {@code NAME} or {@code NAME=VALUE}. */
    public static Variable parse(String text) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        if (name.isEmpty() || !isName(name)) {
            throw new IllegalArgumentException(text);
        }
        return new Variable(name, equals < 0 ? null : text.substring(equals + 1));
    }

    /** What it is, given where {@code colla run} was called; null when it is not set there either. */
    public @Nullable String resolve(Map<String, String> environment) {
        return value == null ? environment.get(name) : value;
    }

    private static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            if (!letter && !(i > 0 && c >= '0' && c <= '9')) {
                return false;
            }
        }
        return true;
    }
}

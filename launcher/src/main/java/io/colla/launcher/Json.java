package io.colla.launcher;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes JSON (RFC 8259) for other programs to read: maps, lists, strings, numbers, booleans, null; anything else as its text. */
final class Json {
    private final StringBuilder out = new StringBuilder();

    private Json() {}

    /** Indented by two spaces, with a newline at the end. */
    static String of(@Nullable Object value) {
        Json json = new Json();
        json.write(value, "\n");
        return json.out.append('\n').toString();
    }

    private void write(@Nullable Object value, String newline) {
        if (value instanceof Map<?, ?> map) {
            writeMap(map, newline);
        } else if (value instanceof List<?> list) {
            writeList(list, newline);
        } else if (value == null || value instanceof Boolean || isFinite(value)) {
            out.append(value);
        } else {
            writeText(value.toString());
        }
    }

    private static boolean isFinite(Object value) {
        return value instanceof Number number
                && !Double.isNaN(number.doubleValue())
                && !Double.isInfinite(number.doubleValue());
    }

    private void writeMap(Map<?, ?> map, String newline) {
        if (map.isEmpty()) {
            out.append("{}");
            return;
        }
        String separator = "{";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator).append(newline).append("  ");
            writeText(String.valueOf(entry.getKey()));
            out.append(": ");
            write(entry.getValue(), newline + "  ");
            separator = ",";
        }
        out.append(newline).append('}');
    }

    private void writeList(List<?> list, String newline) {
        out.append('[');
        for (Iterator<?> elements = list.iterator(); elements.hasNext(); ) {
            out.append(newline).append("  ");
            write(elements.next(), newline + "  ");
            out.append(elements.hasNext() ? "," : newline);
        }
        out.append(']');
    }

    private void writeText(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || Character.isSurrogate(c)) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}

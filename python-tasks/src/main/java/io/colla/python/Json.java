package io.colla.python;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON (RFC 8259) as short frames need it: objects are maps in their order, arrays lists, numbers {@link Long} or {@link Double}, and texts, booleans and null
 * themselves. Small, so that the start of a run loads no library for it.
 */
public final class Json {
    private static final int DEEPEST = 64;

    private final String text;
    private int at;
    private int depth;

    private Json(String text) {
        this.text = text;
    }

    /**
     * The value that a text stands for.
     *
     * @throws FrameException if it is no JSON
     */
    public static @Nullable Object parse(String text) throws FrameException {
        Json json = new Json(text);
        Object value = json.value();
        json.space();
        if (json.at < text.length()) {
            throw json.wrong("more after the end");
        }
        return value;
    }

    /**
     * The object that a text stands for.
     *
     * @throws FrameException if it is no JSON object
     */
    public static JsonObject parseObject(String text) throws FrameException {
        if (parse(text) instanceof Map<?, ?> map) {
            return new JsonObject(map);
        }
        throw new FrameException("JSON that is no object");
    }

    private @Nullable Object value() throws FrameException {
        space();
        char c = at < text.length() ? text.charAt(at) : '\0';
        return switch (c) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private @Nullable Object word(String word, @Nullable Object value) throws FrameException {
        if (!text.startsWith(word, at)) {
            throw wrong("no value");
        }
        at += word.length();
        return value;
    }

    private Map<String, @Nullable Object> object() throws FrameException {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        enter();
        if (!is('}')) {
            do {
                space();
                if (at >= text.length() || text.charAt(at) != '"') {
                    throw wrong("no name");
                }
                String name = string();
                expect(':');
                map.put(name, value());
            } while (is(','));
            expect('}');
        }
        depth--;
        return map;
    }

    private List<@Nullable Object> array() throws FrameException {
        List<@Nullable Object> list = new ArrayList<>();
        enter();
        if (!is(']')) {
            do {
                list.add(value());
            } while (is(','));
            expect(']');
        }
        depth--;
        return list;
    }

    private void enter() throws FrameException {
        at++;
        if (++depth > DEEPEST) {
            throw wrong("nested too deeply");
        }
    }

    private boolean is(char wanted) {
        space();
        if (at < text.length() && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char wanted) throws FrameException {
        if (!is(wanted)) {
            throw wrong("no '" + wanted + "'");
        }
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private String string() throws FrameException {
        int start = ++at;
        int end = start;
        while (end < text.length() && text.charAt(end) != '"' && text.charAt(end) != '\\') {
            end++;
        }
        StringBuilder out = new StringBuilder().append(text, start, end);
        at = end;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return out.toString();
            }
            out.append(c == '\\' ? escaped() : c);
        }
        throw wrong("a text without end");
    }

    private char escaped() throws FrameException {
        char c = at < text.length() ? text.charAt(at++) : '\0';
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw wrong("an unknown escape");
        };
    }

    private char unicode() throws FrameException {
        int end = at + 4;
        if (end > text.length()) {
            throw wrong("an escape cut short");
        }
        try {
            char c = (char) Integer.parseInt(text, at, end, 16);
            at = end;
            return c;
        } catch (NumberFormatException e) {
            throw wrong("an escape that is no number");
        }
    }

    private Object number() throws FrameException {
        int start = at;
        boolean whole = true;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            whole &= ".eE".indexOf(text.charAt(at)) < 0;
            at++;
        }
        String digits = text.substring(start, at);
        try {
            return whole ? (Object) Long.parseLong(digits) : (Object) Double.parseDouble(digits);
        } catch (NumberFormatException e) {
            at = start;
            throw wrong("no value");
        }
    }

    private FrameException wrong(String what) {
        return new FrameException("JSON with " + what + " at character " + at);
    }

    /** On one line. Anything else than the above is written as its text. */
    public static String text(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(@Nullable Object value, StringBuilder out) {
        if (value instanceof Map<?, ?> map) {
            String separator = "{";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.append(separator);
                writeText(String.valueOf(entry.getKey()), out);
                out.append(':');
                write(entry.getValue(), out);
                separator = ",";
            }
            out.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof Collection<?> list) {
            String separator = "";
            out.append('[');
            for (Object element : list) {
                out.append(separator);
                write(element, out);
                separator = ",";
            }
            out.append(']');
        } else if (value instanceof Double number && !Double.isFinite(number)) {
            out.append("null");
        } else if (value == null || value instanceof Boolean || value instanceof Number) {
            out.append(value);
        } else {
            writeText(value.toString(), out);
        }
    }

    private static void writeText(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
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

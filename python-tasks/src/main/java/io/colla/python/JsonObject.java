package io.colla.python;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON object whose members are asked for by name and kind. An absent member is as good as null. */
public final class JsonObject {
    private final Map<?, ?> members;

    JsonObject(Map<?, ?> members) {
        this.members = members;
    }

    /** The text; {@code otherwise} when there is none. */
    public String text(String name, String otherwise) throws FrameException {
        String text = text(name);
        return text == null ? otherwise : text;
    }

    /** The text, or null. */
    public @Nullable String text(String name) throws FrameException {
        Object value = members.get(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw wrong(name, "a text");
    }

    public long number(String name, long otherwise) throws FrameException {
        Object value = members.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Long number) {
            return number;
        }
        throw wrong(name, "a whole number");
    }

    public double fraction(String name, double otherwise) throws FrameException {
        Object value = members.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw wrong(name, "a number");
    }

    public boolean flag(String name, boolean otherwise) throws FrameException {
        Object value = members.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrong(name, "true or false");
    }

    public List<String> texts(String name) throws FrameException {
        List<String> texts = new ArrayList<>();
        for (Object element : list(name)) {
            if (!(element instanceof String text)) {
                throw wrong(name, "a list of texts");
            }
            texts.add(text);
        }
        return texts;
    }

    public List<Long> numbers(String name) throws FrameException {
        List<Long> numbers = new ArrayList<>();
        for (Object element : list(name)) {
            if (!(element instanceof Long number)) {
                throw wrong(name, "a list of whole numbers");
            }
            numbers.add(number);
        }
        return numbers;
    }

    public List<JsonObject> objects(String name) throws FrameException {
        List<JsonObject> objects = new ArrayList<>();
        for (Object element : list(name)) {
            if (!(element instanceof Map<?, ?> map)) {
                throw wrong(name, "a list of objects");
            }
            objects.add(new JsonObject(map));
        }
        return objects;
    }

    /** The object, or null. */
    public @Nullable JsonObject object(String name) throws FrameException {
        return members.get(name) == null ? null : new JsonObject(map(name));
    }

    private List<?> list(String name) throws FrameException {
        Object value = members.get(name);
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list) {
            return list;
        }
        throw wrong(name, "a list");
    }

    /** The members of an object whose values are whole numbers. */
    public Map<String, Integer> amounts(String name) throws FrameException {
        Map<String, Integer> amounts = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map(name).entrySet()) {
            if (!(entry.getValue() instanceof Long amount) || amount != (int) (long) amount) {
                throw wrong(name, "an object of whole numbers");
            }
            amounts.put((String) entry.getKey(), (int) (long) amount);
        }
        return amounts;
    }

    /** The members of an object whose values are texts. */
    public Map<String, String> words(String name) throws FrameException {
        Map<String, String> words = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map(name).entrySet()) {
            if (!(entry.getValue() instanceof String word)) {
                throw wrong(name, "an object of texts");
            }
            words.put((String) entry.getKey(), word);
        }
        return words;
    }

    private Map<?, ?> map(String name) throws FrameException {
        Object value = members.get(name);
        if (value == null) {
            return Map.of();
        }
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw wrong(name, "an object");
    }

    private static FrameException wrong(String name, String what) {
        return new FrameException("JSON whose \"" + name + "\" is not " + what);
    }
}

package io.colla.tracing;

import io.colla.tracing.paraver.EventType;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The labels that an application has given its own events. A log describes them as {@code event-type}, with {@code type}, {@code label} (empty: as it is), and {@code value.N} for the label of
 * value N; several descriptions of one type, by any processes, add up, and the first label that a thing is given stays. Not thread-safe.
 */
public final class UserTypes {
    private static final String VALUE = "value.";
    /** So many values of a type are labelled by their number, where some have a label. */
    private static final int MOST = 10_000;

    private final Map<Integer, String> labels = new TreeMap<>();
    private final Map<Integer, Map<Long, String>> values = new HashMap<>();

    /** Passes over what is no number: a trace is not lost for a label. */
    public void add(Map<String, String> described) {
        long type = number(described.getOrDefault("type", ""));
        if (type < 0) {
            return;
        }
        labels.merge(
                (int) type, described.getOrDefault("label", ""), (first, second) -> first.isEmpty() ? second : first);
        Map<Long, String> known = values.computeIfAbsent((int) type, t -> new TreeMap<>());
        described.forEach((key, label) -> {
            // Paraver ignores the labels of greater numbers.
            long value = key.startsWith(VALUE) ? number(key.substring(VALUE.length())) : -1;
            if (value >= 0) {
                known.putIfAbsent(value, label);
            }
        });
    }

    /** A value that has been recorded. */
    public void seen(int type, long value) {
        Map<Long, String> labelled = values.get(type);
        if (labelled != null
                && !labelled.isEmpty()
                && value > 0
                && value <= Integer.MAX_VALUE
                && labelled.size() < MOST) {
            labelled.putIfAbsent(value, Long.toString(value));
        }
    }

    /** A number that Paraver can label; -1 for other texts. */
    private static long number(String text) {
        return text.matches("[0-9]{1,10}") && Long.parseLong(text) <= Integer.MAX_VALUE ? Long.parseLong(text) : -1;
    }

    /** The type with the labels that it was given. COMPSs' own keep theirs. */
    public EventType of(int number) {
        EventType known = EventTypes.of(number);
        Map<Long, String> given = values.getOrDefault(number, Map.of());
        String label = labels.getOrDefault(number, "");
        if (number < EventTypes.USER && EventTypes.isKnown(number) || (given.isEmpty() && label.isEmpty())) {
            return known;
        }
        Map<Long, String> all = new TreeMap<>(Map.of(0L, "End"));
        all.putAll(given);
        return new EventType(
                known.gradient(), number, label.isEmpty() ? known.label() : label, given.isEmpty() ? Map.of() : all);
    }
}

package io.colla.tracing.paraver;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The text of a .pcf: options, states and event types with their labels, in the order and the words that Paraver expects. Lines end with a plain newline: a carriage return loses every label. */
public final class PcfWriter {
    private static final String OPTIONS =
            """
            DEFAULT_OPTIONS

            LEVEL               THREAD
            UNITS               NANOSEC
            LOOK_BACK           100
            SPEED               1
            FLAG_ICONS          ENABLED
            NUM_OF_STATE_COLORS 1000
            YMAX_SCALE          37


            DEFAULT_SEMANTIC

            THREAD_FUNC         State As Is


            """;

    private PcfWriter() {}

    /**
     * The whole file.
     *
     * @throws IllegalArgumentException if two types have one label or one number
     */
    public static String text(Collection<EventType> types) {
        return text(types, Map.of());
    }

    /**
     * As the other, for a trace that others have states in too.
     *
     * @param more labels of states; those that {@link State} has are passed over
     */
    public static String text(Collection<EventType> types, Map<Integer, String> more) {
        Map<Integer, String> labels = new TreeMap<>();
        Map<Integer, String> colours = new TreeMap<>();
        more.forEach((state, label) -> {
            labels.put(state, oneLine(label));
            colours.put(state, colour(state));
        });
        for (State state : State.values()) {
            labels.put(state.number(), state.label());
            colours.put(state.number(), state.colour());
        }
        StringBuilder text = new StringBuilder(OPTIONS).append("STATES\n");
        labels.forEach((state, label) ->
                text.append(state).append("    ").append(label).append('\n'));
        text.append("\n\nSTATES_COLOR\n");
        colours.forEach((state, colour) ->
                text.append(state).append("    ").append(colour).append('\n'));
        Map<Object, EventType> seen = new HashMap<>();
        for (EventType type : types) {
            claim(seen, type.number(), type);
            claim(seen, type.label(), type);
            describe(type, text);
        }
        return text.append('\n').toString();
    }

    /** One that differs from those of states near by. */
    private static String colour(int state) {
        int hue = state * 97 & 0xff;
        return "{" + (64 + hue / 2) + "," + (255 - hue) + "," + (state * 53 & 0xff) + "}";
    }

    private static void claim(Map<Object, EventType> seen, Object name, EventType type) {
        EventType other = seen.put(name, type);
        if (other != null) {
            throw new IllegalArgumentException(
                    "event types " + other.number() + " and " + type.number() + " are both " + name);
        }
    }

    private static void describe(EventType type, StringBuilder text) {
        text.append("\n\nEVENT_TYPE\n");
        text.append(type.gradient())
                .append("    ")
                .append(type.number())
                .append("    ")
                .append(oneLine(type.label()));
        text.append('\n');
        if (!type.values().isEmpty()) {
            text.append("VALUES\n");
            type.values().forEach((value, label) -> text.append(value)
                    .append("      ")
                    .append(oneLine(label))
                    .append('\n'));
        }
    }

    /** Paraver cuts a label from its first [ to its last ], so these are no part of ours. */
    private static String oneLine(String label) {
        return label.replace('[', '(')
                .replace(']', ')')
                .replaceAll("\\p{Cntrl}+", " ")
                .strip();
    }
}

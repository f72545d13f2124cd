package io.colla.tracing.paraver;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

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
        StringBuilder text = new StringBuilder(OPTIONS).append("STATES\n");
        for (State state : State.values()) {
            text.append(state.number()).append("    ").append(state.label()).append('\n');
        }
        text.append("\n\nSTATES_COLOR\n");
        for (State state : State.values()) {
            text.append(state.number()).append("    ").append(state.colour()).append('\n');
        }
        Map<Object, EventType> seen = new HashMap<>();
        for (EventType type : types) {
            claim(seen, type.number(), type);
            claim(seen, type.label(), type);
            describe(type, text);
        }
        return text.append('\n').toString();
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

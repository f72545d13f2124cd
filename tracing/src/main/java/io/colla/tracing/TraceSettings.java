package io.colla.tracing;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a run records.
 *
 * @param level how it is recorded
 * @param groups what is recorded
 */
public record TraceSettings(Level level, Set<EventGroup> groups) {
    /** How much, and by whom. */
    public enum Level {
        /** Tasks, calls, transfers and the application's own events. */
        BASIC,
        /** All groups. */
        FULL,
        /** As {@link #FULL}, and Extrae of the site records too. */
        EXTRAE;

        /** What is recorded unless the user says otherwise. */
        public Set<EventGroup> groups() {
            return this == BASIC
                    ? EnumSet.of(EventGroup.TASKS, EventGroup.API, EventGroup.TRANSFERS, EventGroup.USER)
                    : EnumSet.allOf(EventGroup.class);
        }
    }

    public TraceSettings {
        groups = Set.copyOf(groups);
    }

    public static TraceSettings of(Level level) {
        return new TraceSettings(level, level.groups());
    }

    public boolean has(EventGroup group) {
        return groups.contains(group);
    }

    /** For {@link #parse}: {@code LEVEL GROUP,GROUP}, in one order for equal settings. */
    public String text() {
        return level.name()
                + " "
                + groups.stream().sorted().map(EventGroup::name).collect(Collectors.joining(","));
    }

    /** @throws IllegalArgumentException if it is not what {@link #text} wrote */
    public static TraceSettings parse(String text) {
        String[] words = text.strip().split(" ", 2);
        Set<EventGroup> groups = EnumSet.noneOf(EventGroup.class);
        for (String word : words.length < 2 ? new String[0] : words[1].split(",")) {
            groups.add(EventGroup.valueOf(word));
        }
        return new TraceSettings(Level.valueOf(words[0]), groups);
    }
}

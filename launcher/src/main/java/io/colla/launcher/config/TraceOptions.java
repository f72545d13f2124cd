package io.colla.launcher.config;

import io.colla.launcher.config.Option.Group;
import io.colla.tracing.EventGroup;
import io.colla.tracing.TraceSettings;
import io.colla.tracing.TraceSettings.Level;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The settings of a run's trace. */
public final class TraceOptions {
    /**
     * A kind of events, as a user names it.
     *
     * @param sign {@code +} to record it beside those of the level, {@code -} to leave it out; a space to record it, and nothing of the level's that is not named too
     */
    public record Choice(char sign, EventGroup group) {
        static Choice parse(String text) {
            char first = text.isEmpty() ? ' ' : text.charAt(0);
            boolean signed = first == '+' || first == '-';
            String word = signed ? text.substring(1) : text;
            return Arrays.stream(EventGroup.values())
                    .filter(group -> group.word().equals(word))
                    .findFirst()
                    .map(group -> new Choice(signed ? first : ' ', group))
                    .orElseThrow(() -> new IllegalArgumentException(text));
        }
    }

    public static final Option<Optional<Level>> TRACE = Option.of(
                    "trace",
                    Group.RECORD,
                    new OptionType<>(
                            "basic|full|extrae", "basic, full, extrae, true or false", "full", TraceOptions::level),
                    "false",
                    "Record the run as a trace for Paraver in its folder: tasks, calls, transfers and events of the application (basic),"
                            + " or all that there is (full, or no value), also by the site's Extrae (extrae).")
            .spelt("-t", "full", false);
    public static final Option<Choice> TRACE_EVENTS = Option.of(
                    "trace-events",
                    Group.RECORD,
                    new OptionType<>("GROUP", groups(), "tasks", Choice::parse),
                    null,
                    "Record these kinds of events only, or, with a sign, these too (+) or not these (-), of " + groups()
                            + ". Implies trace. Repeatable; commas.")
            .many()
            .spelt("", "", true)
            .otherwise("those of trace");
    public static final Option<String> TRACE_NAME = Option.of(
                    "trace-name",
                    Group.RECORD,
                    new OptionType<>("NAME", "a file's name without ending", "first-try", TraceOptions::fileName),
                    null,
                    "Name of the trace's files.")
            .otherwise("that of the run's folder");
    public static final Option<Path> EXTRAE_CONFIG = Option.of(
                    "extrae-config",
                    Group.RECORD,
                    CommonTypes.FILE,
                    null,
                    "Extrae's configuration in XML, for --trace=extrae.")
            .otherwise("Colla's own");

    private TraceOptions() {}

    /** @return null if the run is not to be traced */
    public static @Nullable TraceSettings settings(Settings settings) {
        Optional<Level> level = settings.need(TRACE);
        List<Choice> choices = settings.all(TRACE_EVENTS);
        boolean silent = settings.origin(TRACE).source() == Origin.Source.DEFAULT;
        if (level.isEmpty() && (choices.isEmpty() || !silent)) {
            return null;
        }
        Level chosen = level.orElse(Level.FULL);
        return new TraceSettings(chosen, groups(chosen, choices));
    }

    private static Set<EventGroup> groups(Level level, List<Choice> choices) {
        boolean only = choices.stream().anyMatch(choice -> choice.sign() == ' ');
        Set<EventGroup> groups = only ? EnumSet.noneOf(EventGroup.class) : EnumSet.copyOf(level.groups());
        for (Choice choice : choices) {
            if (choice.sign() == '-') {
                groups.remove(choice.group());
            } else {
                groups.add(choice.group());
            }
        }
        return groups;
    }

    private static Optional<Level> level(String text) {
        return switch (text) {
            case "false" -> Optional.empty();
            case "basic" -> Optional.of(Level.BASIC);
            case "full", "true" -> Optional.of(Level.FULL);
            case "extrae" -> Optional.of(Level.EXTRAE);
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static String fileName(String text) {
        if (text.isBlank() || text.contains("/") || text.startsWith(".")) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    private static String groups() {
        String all = Arrays.stream(EventGroup.values()).map(EventGroup::word).collect(Collectors.joining(", "));
        int last = all.lastIndexOf(", ");
        return all.substring(0, last) + " or " + all.substring(last + 2);
    }
}

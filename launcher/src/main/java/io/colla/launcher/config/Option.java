package io.colla.launcher.config;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One setting, as the table {@link Options} lists it.
 *
 * @param name its YAML key, and its flag without the dashes
 * @param group the heading that help shows it under
 * @param type what values it takes; for a repeatable one, what each is
 * @param initial its value when nobody gives one, as text; null when it has none
 * @param repeatable whether it is a list: the flag may come several times, the variable separates with commas, YAML has a list
 * @param description one or two sentences for help and the reference
 * @param otherDefault what holds when there is no value, in words; empty when {@code initial} says it
 */
public record Option<T>(
        String name,
        Group group,
        OptionType<T> type,
        @Nullable String initial,
        boolean repeatable,
        String description,
        String otherDefault) {

    /** Headings of help and of the reference, in their order. */
    public enum Group {
        NODES("Where tasks run"),
        BEHAVIOUR("How tasks run"),
        RECORD("What is kept and shown"),
        NETWORK("Network"),
        BATCH("Batch jobs");

        private final String heading;

        Group(String heading) {
            this.heading = heading;
        }

        public String heading() {
            return heading;
        }
    }

    static <T> Option<T> of(
            String name, Group group, OptionType<T> type, @Nullable String initial, String description) {
        return new Option<>(name, group, type, initial, false, description, "");
    }

    /** The same, with words for what holds when nobody gives a value. */
    Option<T> otherwise(String words) {
        return new Option<>(name, group, type, initial, repeatable, description, words);
    }

    Option<T> many() {
        return new Option<>(name, group, type, initial, true, description, otherDefault);
    }

    public String flag() {
        return "--" + name;
    }

    /** The environment variable: {@code COLLA_RUN_DIR}. */
    public String variable() {
        return "COLLA_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** Whether the flag takes no value. */
    public boolean isSwitch() {
        return type.placeholder().isEmpty();
    }

    /** Texts of a list given in one text, as the environment has it. */
    List<String> split(String text) {
        return repeatable ? List.of(text.split("\\s*,\\s*")) : List.of(text);
    }
}

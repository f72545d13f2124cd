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
 * @param spelling how its flag may be written
 */
public record Option<T>(
        String name,
        Group group,
        OptionType<T> type,
        @Nullable String initial,
        boolean repeatable,
        String description,
        String otherDefault,
        Spelling spelling) {
    /**
     * How a flag may be written.
     *
     * @param letter a short flag, such as {@code -t}; empty when it has none
     * @param bare the value of the flag when none is given behind an equals sign; empty when it needs one
     * @param commas whether commas part the values of a repeatable flag
     */
    public record Spelling(String letter, String bare, boolean commas) {
        static final Spelling USUAL = new Spelling("", "", false);
    }

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
        return new Option<>(name, group, type, initial, false, description, "", Spelling.USUAL);
    }

    /** The same, with words for what holds when nobody gives a value. */
    Option<T> otherwise(String words) {
        return new Option<>(name, group, type, initial, repeatable, description, words, spelling);
    }

    Option<T> many() {
        return new Option<>(name, group, type, initial, true, description, otherDefault, spelling);
    }

    Option<T> spelt(String letter, String bare, boolean commas) {
        Spelling other = new Spelling(letter, bare, commas);
        return new Option<>(name, group, type, initial, repeatable, description, otherDefault, other);
    }

    public String flag() {
        return "--" + name;
    }

    /** The environment variable: {@code COLLA_RUN_DIR}. */
    public String variable() {
        return "COLLA_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** The flag and, if it has one, its short form. */
    public List<String> flags() {
        return spelling.letter().isEmpty() ? List.of(flag()) : List.of(flag(), spelling.letter());
    }

    /** Whether the flag can stand alone, but may have a value behind an equals sign. */
    public boolean mayStandAlone() {
        return !spelling.bare().isEmpty();
    }

    /** Whether the flag takes no value. */
    public boolean isSwitch() {
        return type.placeholder().isEmpty();
    }

    /** The values in the texts given with the flag. */
    public List<String> ofFlag(List<String> texts) {
        return spelling.commas()
                ? texts.stream().flatMap(text -> split(text).stream()).toList()
                : texts;
    }

    /** Texts of a list given in one text, as the environment has it. */
    List<String> split(String text) {
        return repeatable ? List.of(text.split("\\s*,\\s*")) : List.of(text);
    }
}

package io.colla.launcher.config;

import io.colla.api.UsageException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What every option is in this run, and where that came from. Immutable. */
public final class Settings {
    private final Map<Option<?>, Value> values;

    /** Texts as given, the same parsed, and their origin. */
    private record Value(List<String> texts, List<Object> parsed, Origin origin) {}

    private Settings(Map<Option<?>, Value> values) {
        this.values = values;
    }

    /** The value; null when the option has none. Of a repeatable option, use {@link #all}. */
    public <T> @Nullable T get(Option<T> option) {
        List<T> all = all(option);
        return all.isEmpty() ? null : all.get(all.size() - 1);
    }

    /** The value of an option that has a default. */
    public <T> T need(Option<T> option) {
        T value = get(option);
        if (value == null) {
            throw new IllegalStateException(option.name() + " has no default");
        }
        return value;
    }

    /** All values of a repeatable option, in the order given. */
    @SuppressWarnings("unchecked") // a Value is made by its option's own parser
    public <T> List<T> all(Option<T> option) {
        return (List<T>) value(option).parsed();
    }

    /** The texts as they were given; empty when the option has no value. */
    public List<String> texts(Option<?> option) {
        return value(option).texts();
    }

    public Origin origin(Option<?> option) {
        return value(option).origin();
    }

    /**
     * The same with other values for what nobody has said anything about.
     *
     * @param added options whose values come before those that are there already, instead of counting less
     * @throws UsageException if a text is not a value of its option
     */
    public Settings withDefaults(Map<Option<?>, ConfigFile.Entry> defaults, Collection<Option<?>> added) {
        Map<Option<?>, Value> merged = new IdentityHashMap<>(values);
        defaults.forEach((option, entry) -> {
            Value before = value(option);
            boolean open = before.origin().source() == Origin.Source.DEFAULT;
            if (open || added.contains(option)) {
                List<String> texts = new ArrayList<>(entry.texts());
                texts.addAll(open ? List.of() : before.texts());
                Origin origin = open ? new Origin(Origin.Source.SITE_FILE, entry.where()) : before.origin();
                merged.put(option, Builder.parsed(option, texts, origin));
            }
        });
        return new Settings(merged);
    }

    /** The same with this value of one option. */
    public Settings with(Option<?> option, String text, Origin origin) {
        Map<Option<?>, Value> changed = new IdentityHashMap<>(values);
        changed.put(option, Builder.parsed(option, List.of(text), origin));
        return new Settings(changed);
    }

    private Value value(Option<?> option) {
        Value value = values.get(option);
        if (value == null) {
            throw new IllegalArgumentException(option.name() + " is not in the table of options");
        }
        return value;
    }

    /** Gathers values from the places that have them, the weightiest first; later ones fill what is still open. */
    static final class Builder {
        private final Map<Option<?>, Value> values = new IdentityHashMap<>();

        boolean isOpen(Option<?> option) {
            return !values.containsKey(option);
        }

        /** @throws UsageException if a text is not a value of the option; the sentence names {@code origin} */
        void offer(Option<?> option, List<String> texts, Origin origin) {
            if (!isOpen(option)) {
                return;
            }
            values.put(option, parsed(option, texts, origin));
        }

        private static Value parsed(Option<?> option, List<String> texts, Origin origin) {
            List<Object> parsed = new ArrayList<>(texts.size());
            for (String text : texts) {
                parsed.add(parse(option, text, origin));
            }
            return new Value(List.copyOf(texts), List.copyOf(parsed), origin);
        }

        Settings build() {
            for (Option<?> option : Options.ALL) {
                String initial = option.initial();
                offer(option, initial == null ? List.of() : List.of(initial), Origin.DEFAULT);
            }
            return new Settings(values);
        }

        private static Object parse(Option<?> option, String text, Origin origin) {
            try {
                return option.type().parser().apply(text);
            } catch (IllegalArgumentException e) {
                throw new UsageException(
                        origin.where() + ": '" + text + "': expected "
                                + option.type().expected() + ", such as "
                                + option.type().example(),
                        e);
            }
        }
    }
}

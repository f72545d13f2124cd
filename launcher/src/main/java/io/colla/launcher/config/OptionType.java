package io.colla.launcher.config;

import java.util.Locale;
import java.util.function.Function;

/**
 * What kind of value an option takes.
 *
 * @param placeholder how help shows it: {@code SIZE}; empty for a switch
 * @param expected what a right value is, continuing "expected "
 * @param example a right value
 * @param parser text to value; throws {@link IllegalArgumentException} for a wrong one
 */
public record OptionType<T>(String placeholder, String expected, String example, Function<String, T> parser) {

    boolean accepts(String text) {
        try {
            return parser.apply(text) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** A switch: present or absent on the command line, {@code true} or {@code false} elsewhere. */
    static OptionType<Boolean> flag() {
        return new OptionType<>("", "true or false", "true", OptionType::parseFlag);
    }

    static OptionType<String> text(String placeholder, String expected, String example) {
        return new OptionType<>(placeholder, expected, example, OptionType::parseText);
    }

    /** A whole number from {@code least} up. */
    static OptionType<Integer> count(int least) {
        return new OptionType<>(
                "N",
                "a whole number from " + least + " up",
                Integer.toString(Math.max(least, 4)),
                text -> parseCount(text, least));
    }

    static <E extends Enum<E>> OptionType<E> choice(Class<E> type) {
        StringBuilder names = new StringBuilder();
        E[] values = type.getEnumConstants();
        for (int i = 0; i < values.length; i++) {
            names.append(i == 0 ? "" : i == values.length - 1 ? " or " : ", ").append(choiceName(values[i]));
        }
        String placeholder = names.toString().replace(" or ", "|").replace(", ", "|");
        return new OptionType<>(
                placeholder, names.toString(), choiceName(values[0]), text -> parseChoice(values, text));
    }

    /** As users write it. */
    public static String choiceName(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static Boolean parseFlag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static String parseText(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    private static Integer parseCount(String text, int least) {
        int value = Integer.parseInt(text);
        if (value < least) {
            throw new IllegalArgumentException(text);
        }
        return value;
    }

    private static <E extends Enum<E>> E parseChoice(E[] values, String text) {
        for (E value : values) {
            if (choiceName(value).equals(text)) {
                return value;
            }
        }
        throw new IllegalArgumentException(text);
    }
}

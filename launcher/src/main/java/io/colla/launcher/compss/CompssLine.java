package io.colla.launcher.compss;

import io.colla.api.UsageException;
import io.colla.launcher.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A command line, taken apart. Values stand behind an equals sign; the first word that is no option is the program.
 *
 * @param given options in their order, without those whose value asks for nothing
 * @param program the program and its arguments; may be empty
 */
record CompssLine(List<Given> given, List<String> program) {

    /** An option of the line; its value is empty when it has none. */
    record Given(CompssOption option, String value) {
        String name() {
            return option.name();
        }

        /** As it was written, for complaints. */
        String text() {
            return value.isEmpty() ? name() : name() + "=" + value;
        }
    }

    /** @throws UsageException for an option that is not known, and for a value that is missing or too much */
    static CompssLine parse(CompssCommand command, CompssTable table, List<String> words) {
        List<Given> given = new ArrayList<>();
        int next = 0;
        while (next < words.size() && words.get(next).startsWith("-")) {
            String word = words.get(next++);
            if (word.equals("--")) {
                break;
            }
            for (String one : apart(table, word)) {
                add(command, table, given, one);
            }
        }
        return new CompssLine(List.copyOf(given), List.copyOf(words.subList(next, words.size())));
    }

    /** {@code -dgt} is {@code -d -g -t}. */
    private static List<String> apart(CompssTable table, String word) {
        if (word.startsWith("--") || word.length() < 3 || word.contains("=")) {
            return List.of(word);
        }
        List<String> letters = new ArrayList<>();
        for (int i = 1; i < word.length(); i++) {
            letters.add("-" + word.charAt(i));
        }
        return letters.stream().allMatch(letter -> table.find(letter) != null) ? letters : List.of(word);
    }

    private static void add(CompssCommand command, CompssTable table, List<Given> given, String word) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        String value = equals < 0 ? "" : word.substring(equals + 1);
        CompssOption option = table.find(name);
        if (option == null) {
            throw unknown(command, table, name);
        }
        if (option.value().isEmpty()) {
            addSwitch(command, given, option, name, value);
        } else if (equals < 0 && !option.optional()) {
            throw new UsageException(
                    name + " needs its value behind an equals sign: " + name + "=" + option.value() + seeHelp(command));
        } else if (!option.isOff(value) && (equals < 0 || !value.isEmpty())) {
            given.add(
                    new Given(option, value.toLowerCase(Locale.ROOT).equals("true") && option.optional() ? "" : value));
        }
    }

    private static void addSwitch(
            CompssCommand command, List<Given> given, CompssOption option, String name, String value) {
        switch (value.toLowerCase(Locale.ROOT)) {
            case "", "true" -> given.add(new Given(option, ""));
            case "false" -> {}
            default ->
                throw new UsageException(name + " takes no value, but was given '" + value + "'" + seeHelp(command));
        }
    }

    private static UsageException unknown(CompssCommand command, CompssTable table, String name) {
        CompssCommand other = command.other();
        if (CompssTable.of(other).find(name) != null) {
            return new UsageException(
                    command.word() + " has no option '" + name + "'; it is " + other.word() + "'s" + seeHelp(command));
        }
        return new UsageException(command.word() + " has no option '" + name + "'" + Nearest.hint(name, table.names())
                + seeHelp(command));
    }

    private static String seeHelp(CompssCommand command) {
        return "; see '" + command.word() + " --help'";
    }
}

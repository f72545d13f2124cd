package io.colla.slurm;

import java.util.ArrayList;
import java.util.List;

/**
 * Slurm's short form of node names: {@code node[1-3,7],gpu[01-02]x,rack[0-1]n[1-4]}. Numbers keep the zeros of the range's lower end. Several
 * brackets in a name give every combination, the last one changing fastest.
 *
 * <p>Source: the Slurm manual's page on scontrol ({@code show hostnames}) and slurm.conf ({@code NodeName}).
 */
final class HostList {
    private static final int MOST = 1 << 20;

    private final String text;
    private int at;
    private long names;

    private HostList(String text) {
        this.text = text;
    }

    /**
     * All names in order; a name written twice is there twice.
     *
     * @throws IllegalArgumentException saying what is wrong where
     */
    static List<String> expand(String text) {
        HostList parser = new HostList(text.strip());
        List<String> all = new ArrayList<>();
        if (parser.text.isEmpty()) {
            return all;
        }
        while (true) {
            all.addAll(parser.name());
            if (parser.at == parser.text.length()) {
                return all;
            }
            parser.at++; // the comma
        }
    }

    private List<String> name() {
        List<String> prefixes = List.of("");
        int start = at;
        while (at < text.length() && text.charAt(at) != ',') {
            char c = text.charAt(at);
            if (c == '[') {
                prefixes = combine(prefixes, brackets());
            } else if (c == ']' || Character.isWhitespace(c)) {
                throw wrong("unexpected '" + c + "'");
            } else {
                prefixes = combine(prefixes, List.of(literal()));
            }
        }
        if (at == start) {
            throw wrong("a name is missing");
        }
        return prefixes;
    }

    private String literal() {
        int start = at;
        while (at < text.length() && ",[] \t\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private List<String> brackets() {
        int end = text.indexOf(']', at);
        if (end < 0) {
            throw wrong("'[' without ']'");
        }
        List<String> numbers = new ArrayList<>();
        for (String range : text.substring(at + 1, end).split(",", -1)) {
            addRange(range, numbers);
        }
        at = end + 1;
        return numbers;
    }

    private void addRange(String range, List<String> numbers) {
        int dash = range.indexOf('-');
        String low = dash < 0 ? range : range.substring(0, dash);
        String high = dash < 0 ? range : range.substring(dash + 1);
        if (!isNumber(low) || !isNumber(high)) {
            throw wrong("'" + range + "' is not a range of numbers");
        }
        long first = Long.parseLong(low);
        long last = Long.parseLong(high);
        if (last < first) {
            throw wrong("'" + range + "' runs backwards");
        }
        count(last - first + 1);
        for (long number = first; number <= last; number++) {
            String digits = Long.toString(number);
            numbers.add("0".repeat(Math.max(0, low.length() - digits.length())) + digits);
        }
    }

    private static boolean isNumber(String digits) {
        return !digits.isEmpty() && digits.length() <= 18 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private List<String> combine(List<String> prefixes, List<String> suffixes) {
        count((long) prefixes.size() * suffixes.size());
        List<String> combined = new ArrayList<>(prefixes.size() * suffixes.size());
        for (String prefix : prefixes) {
            for (String suffix : suffixes) {
                combined.add(prefix + suffix);
            }
        }
        return combined;
    }

    private void count(long more) {
        names += more;
        if (names > MOST) {
            throw wrong("more than " + MOST + " names");
        }
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(
                "'" + text + "' is not a list of nodes: " + what + " at character " + (at + 1));
    }
}

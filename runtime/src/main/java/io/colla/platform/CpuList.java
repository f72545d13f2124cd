package io.colla.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Lists of CPU numbers as Linux and Slurm write them: {@code 0-3,8,10-14:2} (cpuset(7), "List format"). */
public final class CpuList {
    private static final int MOST = 1 << 16;

    private CpuList() {}

    /**
     * The numbers, ascending, each once.
     *
     * @throws IllegalArgumentException if the text is not such a list
     */
    public static List<Integer> parse(String text) {
        TreeSet<Integer> numbers = new TreeSet<>();
        for (String part : text.strip().split(",", -1)) {
            if (!part.isBlank()) {
                addRange(part.strip(), numbers);
            }
        }
        return List.copyOf(numbers);
    }

    private static void addRange(String part, TreeSet<Integer> numbers) {
        try {
            int colon = part.indexOf(':');
            int step = colon < 0 ? 1 : Integer.parseInt(part.substring(colon + 1));
            String range = colon < 0 ? part : part.substring(0, colon);
            int dash = range.indexOf('-');
            int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
            int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
            if (first < 0 || last < first || step < 1 || last >= MOST) {
                throw new IllegalArgumentException("'" + part + "' is not a range of CPUs");
            }
            for (int cpu = first; cpu <= last; cpu += step) {
                numbers.add(cpu);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + part + "' is not a range of CPUs", e);
        }
    }

    /** The list in its shortest form without steps: {@code 0-3,8}. */
    public static String format(List<Integer> cpus) {
        List<String> ranges = new ArrayList<>();
        List<Integer> sorted = List.copyOf(new TreeSet<>(cpus));
        int start = 0;
        for (int i = 0; i < sorted.size(); i++) {
            if (i + 1 == sorted.size() || sorted.get(i + 1) != sorted.get(i) + 1) {
                ranges.add(start == i ? "" + sorted.get(i) : sorted.get(start) + "-" + sorted.get(i));
                start = i + 1;
            }
        }
        return String.join(",", ranges);
    }
}

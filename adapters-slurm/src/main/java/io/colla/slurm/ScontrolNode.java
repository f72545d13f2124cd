package io.colla.slurm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of {@code scontrol --oneliner show node}.
 *
 * @param arch as {@code x86_64}; empty when not said
 * @param features active ones, else available ones
 * @param threadsPerCore 0 when not said
 */
record ScontrolNode(String arch, List<String> features, int threadsPerCore) {
    private static final Pattern FIELD = Pattern.compile("(?:^|\\s)([A-Za-z]+)=(\\S*)");

    /** By name; lines that name no node are left out. */
    static Map<String, ScontrolNode> parse(String text) {
        Map<String, ScontrolNode> nodes = new LinkedHashMap<>();
        text.lines().forEach(line -> {
            Map<String, String> fields = new LinkedHashMap<>();
            Matcher field = FIELD.matcher(line);
            while (field.find()) {
                fields.putIfAbsent(field.group(1), field.group(2));
            }
            String name = fields.getOrDefault("NodeName", "");
            if (!name.isEmpty()) {
                nodes.put(name, node(fields));
            }
        });
        return nodes;
    }

    private static ScontrolNode node(Map<String, String> fields) {
        String features = known(fields, "ActiveFeatures");
        if (features.isEmpty()) {
            features = known(fields, "AvailableFeatures");
        }
        String threads = known(fields, "ThreadsPerCore");
        return new ScontrolNode(
                known(fields, "Arch"),
                features.isEmpty() ? List.of() : List.of(features.split(",")),
                threads.matches("\\d{1,3}") ? Integer.parseInt(threads) : 0);
    }

    private static String known(Map<String, String> fields, String name) {
        String value = fields.getOrDefault(name, "");
        return value.equals("(null)") || value.equals("N/A") ? "" : value;
    }
}

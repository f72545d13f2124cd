package io.colla.tracing.paraver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A .pcf that was read strictly, for {@link TraceChecker}.
 *
 * @param states the states that have a label
 * @param types labels by number of event type
 * @param values for each type the values that have a label; absent if none has
 */
record PcfFile(Set<Integer> states, Map<Integer, String> types, Map<Integer, Set<Long>> values) {
    private static final Pattern LABELLED = Pattern.compile("(\\d+)\\s+(\\S.*)");
    private static final Pattern TYPE = Pattern.compile("(\\d+)\\s+(\\d{1,9})\\s+(\\S.*)");

    private static final Map<String, String> NAMES =
            Map.of("STATES", "a state", "EVENT_TYPE", "a type", "VALUES", "a value");

    /**
     * Reads it.
     *
     * @param fault told in sentences what is wrong with it
     */
    static PcfFile read(Path file, Consumer<String> fault) throws IOException {
        PcfFile read = new PcfFile(new HashSet<>(), new HashMap<>(), new HashMap<>());
        if (!Files.exists(file)) {
            fault.accept("there is no " + file.getFileName() + ", so nothing has a label");
            return read;
        }
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (text.indexOf('\r') >= 0) {
            fault.accept(file.getFileName() + " has carriage returns, with which Paraver loses every label");
        }
        read.parse(text.split("\n"), fault);
        return read;
    }

    private void parse(String[] lines, Consumer<String> fault) {
        String section = "";
        List<Integer> block = new ArrayList<>();
        Set<String> labels = new HashSet<>();
        for (String line : lines) {
            String content = line.strip();
            if (content.matches("[A-Z_]+")) {
                section = content;
                if (section.equals("EVENT_TYPE")) {
                    block.clear();
                }
                continue;
            }
            Matcher labelled = LABELLED.matcher(content);
            Matcher type = TYPE.matcher(content);
            if (section.equals("STATES")
                    && labelled.matches()
                    && labelled.group(1).length() < 10) {
                if (!states.add(Integer.valueOf(labelled.group(1)))) {
                    fault.accept("state " + labelled.group(1) + " has two labels");
                }
            } else if (section.equals("EVENT_TYPE") && type.matches()) {
                int number = Integer.parseInt(type.group(2));
                block.add(number);
                type(number, type.group(3), labels, fault);
            } else if (section.equals("VALUES") && labelled.matches()) {
                value(block, labelled, fault);
            } else if (!content.isEmpty() && !content.startsWith("#") && NAMES.containsKey(section)) {
                fault.accept("a line among the labels is no label of " + NAMES.get(section) + ": '" + content + "'");
            }
        }
    }

    private void type(int number, String label, Set<String> labels, Consumer<String> fault) {
        if (types.put(number, label) != null || !labels.add(label)) {
            fault.accept("event type " + number + " or its label '" + label + "' is there twice");
        }
        if (label.indexOf('[') >= 0 && label.lastIndexOf(']') > label.indexOf('[')) {
            fault.accept("the label of event type " + number + " has brackets, and Paraver cuts what is in them");
        }
    }

    /** A block's values are those of all its types. */
    private void value(List<Integer> block, Matcher labelled, Consumer<String> fault) {
        long value = labelled.group(1).length() > 18 ? Long.MAX_VALUE : Long.parseLong(labelled.group(1));
        for (int type : block) {
            if (value > Integer.MAX_VALUE) {
                fault.accept("the label of value " + labelled.group(1) + " of event type " + type
                        + " is beyond what Paraver reads");
            }
            if (!values.computeIfAbsent(type, t -> new HashSet<>()).add(value)) {
                fault.accept("value " + value + " of event type " + type + " has two labels");
            }
        }
    }
}

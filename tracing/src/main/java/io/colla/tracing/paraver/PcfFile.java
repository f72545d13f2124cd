package io.colla.tracing.paraver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A .pcf that was read.
 *
 * @param states the states that have a label
 * @param types labels by number of event type
 */
record PcfFile(Set<Integer> states, Map<Integer, String> types) {
    private static final Pattern LABELLED = Pattern.compile("(\\d+)\\s+(\\S.*)");
    private static final Pattern TYPE = Pattern.compile("(\\d+)\\s+(\\d+)\\s+(\\S.*)");

    /**
     * Reads it.
     *
     * @param fault told in sentences what is wrong with it
     */
    static PcfFile read(Path file, Consumer<String> fault) throws IOException {
        PcfFile read = new PcfFile(new HashSet<>(), new HashMap<>());
        String text = Files.readString(file);
        if (text.indexOf('\r') >= 0) {
            fault.accept(file.getFileName() + " has carriage returns, with which Paraver loses every label");
        }
        read.parse(text.split("\n"), fault);
        return read;
    }

    private void parse(String[] lines, Consumer<String> fault) {
        String section = "";
        int current = 0;
        Set<String> labels = new HashSet<>();
        for (String line : lines) {
            String content = line.strip();
            if (content.matches("[A-Z_]+")) {
                section = content;
                continue;
            }
            Matcher labelled = LABELLED.matcher(content);
            Matcher type = TYPE.matcher(content);
            if (section.equals("STATES") && labelled.matches()) {
                states.add(Integer.valueOf(labelled.group(1)));
            } else if (section.equals("EVENT_TYPE") && type.matches()) {
                current = Integer.parseInt(type.group(2));
                if (types.put(current, type.group(3)) != null || !labels.add(type.group(3))) {
                    fault.accept("event type " + current + " or its label '" + type.group(3) + "' is there twice");
                }
            } else if (section.equals("VALUES") && labelled.matches()) {
                value(current, labelled, fault);
            }
        }
    }

    private void value(int type, Matcher labelled, Consumer<String> fault) {
        long value = Long.parseLong(labelled.group(1));
        if (value > Integer.MAX_VALUE) {
            fault.accept("the label of value " + value + " of event type " + type + " is beyond what Paraver reads");
        }
    }
}

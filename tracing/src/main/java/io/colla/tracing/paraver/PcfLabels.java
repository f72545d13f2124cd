package io.colla.tracing.paraver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a .pcf calls the states and the event types with their values. Read as leniently as Paraver does: what cannot be understood is passed over. */
public final class PcfLabels {
    private static final Pattern LABELLED = Pattern.compile("(\\d{1,18})\\s+(\\S.*)");
    private static final Pattern TYPE = Pattern.compile("(-?\\d{1,9})\\s+(\\d{1,10})\\s+(\\S.*)");
    private static final Pattern HEADING = Pattern.compile("[A-Z_]+");

    private final Map<Integer, String> states = new LinkedHashMap<>();
    private final Map<Integer, EventType> types = new LinkedHashMap<>();

    private PcfLabels() {}

    /** Reads the file; there are no labels if there is no such file. */
    static PcfLabels read(Path file) throws IOException {
        PcfLabels read = new PcfLabels();
        if (Files.exists(file)) {
            read.parse(Files.readString(file, StandardCharsets.ISO_8859_1));
        }
        return read;
    }

    private void parse(String text) {
        String section = "";
        List<EventType> block = new ArrayList<>();
        Map<Long, String> values = new LinkedHashMap<>();
        for (String line : text.split("\n")) {
            String content = utf8(line.strip());
            Matcher labelled = LABELLED.matcher(content);
            Matcher type = TYPE.matcher(content);
            if (HEADING.matcher(content).matches()) {
                if (!content.equals("VALUES")) {
                    end(block, values);
                }
                section = content;
            } else if (section.equals("STATES") && labelled.matches()) {
                states.put((int) Long.parseLong(labelled.group(1)), labelled.group(2));
            } else if (section.equals("EVENT_TYPE") && type.matches()) {
                block.add(new EventType(
                        Integer.parseInt(type.group(1)), (int) Long.parseLong(type.group(2)), type.group(3), Map.of()));
            } else if (section.equals("VALUES") && labelled.matches()) {
                long value = Long.parseLong(labelled.group(1));
                if (value <= Integer.MAX_VALUE) {
                    values.put(value, labelled.group(2));
                }
            }
        }
        end(block, values);
    }

    /** Types of one block have the same values. */
    private void end(List<EventType> block, Map<Long, String> values) {
        for (EventType type : block) {
            types.put(type.number(), new EventType(type.gradient(), type.number(), type.label(), values));
        }
        block.clear();
        values.clear();
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** By number. */
    public Map<Integer, String> states() {
        return Collections.unmodifiableMap(states);
    }

    /** By number, in the order of the file. */
    public Map<Integer, EventType> types() {
        return Collections.unmodifiableMap(types);
    }

    /** What the type is called; {@code Event N} if nothing says. */
    public String type(int number) {
        EventType type = types.get(number);
        return type == null ? "Event " + number : type.label();
    }

    /** What a value of the type is called; the number itself if nothing says. */
    public String value(int type, long value) {
        EventType known = types.get(type);
        String label = known == null ? null : known.values().get(value);
        return label == null ? Long.toString(value) : label;
    }
}

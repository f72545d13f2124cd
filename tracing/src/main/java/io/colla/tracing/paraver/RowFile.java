package io.colla.tracing.paraver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A .row as {@link TraceChecker} wants it: a name for each cpu, node and thread, no more and no less. */
final class RowFile {
    private static final Pattern LEVEL = Pattern.compile("LEVEL (\\S+) SIZE (\\d{1,9})");

    private RowFile() {}

    /** @param fault told in sentences what is wrong with it */
    static void check(Path row, Machine machine, Consumer<String> fault) throws IOException {
        String name = String.valueOf(row.getFileName());
        if (!Files.exists(row)) {
            fault.accept("there is no " + name + ", so no row has a name");
            return;
        }
        String text = Files.readString(row, StandardCharsets.ISO_8859_1);
        if (text.indexOf('\r') >= 0) {
            fault.accept(name + " has carriage returns, which become part of the names");
        }
        Map<String, Integer> missing = sizes(machine);
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            Matcher level = LEVEL.matcher(lines.get(i).strip());
            if (lines.get(i).startsWith("LEVEL") && !level.matches()) {
                fault.accept(name + " has a level that cannot be read: '" + lines.get(i) + "'");
            } else if (level.matches()) {
                int size = Integer.parseInt(level.group(2));
                Integer wanted = missing.remove(level.group(1));
                if (wanted == null || wanted != size) {
                    fault.accept(name + " has " + size + " names for level " + level.group(1) + " and not " + wanted);
                }
                names(lines, i + 1, size, name + ", level " + level.group(1), fault);
                i += size;
            }
        }
        missing.keySet().forEach(level -> fault.accept(name + " has no level " + level));
    }

    private static Map<String, Integer> sizes(Machine machine) {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        sizes.put("CPU", machine.cpus());
        sizes.put("NODE", machine.nodes().size());
        sizes.put(
                "THREAD",
                machine.applications().stream()
                        .flatMap(application -> application.tasks().stream())
                        .mapToInt(task -> task.threads().size())
                        .sum());
        return sizes;
    }

    private static void names(List<String> lines, int from, int size, String where, Consumer<String> fault) {
        for (int k = 0; k < size; k++) {
            String name = from + k < lines.size() ? lines.get(from + k) : "";
            if (name.isBlank() || name.startsWith("LEVEL ")) {
                fault.accept(where + ": name " + (k + 1) + " of " + size + " is missing");
                return;
            }
        }
        String behind = from + size < lines.size() ? lines.get(from + size) : "";
        if (!behind.isBlank() && !behind.startsWith("LEVEL ")) {
            fault.accept(where + ": there are more than " + size + " names");
        }
    }
}

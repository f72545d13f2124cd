package io.colla.pbs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The file that PBS_NODEFILE names: in OpenPBS a line for each MPI process, in Torque one for each processor. The task manager's clients know nodes by its
 * lines only.
 *
 * @param lines a node's name on each; none when there is no such file
 * @param problem why there are no lines; empty when there are
 */
record NodeFile(List<String> lines, String problem) {
    static NodeFile of(Map<String, String> environment) {
        String name = environment.getOrDefault("PBS_NODEFILE", "");
        if (name.isBlank()) {
            return new NodeFile(List.of(), "PBS_NODEFILE is not set");
        }
        try {
            List<String> lines = Files.readAllLines(Path.of(name)).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
            return new NodeFile(lines, lines.isEmpty() ? name + " (PBS_NODEFILE) is empty" : "");
        } catch (IOException | InvalidPathException e) {
            return new NodeFile(List.of(), name + " (PBS_NODEFILE) cannot be read");
        }
    }

    /** The number of lines of each node, in the order in which nodes come first. */
    Map<String, Integer> counts() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        lines.forEach(line -> counts.merge(line, 1, Integer::sum));
        return counts;
    }

    /** The first line of a node, counted from 0; -1 when it has none. */
    int indexOf(String node) {
        int exact = lines.indexOf(node);
        for (int i = 0; exact < 0 && i < lines.size(); i++) {
            if (label(lines.get(i)).equals(label(node))) {
                return i;
            }
        }
        return exact;
    }

    /** How the file writes the node; empty when it is not there. */
    Optional<String> spelling(String node) {
        int index = indexOf(node);
        return index < 0 ? Optional.empty() : Optional.of(lines.get(index));
    }

    /** PBS writes a host with its domain in some places and without in others. */
    private static String label(String node) {
        int dot = node.indexOf('.');
        return (dot < 0 ? node : node.substring(0, dot)).toLowerCase(Locale.ROOT);
    }
}

package io.colla.tracing.paraver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The names in a .row, as many as there are.
 *
 * @param nodes in the order of their numbers
 * @param threads in the order of their rows
 */
record RowNames(List<String> nodes, List<String> threads) {
    /** Reads the file; there are no names if there is no such file. */
    static RowNames read(Path file) throws IOException {
        List<String> nodes = new ArrayList<>();
        List<String> threads = new ArrayList<>();
        if (Files.exists(file)) {
            List<String> level = new ArrayList<>();
            int left = 0;
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            for (String line : text.split("\n")) {
                String[] words = line.strip().split("\\s+");
                if (words.length == 4 && words[0].equals("LEVEL") && words[3].matches("\\d{1,9}")) {
                    level = words[1].equals("NODE") ? nodes : words[1].equals("THREAD") ? threads : new ArrayList<>();
                    left = Integer.parseInt(words[3]);
                } else if (left > 0) {
                    level.add(line.strip());
                    left--;
                }
            }
        }
        return new RowNames(nodes, threads);
    }
}

package io.colla.systemtest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What a run says of its tasks in {@code placements.csv}, summed.
 *
 * @param attempts those that ended well, those that failed, and those that were repeated
 * @param seconds in the tasks' own code
 */
record Account(long attempts, double seconds) {
    /** That of the latest run in the working folder. */
    static Account read(Path work) throws IOException {
        List<String> lines = Files.readAllLines(work.resolve("colla-runs/latest/placements.csv"));
        List<String> headings = Arrays.asList(lines.get(0).split(","));
        long attempts = 0;
        double seconds = 0;
        for (String line : lines.subList(1, lines.size())) {
            String[] fields = line.split(",");
            for (String column : List.of("done", "failed", "retried")) {
                attempts += Long.parseLong(fields[headings.indexOf(column)]);
            }
            seconds += Double.parseDouble(fields[headings.indexOf("seconds")]);
        }
        return new Account(attempts, seconds);
    }
}

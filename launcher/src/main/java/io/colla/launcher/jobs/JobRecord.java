package io.colla.launcher.jobs;

import java.nio.file.Path;
import java.time.Instant;

/**
 * A job that Colla submitted, as it is noted down for its owner.
 *
 * @param system the batch system's name
 * @param id as the batch system gave it
 * @param folder the job's own, absolute
 * @param output absolute path, with %j and %a still in it
 * @param array its indices; empty for a plain job
 */
public record JobRecord(
        String system, String id, String name, String folder, String output, String array, Instant submitted) {
    /** The file that a part prints to. */
    public Path outputFile(String index) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < output.length(); i++) {
            char c = output.charAt(i);
            if (c == '%' && i + 1 < output.length()) {
                char next = output.charAt(++i);
                path.append(next == 'j' ? plainId() : next == 'a' ? index : String.valueOf(next));
            } else {
                path.append(c);
            }
        }
        return Path.of(path.toString());
    }

    /** The id as it stands in the names of files: without the server and without what marks an array. */
    private String plainId() {
        return id.split("[.\\[]", 2)[0];
    }

    public boolean isArray() {
        return !array.isEmpty();
    }
}

package io.colla.examples.hmmer;

import io.colla.api.Out;
import io.colla.api.Task;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Tables of hits as files: those that {@code hmmsearch} prints, and our own, which are sorted and separated by tabs. */
final class HitTable {
    private static final String TITLES = String.join(
            "\t",
            "# target",
            "accession",
            "family",
            "accession",
            "E-value",
            "score",
            "bias",
            "domain E-value",
            "domain score",
            "domain bias",
            "exp",
            "reg",
            "clu",
            "ov",
            "env",
            "dom",
            "rep",
            "inc",
            "description");
    /** The last line of a table that was written to its end; {@code hmmsearch} has the same. */
    private static final String COMPLETE = "# [ok]";

    private HitTable() {}

    /** Makes one sorted table of several, of either kind. */
    @Task(name = "merge")
    static void merge(List<Path> tables, @Out Path merged) throws IOException {
        List<Hit> hits = new ArrayList<>();
        for (Path table : tables) {
            hits.addAll(read(table));
        }
        hits.sort(Hit.BEST_FIRST);
        try (BufferedWriter out = Files.newBufferedWriter(merged)) {
            out.write(TITLES + "\n");
            for (Hit hit : hits) {
                out.write(String.join("\t", hit.columns()) + "\n");
            }
            out.write(COMPLETE + "\n");
        }
    }

    /**
     * The hits in the file's order.
     *
     * @throws IOException if it cannot be read, is no table of hits, or ends too early
     */
    static List<Hit> read(Path table) throws IOException {
        List<Hit> hits = new ArrayList<>();
        boolean complete = false;
        for (String line : Files.readAllLines(table)) {
            complete = line.equals(COMPLETE);
            if (!line.startsWith("#")) {
                try {
                    hits.add(Hit.parse(line));
                } catch (IllegalArgumentException e) {
                    throw new IOException(table + ": " + e.getMessage(), e);
                }
            }
        }
        if (!complete) {
            throw new IOException(table + " does not end with '" + COMPLETE + "': who wrote it did not get to its end");
        }
        return hits;
    }
}

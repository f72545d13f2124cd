package io.colla.examples.hmmer;

import java.util.Comparator;
import java.util.List;

/**
 * A sequence that a profile matches: one line of an {@code hmmsearch --tblout} table.
 *
 * @param columns the line's 18 columns and the sequence's description, as printed
 */
record Hit(List<String> columns) {
    static final int COLUMNS = 19;

    /** By family, then from the best score down; equal lines only compare as equal. */
    static final Comparator<Hit> BEST_FIRST = Comparator.comparing(Hit::family)
            .thenComparing(Comparator.comparingDouble(Hit::score).reversed())
            .thenComparing(hit -> String.join("\t", hit.columns()));

    /**
     * Reads a line whose columns are separated by blanks or tabs.
     *
     * @throws IllegalArgumentException if it is not one
     */
    static Hit parse(String line) {
        String[] columns = line.strip().split("\\s+", COLUMNS);
        if (columns.length < COLUMNS - 1) {
            throw new IllegalArgumentException("'" + line + "' is not a line of a table of hits");
        }
        Hit hit = new Hit(List.of(columns));
        if (!(hit.evalue() >= 0) || Double.isNaN(hit.score())) {
            throw new IllegalArgumentException("'" + line + "' has no E-value and score");
        }
        return hit;
    }

    String target() {
        return columns.get(0);
    }

    String family() {
        return columns.get(2);
    }

    /** How many hits as good as this one chance alone would give in the whole set of sequences. */
    double evalue() {
        return Double.parseDouble(columns.get(4));
    }

    /** In bits. */
    double score() {
        return Double.parseDouble(columns.get(5));
    }

    String description() {
        return columns.size() == COLUMNS ? columns.get(COLUMNS - 1) : "";
    }
}

package io.colla.examples.hmmer;

import io.colla.api.UsageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A file that describes protein families.
 *
 * @param file profiles, or alignments that profiles can be built of; compressed or not
 * @param alignments whether it holds alignments (Stockholm format)
 * @param positions the sum of the profiles' lengths; 0 for alignments, whose profiles are not built yet
 */
record Profile(Path file, boolean alignments, int positions) {
    /** Searches with profiles that are longer together are worth a second core. */
    private static final int LONG = 200;

    /**
     * Looks into the file.
     *
     * @throws UsageException if it cannot be read or is neither profile nor alignment
     */
    static Profile of(Path file) {
        try (BufferedReader in = Sequences.reader(file)) {
            String line = in.readLine();
            if (line != null && line.startsWith("# STOCKHOLM")) {
                return new Profile(file, true, 0);
            }
            if (line == null || !line.startsWith("HMMER3/")) {
                throw new UsageException(file
                        + " is neither a profile (HMMER3/...) nor an alignment (# STOCKHOLM); name other --profiles");
            }
            int positions = 0;
            for (; line != null; line = in.readLine()) {
                if (line.startsWith("LENG ")) {
                    positions += Integer.parseInt(line.substring(5).strip());
                }
            }
            return new Profile(file, false, positions);
        } catch (IOException | NumberFormatException e) {
            throw new UsageException("cannot read the profile " + file + " (" + e + "); name other --profiles", e);
        }
    }

    /** How many cores a search with it can use well. */
    int cores() {
        return alignments || positions > LONG ? 2 : 1;
    }

    String name() {
        return file.getFileName().toString().replaceFirst("\\.gz$", "").replaceFirst("\\.(hmm|sto)$", "");
    }
}

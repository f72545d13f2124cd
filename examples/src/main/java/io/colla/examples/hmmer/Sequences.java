package io.colla.examples.hmmer;

import io.colla.api.FailurePolicy;
import io.colla.api.Out;
import io.colla.api.Task;
import io.colla.examples.Gzip;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads protein sequences from FASTA and Swiss-Prot files, compressed or not, and deals them out to FASTA files. */
final class Sequences {
    private static final int RESIDUES_IN_A_LINE = 60;

    private Sequences() {}

    /** One protein: its name, the rest of its title, and its residues as one letter each. */
    record Sequence(String name, String description, String residues) {}

    /**
     * Deals the sequences out to the chunks in turn, so that all get about the same number of sequences and of residues.
     *
     * @param limit stops after so many sequences
     * @return how many sequences there are in all chunks together
     * @throws IOException if a file cannot be read or has an unknown format, or if there are fewer sequences than chunks
     */
    @Task(name = "split", onFailure = FailurePolicy.FAIL)
    static int split(List<Path> sources, int limit, @Out List<Path> chunks) throws IOException {
        List<BufferedWriter> writers = new ArrayList<>();
        try {
            for (Path chunk : chunks) {
                writers.add(Files.newBufferedWriter(chunk));
            }
            int[] count = {0};
            for (Path source : sources) {
                read(source, limit - count[0], sequence -> write(sequence, writers.get(count[0]++ % writers.size())));
            }
            if (count[0] < chunks.size()) {
                throw new IOException(
                        sources + " have " + count[0] + " sequences, too few for " + chunks.size() + " chunks");
            }
            return count[0];
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            for (BufferedWriter writer : writers) {
                writer.close();
            }
        }
    }

    /** Makes a plain file of one that may be compressed with gzip. */
    @Task(name = "unpack", onFailure = FailurePolicy.FAIL)
    static void unpack(Path packed, @Out Path plain) throws IOException {
        try (InputStream in = Gzip.open(packed)) {
            Files.deleteIfExists(plain);
            Files.copy(in, plain);
        }
    }

    static BufferedReader reader(Path file) throws IOException {
        return new BufferedReader(new InputStreamReader(Gzip.open(file), StandardCharsets.UTF_8));
    }

    /** Hands the file's first sequences over, at most {@code limit}. */
    static void read(Path file, int limit, Consumer<Sequence> consumer) throws IOException {
        try (BufferedReader in = reader(file)) {
            String first = in.readLine();
            if (first == null || first.startsWith(">")) {
                readFasta(in, first, limit, consumer);
            } else if (first.startsWith("ID   ")) {
                readSwissProt(in, first, limit, consumer);
            } else {
                throw new IOException(file + " begins with '" + first.substring(0, Math.min(first.length(), 20))
                        + "', neither as FASTA ('>') nor as Swiss-Prot ('ID   ')");
            }
        }
    }

    private static void readFasta(BufferedReader in, @Nullable String title, int limit, Consumer<Sequence> consumer)
            throws IOException {
        for (int n = 0; title != null && n < limit; n++) {
            StringBuilder residues = new StringBuilder();
            String line = in.readLine();
            for (; line != null && !line.startsWith(">"); line = in.readLine()) {
                residues.append(line.strip());
            }
            String[] parts = title.substring(1).strip().split("\\s+", 2);
            consumer.accept(new Sequence(parts[0], parts.length > 1 ? parts[1] : "", residues.toString()));
            title = line;
        }
    }

    /** An entry's name is on its ID line, its description on DE lines, its residues between SQ and the closing slashes. */
    private static void readSwissProt(BufferedReader in, String first, int limit, Consumer<Sequence> consumer)
            throws IOException {
        String name = "";
        List<String> description = new ArrayList<>();
        StringBuilder residues = new StringBuilder();
        int n = 0;
        for (String line = first; line != null && n < limit; line = in.readLine()) {
            if (line.startsWith("ID   ")) {
                name = line.substring(5).strip().split("\\s+", 2)[0];
            } else if (line.startsWith("DE   ")) {
                description.add(line.substring(5).strip());
            } else if (line.startsWith("     ")) {
                residues.append(line.replace(" ", ""));
            } else if (line.startsWith("//")) {
                consumer.accept(new Sequence(name, String.join(" ", description), residues.toString()));
                description.clear();
                residues.setLength(0);
                n++;
            }
        }
    }

    private static void write(Sequence sequence, BufferedWriter to) {
        try {
            to.write(">" + sequence.name());
            if (!sequence.description().isEmpty()) {
                to.write(" " + sequence.description());
            }
            to.write('\n');
            String residues = sequence.residues();
            for (int from = 0; from < residues.length(); from += RESIDUES_IN_A_LINE) {
                to.write(residues, from, Math.min(RESIDUES_IN_A_LINE, residues.length() - from));
                to.write('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

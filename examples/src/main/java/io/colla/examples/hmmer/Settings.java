package io.colla.examples.hmmer;

import io.colla.api.UsageException;
import io.colla.examples.CommandLine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What to search and how.
 *
 * @param sequences FASTA or Swiss-Prot files
 * @param limit only the first so many sequences
 * @param chunks into how many parts the sequences are split
 * @param out where the table of hits goes
 * @param verify whether to search again without Colla and compare
 */
record Settings(List<Profile> profiles, List<Path> sequences, int limit, int chunks, Path out, boolean verify) {
    static final String USAGE = "[--profiles FILE...] [--sequences FILE...] [--chunks N] [--limit SEQUENCES] [--quick]"
            + " [--out FILE] [--verify]";

    /** Debian's packages hmmer-examples and mmseqs2-examples. */
    private static final Path FAMILIES = Path.of("/usr/share/doc/hmmer/examples");

    private static final Path PROTEINS = Path.of("/usr/share/doc/mmseqs2/example-data/DB.fasta");
    private static final int QUICK_LIMIT = 600;
    private static final int CHUNKS = 10;
    private static final int QUICK_CHUNKS = 4;

    /**
     * Reads them from the command line.
     *
     * @throws UsageException if an option or a file is wrong
     */
    static Settings of(CommandLine line) {
        boolean quick = line.flag("--quick");
        boolean verify = line.flag("--verify");
        List<Path> profiles = line.paths("--profiles", List.of());
        List<Path> sequences = line.paths("--sequences", List.of());
        int limit = line.count("--limit", quick ? QUICK_LIMIT : Integer.MAX_VALUE);
        int chunks = line.count("--chunks", quick ? QUICK_CHUNKS : CHUNKS);
        Path out = Objects.requireNonNullElse(line.path("--out"), Path.of("hits.tsv"));
        line.noOperands();
        requireWritable(out);
        profiles = existing(
                "--profiles",
                profiles,
                FAMILIES.resolve("tutorial/globins4.hmm"),
                FAMILIES.resolve("tutorial/fn3.hmm"),
                FAMILIES.resolve("tutorial/Pkinase.hmm"),
                FAMILIES.resolve("testsuite/minifam"));
        sequences = existing(
                "--sequences",
                sequences,
                FAMILIES.resolve("tutorial/globins45.fa"),
                FAMILIES.resolve("tutorial/7LESS_DROME"),
                PROTEINS);
        return new Settings(
                profiles.stream().map(Profile::of).toList(), sequences, limit, Math.min(chunks, limit), out, verify);
    }

    private static void requireWritable(Path out) {
        Path folder = out.toAbsolutePath().getParent();
        if (folder == null || !Files.isWritable(folder) || Files.isDirectory(out)) {
            throw new UsageException("cannot write " + out + "; name another file with --out");
        }
    }

    private static List<Path> existing(String option, List<Path> given, Path... defaults) {
        Stream<Path> files = given.isEmpty() ? Stream.of(defaults) : given.stream();
        return files.map(file -> existing(option, file)).toList();
    }

    /** The file, or its compressed form: Debian compresses the larger ones. */
    private static Path existing(String option, Path file) {
        for (Path candidate : List.of(file, Path.of(file + ".gz"))) {
            if (Files.isReadable(candidate) && Files.isRegularFile(candidate)) {
                return candidate.toAbsolutePath();
            }
        }
        throw new UsageException("there is no readable file " + file + "; name others with " + option
                + ", or install Debian's packages hmmer-examples and mmseqs2-examples");
    }
}

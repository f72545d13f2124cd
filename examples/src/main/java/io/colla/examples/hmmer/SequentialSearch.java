package io.colla.examples.hmmer;

import io.colla.examples.WrongResultException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The same search without Colla: one {@code hmmsearch} after the other, each over all sequences in one file and in one thread. */
final class SequentialSearch {
    private static final int SHOWN = 5;

    private SequentialSearch() {}

    /**
     * Searches and compares.
     *
     * @param sequences how many there must be
     * @param hits what they must equal, whatever the order
     * @throws WrongResultException if they do not
     */
    static void compare(Settings settings, int sequences, List<Hit> hits, PrintStream out)
            throws IOException, InterruptedException, WrongResultException {
        long start = System.nanoTime();
        List<Hit> expected = run(settings, sequences);
        List<Hit> missing = difference(expected, hits);
        List<Hit> wrong = difference(hits, expected);
        if (!missing.isEmpty() || !wrong.isEmpty()) {
            throw new WrongResultException(String.format(
                    "of the %d hits of one sequential hmmsearch per profile, %d are missing: %s; %d of our %d hits are not among them: %s",
                    expected.size(), missing.size(), some(missing), wrong.size(), hits.size(), some(wrong)));
        }
        out.printf(
                Locale.ROOT,
                "verified: all %d hits equal those of one sequential hmmsearch per profile (%.2f s)%n",
                expected.size(),
                (System.nanoTime() - start) / 1e9);
    }

    private static List<Hit> run(Settings settings, int sequences)
            throws IOException, InterruptedException, WrongResultException {
        Path folder = Files.createTempDirectory("hmmer-sequential");
        try {
            Path whole = folder.resolve("sequences.fasta");
            int found = Sequences.split(settings.sequences(), settings.limit(), List.of(whole));
            if (found != sequences) {
                throw new WrongResultException(
                        "there are " + found + " sequences, but " + sequences + " were searched");
            }
            List<Hit> hits = new ArrayList<>();
            for (Profile family : settings.profiles()) {
                hits.addAll(search(folder, family, whole, found));
            }
            return hits;
        } finally {
            delete(folder);
        }
    }

    private static List<Hit> search(Path folder, Profile family, Path sequences, int total)
            throws IOException, InterruptedException {
        Path profile = Files.createTempFile(folder, family.name(), ".hmm");
        Sequences.unpack(family.file(), profile);
        if (family.alignments()) {
            Path built = Files.createTempFile(folder, family.name(), ".hmm");
            execute("hmmbuild", "--amino", built.toString(), profile.toString());
            profile = built;
        }
        Path table = Files.createTempFile(folder, family.name(), ".tbl");
        String size = Integer.toString(total);
        execute(
                "hmmsearch",
                "--max",
                "--noali",
                "--cpu",
                "0",
                "-Z",
                size,
                "--domZ",
                size,
                "-o",
                "/dev/null",
                "--tblout",
                table.toString(),
                profile.toString(),
                sequences.toString());
        return HitTable.read(table);
    }

    private static void execute(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            int code = process.waitFor();
            if (code != 0) {
                throw new IOException(String.join(" ", command) + " ended with exit code " + code);
            }
        } finally {
            process.destroy();
        }
    }

    /** What is in the first list and not in the second; a hit that is there twice counts twice. */
    static List<Hit> difference(List<Hit> first, List<Hit> second) {
        List<Hit> a = first.stream().sorted(Hit.BEST_FIRST).toList();
        List<Hit> b = second.stream().sorted(Hit.BEST_FIRST).toList();
        List<Hit> difference = new ArrayList<>();
        int j = 0;
        for (Hit hit : a) {
            while (j < b.size() && Hit.BEST_FIRST.compare(b.get(j), hit) < 0) {
                j++;
            }
            if (j < b.size() && b.get(j).equals(hit)) {
                j++;
            } else {
                difference.add(hit);
            }
        }
        return difference;
    }

    private static String some(List<Hit> hits) {
        return hits.stream()
                        .limit(SHOWN)
                        .map(hit -> hit.family() + " " + hit.target())
                        .toList()
                + (hits.size() > SHOWN ? "..." : "");
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException error) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}

package io.colla.examples.wordcount;

import static io.colla.api.Args.all;
import static io.colla.api.Args.in;

import io.colla.api.Colla;
import io.colla.api.Data;
import io.colla.api.UsageException;
import io.colla.examples.CommandLine;
import io.colla.examples.Example;
import io.colla.examples.TreeReduction;
import io.colla.examples.WrongResultException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Counts the words of all text files below some folders. */
public final class WordCount {
    public static final Example EXAMPLE = new Example(
            "wordcount",
            "DIR... [--bytes AMOUNT] [--top N] [--verify]",
            "Counts the words of the text files below the folders, AMOUNT (1M) in each task.",
            WordCount::run);

    private static final int FAN_IN = 4;

    private WordCount() {}

    public static void main(String[] args) {
        EXAMPLE.main(args);
    }

    private static void run(CommandLine line, PrintStream out) throws Exception {
        boolean verify = line.flag("--verify");
        long bytes = line.bytes("--bytes", "1M");
        int top = line.count("--top", 10);
        Map<Path, Long> files = files(line.operands());
        List<Share> shares = Share.deal(files, bytes);

        long start = System.nanoTime();
        WordCounts counts;
        try (Colla colla = Colla.start()) {
            counts = count(colla, shares);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        for (Map.Entry<String, Long> entry : counts.top(top)) {
            out.printf("%10d  %s%n", entry.getValue(), entry.getKey());
        }
        out.printf(Locale.ROOT, "%s, in %d files and %d tasks: %.2f s%n", counts, files.size(), shares.size(), seconds);
        if (verify) {
            verify(files, counts, out);
        }
    }

    private static WordCounts count(Colla colla, List<Share> shares) {
        List<Data<WordCounts>> counts = new ArrayList<>();
        for (Share share : shares) {
            List<Data<Path>> files = share.files().stream().map(colla::file).toList();
            counts.add(colla.call(WordCounts::of, all(files), in(share.pieces())));
        }
        return TreeReduction.of(counts, FAN_IN, group -> {
                    colla.run(WordCounts::add, group.get(0), all(group.subList(1, group.size())));
                    return group.get(0);
                })
                .take();
    }

    /** The regular, readable files below the folders that are not empty, with their sizes. Links below the folders are not followed. */
    private static Map<Path, Long> files(List<String> folders) throws IOException {
        if (folders.isEmpty()) {
            throw new UsageException("name at least one folder, as /usr/share/common-licenses");
        }
        Map<Path, Long> files = new TreeMap<>();
        for (String folder : folders) {
            Path root = Path.of(folder);
            if (!Files.exists(root)) {
                throw new UsageException("there is no folder " + folder);
            }
            Files.walkFileTree(root.toRealPath(), new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile() && attributes.size() > 0 && Files.isReadable(file)) {
                        files.put(file, attributes.size());
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path unreadable, IOException error) {
                    return FileVisitResult.CONTINUE;
                }
            });
        }
        if (files.isEmpty()) {
            throw new UsageException("there is no readable file below " + String.join(", ", folders));
        }
        return files;
    }

    /** Counts again, one whole file after the other, without Colla. */
    private static void verify(Map<Path, Long> files, WordCounts counts, PrintStream out)
            throws IOException, WrongResultException {
        long start = System.nanoTime();
        WordCounts expected = new WordCounts();
        for (Path file : files.keySet()) {
            try (InputStream in = WordCounts.open(file)) {
                expected.addWords(in);
            }
        }
        if (!counts.equals(expected)) {
            throw new WrongResultException("counted " + counts + ", but one file after the other gives " + expected);
        }
        out.printf(
                Locale.ROOT,
                "verified: equal to counting one file after the other (%.2f s)%n",
                (System.nanoTime() - start) / 1e9);
    }
}

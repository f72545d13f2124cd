package io.colla.launcher;

import io.colla.api.UsageException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/**
 * The folder of one run: {@code run.log}, {@code summary.txt}, {@code summary.json}, {@code placements.csv}, and in {@code tasks/} what failed tasks
 * printed.
 *
 * @param path absolute
 */
public record RunFolder(Path path) {
    private static final String LATEST = "latest";
    private static final String LOG = "run.log";
    private static final int PROBE_BYTES = 64 << 10;
    private static final int COLLISIONS = 10_000;

    /**
     * Makes {@code <name>-<n>} in {@code parent}, with the number after the highest there, and lets {@code latest} point to it. Several may do so at once.
     *
     * @param given is made if need be
     * @throws UsageException if it cannot be made or written; nothing has been started then
     */
    static RunFolder numbered(Path given, String name) {
        Path parent = given.toAbsolutePath().normalize();
        String stem = fileName(name);
        try {
            Files.createDirectories(parent);
            int first = highest(parent, stem) + 1;
            for (int n = first; n < first + COLLISIONS; n++) {
                RunFolder folder = new RunFolder(parent.resolve(stem + "-" + n));
                if (folder.make()) {
                    folder.probe();
                    folder.pointLatest(parent);
                    return folder;
                }
            }
            throw new IOException("no free number for " + stem);
        } catch (IOException e) {
            throw unusable(parent, e);
        }
    }

    /**
     * Uses the folder that the person named; it is made if need be.
     *
     * @throws UsageException if it holds an earlier run, or cannot be made or written
     */
    static RunFolder named(Path path) {
        RunFolder folder = new RunFolder(path.toAbsolutePath().normalize());
        if (Files.exists(folder.log())) {
            throw new UsageException(
                    "--run-dir: " + path + " holds an earlier run; name another folder, or remove that one first");
        }
        try {
            Files.createDirectories(folder.path());
            Files.createDirectories(folder.tasks());
            folder.probe();
        } catch (IOException e) {
            throw unusable(folder.path(), e);
        }
        return folder;
    }

    public Path log() {
        return path.resolve(LOG);
    }

    public Path summaryText() {
        return path.resolve("summary.txt");
    }

    public Path summaryJson() {
        return path.resolve("summary.json");
    }

    /** Which task ran where; the master writes it. */
    public Path placements() {
        return path.resolve("placements.csv");
    }

    /** Folder for what failed tasks printed. */
    public Path tasks() {
        return path.resolve("tasks");
    }

    private boolean make() throws IOException {
        try {
            Files.createDirectory(path);
        } catch (FileAlreadyExistsException e) {
            return false;
        }
        Files.createDirectory(tasks());
        return true;
    }

    /** A full disk and a quota show only when something is written. */
    private void probe() throws IOException {
        Path file = path.resolve(".probe");
        try {
            Files.write(file, new byte[PROBE_BYTES]);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void pointLatest(Path parent) throws IOException {
        Path latest = parent.resolve(LATEST);
        if (Files.isDirectory(latest, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Path fresh = parent.resolve(
                "." + path.getFileName() + "." + ProcessHandle.current().pid());
        Files.createSymbolicLink(fresh, path.getFileName());
        Files.move(fresh, latest, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static int highest(Path parent, String stem) throws IOException {
        try (Stream<Path> files = Files.list(parent)) {
            return files.mapToInt(file -> number(file.getFileName().toString(), stem))
                    .max()
                    .orElse(0);
        }
    }

    private static int number(String file, String stem) {
        if (!file.startsWith(stem + "-")) {
            return 0;
        }
        String digits = file.substring(stem.length() + 1);
        boolean plain =
                !digits.isEmpty() && digits.length() < 9 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return plain ? Integer.parseInt(digits) : 0;
    }

    /** The name with everything but letters, digits, dot, dash and underscore replaced; not empty, not hidden. */
    static String fileName(String name) {
        String plain = name.replaceAll("[^\\p{L}\\p{N}._-]+", "-");
        plain = plain.length() > 100 ? plain.substring(0, 100) : plain;
        return plain.isEmpty() ? "run" : plain.startsWith(".") || plain.startsWith("-") ? "run" + plain : plain;
    }

    private static UsageException unusable(Path path, IOException e) {
        String why = Words.reason(e);
        if (e instanceof NotDirectoryException || e instanceof FileAlreadyExistsException) {
            why = "it is there and not a folder";
        }
        return new UsageException(
                "cannot write the run's folder " + path + ": " + why + "; name one that can be written with --run-dir",
                e);
    }
}

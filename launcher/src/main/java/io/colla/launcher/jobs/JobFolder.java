package io.colla.launcher.jobs;

import io.colla.api.UsageException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

/**
 * The folder of a job, {@code colla-jobs/<name>-<n>} in the folder that it works in: the script, its output unless that goes elsewhere, its exit code.
 *
 * @param path absolute
 */
public record JobFolder(Path path) {
    private static final String PARENT = "colla-jobs";
    private static final int COLLISIONS = 10_000;

    /** The one that would be made next. Nothing is made. */
    static JobFolder next(Path workDir, String name) {
        return numbered(workDir, name, 0);
    }

    private static JobFolder numbered(Path workDir, String name, int further) {
        Path parent = workDir.resolve(PARENT);
        String stem = fileName(name);
        return new JobFolder(parent.resolve(stem + "-" + (highest(parent, stem) + 1 + further)));
    }

    /**
     * Makes the next one. Several may do so at once.
     *
     * @throws UsageException if it cannot be made
     */
    static JobFolder make(Path workDir, String name) {
        try {
            Files.createDirectories(workDir.resolve(PARENT));
            for (int i = 0; i < COLLISIONS; i++) {
                JobFolder folder = numbered(workDir, name, i);
                try {
                    Files.createDirectory(folder.path);
                    return folder;
                } catch (FileAlreadyExistsException e) {
                    continue; // another was faster
                }
            }
            throw new IOException("no free number for " + name);
        } catch (IOException e) {
            throw new UsageException(
                    "cannot make the job's folder in " + workDir.resolve(PARENT) + ": " + reason(e)
                            + "; work in a folder that can be written with --work-dir",
                    e);
        }
    }

    public Path script() {
        return path.resolve("job.sh");
    }

    /** For the owner only: it has parts of the person's environment. */
    void writeScript(String text) {
        try {
            Files.createFile(
                    script(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.writeString(script(), text);
            JobOrders.prepare(path);
        } catch (IOException e) {
            throw new UsageException("cannot write " + script() + ": " + reason(e), e);
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static int highest(Path parent, String stem) {
        if (!Files.isDirectory(parent)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(parent)) {
            return files.mapToInt(file -> number(file.getFileName().toString(), stem))
                    .max()
                    .orElse(0);
        } catch (IOException e) {
            return 0; // making it will tell why
        }
    }

    private static int number(String file, String stem) {
        if (!file.startsWith(stem + "-")) {
            return 0;
        }
        String digits = file.substring(stem.length() + 1);
        return digits.matches("[0-9]{1,8}") ? Integer.parseInt(digits) : 0;
    }

    private static String fileName(String name) {
        String plain = name.replaceAll("[^\\p{L}\\p{N}._-]+", "-");
        plain = plain.length() > 100 ? plain.substring(0, 100) : plain;
        return plain.isEmpty() ? "job" : plain.startsWith(".") || plain.startsWith("-") ? "job" + plain : plain;
    }
}

package io.colla.worker;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the tasks of one thread have their working folder and what they print. Making and removing these for each task costs a short program
 * a third of its time, so a successful task's are used again if it left them empty: no task finds anything of another. Used by the thread alone.
 */
final class TaskFolder {
    private static final String WORK = "work";

    private final Path parent;
    private int made;
    private @Nullable Path place;
    private @Nullable Path work;
    private @Nullable Object workKey;
    private @Nullable Set<PosixFilePermission> workPermissions;
    private boolean workUsed;
    /** By stream; those that the current task asked for have been used. */
    private final Map<String, Stream> streams = new LinkedHashMap<>(4);

    private static final class Stream {
        final Path path;
        final File file;
        boolean used;

        Stream(Path path) {
            this.path = path;
            this.file = path.toFile();
        }
    }

    /** @param parent exists; the folder is made below, when it is needed */
    TaskFolder(Path parent) {
        this.parent = parent;
    }

    /** An empty folder. */
    Path work() {
        Path folder = work;
        if (folder == null) {
            folder = place().resolve(WORK);
            try {
                Files.createDirectory(folder);
                PosixFileAttributes attributes = attributes(folder);
                workKey = attributes.fileKey();
                workPermissions = attributes.permissions();
            } catch (IOException e) {
                throw new UncheckedIOException("the task's working folder " + folder + " cannot be made", e);
            }
            work = folder;
        }
        workUsed = true;
        return folder;
    }

    /** A file that does not exist or is empty. */
    Path output(String stream) {
        Stream known = streams.get(stream);
        if (known == null) {
            known = new Stream(place().resolve(stream));
            streams.put(stream, known);
        }
        known.used = true;
        return known.path;
    }

    private Path place() {
        Path folder = place;
        if (folder == null) {
            folder = parent.resolve(Thread.currentThread().getName() + "-" + ++made);
            try {
                Files.createDirectories(folder);
            } catch (IOException e) {
                throw new UncheckedIOException("the task's folder " + folder + " cannot be made", e);
            }
            place = folder;
        }
        return folder;
    }

    /** Makes ready for the next task after one that succeeded. */
    void reuse() {
        for (Stream stream : streams.values()) {
            // Longer than a write of it: truncating a file with data, as the next task would, makes file systems write
            // it out.
            if (stream.used && stream.file.length() > 0) {
                removeQuietly(stream.path);
            }
            stream.used = false;
        }
        Path folder = work;
        if (folder != null && workUsed) {
            workUsed = false;
            if (!isAsMade(folder)) {
                removeTree(folder);
                work = null;
                if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
                    remove();
                }
            }
        }
    }

    /**
     * After a task that failed or was ended: what it may still be writing to is no other task's.
     *
     * @param prefix of the names that what it printed gets
     */
    void replace(@Nullable Path kept, String prefix) throws IOException {
        try {
            for (Map.Entry<String, Stream> each : streams.entrySet()) {
                Stream stream = each.getValue();
                if (kept != null && stream.used && stream.file.length() > 0) {
                    Files.createDirectories(kept);
                    Files.move(stream.path, kept.resolve(prefix + "." + each.getKey()));
                }
            }
        } finally {
            remove();
        }
    }

    /** Removes all of it. */
    void remove() {
        Path folder = place;
        if (folder != null) {
            place = null;
            work = null;
            workUsed = false;
            streams.clear();
            removeTree(folder);
        }
    }

    /** Whether the folder is there, empty, and nobody has changed who may use it. */
    private boolean isAsMade(Path folder) {
        try {
            PosixFileAttributes now = attributes(folder);
            if (!now.isDirectory()
                    || !Objects.equals(now.fileKey(), workKey)
                    || !now.permissions().equals(workPermissions)) {
                return false;
            }
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                return !entries.iterator().hasNext();
            }
        } catch (IOException e) {
            return false;
        }
    }

    private static PosixFileAttributes attributes(Path folder) throws IOException {
        return Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static void removeTree(Path root) {
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    removeQuietly(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException error) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException error) {
                    removeQuietly(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            // The scratch folder is removed as a whole when the worker ends.
            return;
        }
    }

    private static void removeQuietly(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // As above.
            return;
        }
    }
}

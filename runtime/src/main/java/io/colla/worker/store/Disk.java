package io.colla.worker.store;

import io.colla.api.CollaException;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The store's files: {@code data/<content>/<name>} for files, {@code spill/<content>-<n>} for serialized objects. Thread-safe. Streams rather than
 * channels where a task's thread writes, because an interrupt closes a channel.
 */
class Disk {
    private static final int LONGEST_NAME = 255;

    private final Path folder;
    private final Path data;
    private final Path spill;
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    Disk(Path folder) {
        this.folder = folder;
        data = folder.resolve("data");
        spill = folder.resolve("spill");
    }

    Path folder() {
        return folder;
    }

    /** Bytes in files that the store owns. */
    long bytes() {
        return bytes.get();
    }

    void account(DiskFile file) {
        if (file.owned()) {
            bytes.addAndGet(file.length());
        }
    }

    /** Where the file of a content goes; its folder is made. */
    Path dataFile(int content, String name) throws IOException {
        if (name.isEmpty()
                || name.equals(".")
                || name.equals("..")
                || name.indexOf('/') >= 0
                || name.indexOf('\0') >= 0
                || name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
            throw new IOException("\"" + name + "\" cannot be the name of a file");
        }
        return Files.createDirectories(dataFolder(content)).resolve(name);
    }

    private Path dataFolder(int content) {
        return data.resolve(Integer.toString(content));
    }

    /** A new name for a serialized object. */
    Path spillFile(int content) throws IOException {
        return Files.createDirectories(spill).resolve(content + "-" + numbers.incrementAndGet());
    }

    OutputStream create(Path path) throws IOException {
        return new FileOutputStream(path.toFile());
    }

    FileChannel createChannel(Path path) throws IOException {
        return FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
    }

    InputStream read(DiskFile file) throws IOException {
        return new FileInputStream(file.path().toFile());
    }

    /**
     * Removes the file if the store owns it, with the folder that was made for it.
     *
     * @param kept what the content is now: stays, though it be the same file or in the same folder
     */
    void discard(@Nullable DiskFile file, @Nullable DiskFile kept) {
        if (file == null || !file.owned()) {
            return;
        }
        bytes.addAndGet(-file.length());
        Path path = file.path();
        Path parent = path.getParent();
        if (kept != null && path.equals(kept.path())) {
            return;
        }
        boolean alone =
                kept == null || parent == null || !parent.equals(kept.path().getParent());
        if (alone && parent != null && data.equals(parent.getParent())) {
            ScratchFolder.remove(parent);
        } else {
            remove(path);
        }
    }

    /** Removes all that is in the folder of a content's file. */
    void removeData(int content) {
        ScratchFolder.remove(dataFolder(content));
    }

    void remove(Path path) {
        ScratchFolder.remove(path);
    }

    /** The file after its content got another number; files elsewhere stay where they are. */
    DiskFile rename(DiskFile file, int from, int to) throws IOException {
        Path old = dataFolder(from);
        if (!file.owned() || !old.equals(file.path().getParent())) {
            return file;
        }
        removeData(to);
        Files.move(old, dataFolder(to), StandardCopyOption.ATOMIC_MOVE);
        Path name = file.path().getFileName();
        return new DiskFile(dataFolder(to).resolve(name == null ? "" : name.toString()), file.length(), true);
    }

    /** Copies a file with its permissions, or a folder. */
    void copy(Path from, Path to) throws IOException {
        if (Files.isDirectory(from)) {
            Trees.copy(from, to);
            return;
        }
        try (FileChannel source = FileChannel.open(from, StandardOpenOption.READ);
                FileChannel target = createChannel(to)) {
            long position = 0;
            long count;
            while ((count = source.transferTo(position, Long.MAX_VALUE - position, target)) > 0) {
                position += count;
            }
        }
        Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
    }

    /** The user's view of an error while writing below the folder. */
    CollaException failure(String what, IOException error) {
        String reason = String.valueOf(error.getMessage());
        if (error instanceof FileSystemException detailed && detailed.getReason() != null) {
            reason = detailed.getReason();
        }
        if (isFull(reason)) {
            return new StoreFullException(
                    what + " does not fit on the disk of " + folder + " (" + reason
                            + "); free space there or choose another scratch folder",
                    error);
        }
        return new CollaException(what + " cannot be written below " + folder + ": " + reason, error);
    }

    /** A content's own file cannot be read. */
    MissingContentException unreadable(int content, @Nullable DiskFile file, IOException error) {
        return new MissingContentException(
                "content " + content + " cannot be read from " + (file == null ? folder : file.path()) + ": " + error,
                error);
    }

    static boolean isFull(String reason) {
        return reason.contains("No space left on device") || reason.contains("Disk quota exceeded");
    }
}

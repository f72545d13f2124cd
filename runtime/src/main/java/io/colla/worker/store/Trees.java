package io.colla.worker.store;

import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Files, and folders with all that is in them, handled alike. Links inside a folder are kept as links and never followed. */
public final class Trees {
    private Trees() {}

    /** Bytes of the file, or of all files in the folder. */
    public static long size(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return Files.size(root);
        }
        AtomicLong sum = new AtomicLong();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                sum.addAndGet(attributes.size());
                return FileVisitResult.CONTINUE;
            }
        });
        return sum.get();
    }

    /** Copies with permissions; what is at the target is replaced. */
    public static void copy(Path source, Path target) throws IOException {
        CopyOption[] options = {
            StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS
        };
        if (!Files.isDirectory(source)) {
            replaceFolder(target);
            Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
            return;
        }
        delete(target);
        Path root = source.toRealPath();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.copy(folder, at(folder), options);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, at(file), options);
                return FileVisitResult.CONTINUE;
            }

            private Path at(Path path) {
                return target.resolve(root.relativize(path).toString());
            }
        });
    }

    /** Moves; what is at the target is replaced. To another file system by copying. */
    public static void move(Path source, Path target) throws IOException {
        if (!Files.isDirectory(source)) {
            replaceFolder(target);
            Files.move(source, target, StandardCopyOption.REPLACE_EXISTING);
            return;
        }
        delete(target);
        try {
            Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException | DirectoryNotEmptyException e) {
            throw e;
        } catch (FileSystemException e) {
            // Another file system.
            copy(source, target);
            delete(source);
        }
    }

    /** Puts a file or folder that is beside the target in its place: for a file at once or not at all; a folder is set aside until the new one is there. */
    public static void replace(Path source, Path target) throws IOException {
        if (!Files.isDirectory(source) && !Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            Files.move(source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return;
        }
        Path aside = target.resolveSibling("." + target.getFileName() + ".colla-old");
        delete(aside);
        boolean hadOld = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
        if (hadOld) {
            Files.move(target, aside, StandardCopyOption.ATOMIC_MOVE);
        }
        try {
            Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (hadOld) {
                Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
            }
            throw e;
        }
        delete(aside);
    }

    private static void replaceFolder(Path target) throws IOException {
        if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            delete(target);
        }
    }

    /** Deletes a file, or a folder and everything below it; absent is fine. */
    public static void delete(Path root) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}

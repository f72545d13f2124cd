package io.colla.worker;

import io.colla.wire.Message.Access;
import io.colla.wire.Message.FilePlace;
import io.colla.wire.Message.Mode;
import io.colla.worker.store.ContentStore;
import io.colla.worker.store.Trees;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files of one running task. A file is at a path that every node sees, or in this node's store; its input and its output need not be at the same kind of place. Used by
 * the executing thread.
 */
final class FileData {
    private static final Object[] SHARING = new Object[64];

    static {
        java.util.Arrays.setAll(SHARING, i -> new Object());
    }

    private final ContentStore store;
    /** Paths that every node sees, where there was no file before this task. */
    private final Set<Path> made = new HashSet<>(0);

    FileData(ContentStore store) {
        this.store = store;
    }

    /** Where the task finds or writes the file. */
    Path prepare(Access access, FilePlace place) throws IOException {
        if (access.output() < 0) {
            return input(access, place);
        }
        if (access.input() < 0) {
            return target(access, place);
        }
        return switch (access.mode()) {
            case CONSUME -> consume(access, place);
            case SHARE -> share(access, place);
            default -> copy(access, place);
        };
    }

    private Path input(Access access, FilePlace place) throws IOException {
        String shared = place.input();
        if (shared != null) {
            return existing(Path.of(shared));
        }
        if (access.input() < 0) {
            throw new NoSuchFileException(place.name());
        }
        return store.file(access.input());
    }

    private static Path existing(Path path) throws NoSuchFileException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString(), null, "there is no such file");
        }
        return path;
    }

    private Path target(Access access, FilePlace place) throws IOException {
        String shared = place.output();
        if (shared == null) {
            return store.newFile(access.output(), place.name());
        }
        Path path = Path.of(shared);
        makeParents(path);
        if (!Files.exists(path)) {
            made.add(path);
        }
        return path;
    }

    private static void makeParents(Path path) throws IOException {
        Path parent = path.getParent();
        if (parent == null) {
            return;
        }
        try {
            Files.createDirectories(parent);
        } catch (FileAlreadyExistsException e) {
            throw new IOException("the folder " + parent + " cannot be made: there is a file of that name", e);
        }
    }

    private Path consume(Access access, FilePlace place) throws IOException {
        if (place.input() == null && place.output() == null) {
            store.rename(access.input(), access.output());
            return store.file(access.output());
        }
        Path source = input(access, place);
        Path target = target(access, place);
        if (!source.equals(target)) {
            made.add(target);
            Trees.move(source, target);
            if (place.input() == null) {
                store.drop(access.input());
            }
        }
        return target;
    }

    private Path copy(Access access, FilePlace place) throws IOException {
        if (place.input() == null && place.output() == null) {
            return store.copyFile(access.input(), access.output(), place.name());
        }
        Path source = input(access, place);
        Path target = target(access, place);
        if (!source.equals(target)) {
            made.add(target);
            Trees.copy(source, target);
        }
        return target;
    }

    /** The first of the tasks that share the output makes it from a copy; the others of this process wait for that. */
    private Path share(Access access, FilePlace place) throws IOException {
        synchronized (SHARING[access.output() & (SHARING.length - 1)]) {
            if (place.output() == null) {
                if (!store.has(access.output())) {
                    store.putFile(access.output(), copy(access, place), true);
                }
                return store.file(access.output());
            }
            Path target = Path.of(place.output());
            if (Files.exists(target)) {
                return target;
            }
            makeParents(target);
            Path partial = target.resolveSibling(
                    target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
            try {
                Trees.copy(input(access, place), partial);
                Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Trees.delete(partial);
            }
            return target;
        }
    }

    /**
     * Keeps what the task wrote.
     *
     * @return its size in bytes
     * @throws NoSuchFileException if there is no file
     */
    long commit(Access access, FilePlace place, Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        if (place.output() == null) {
            store.putFile(access.output(), path, true);
        }
        return Trees.size(path);
    }

    /** Removes what the task may have left, but no file that was there before it. */
    void rollBack(Access access, FilePlace place) {
        if (access.mode() == Mode.SHARE && access.input() >= 0) {
            return;
        }
        @Nullable String shared = place.output();
        if (shared == null) {
            store.drop(access.output());
            return;
        }
        Path path = Path.of(shared);
        if (made.contains(path)) {
            try {
                Trees.delete(path);
            } catch (IOException e) {
                // A disk that fails: the next attempt will meet it and say so.
                return;
            }
        }
    }
}

package io.colla.master;

import io.colla.core.Place;
import io.colla.wire.Message;
import io.colla.worker.store.ContentStore;
import io.colla.worker.store.Trees;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Where files of the run are, by datum and content, and how they get to the user's paths. Thread-safe. */
final class RunFiles {
    private final Map<Integer, FileDatum> byDatum = new ConcurrentHashMap<>();
    private final Map<Integer, Runnable> afterDeletion = new ConcurrentHashMap<>();
    private final Path folder;
    private final ContentStore store;

    /** @param folder for contents that every node sees */
    RunFiles(Path folder, ContentStore store) {
        this.folder = folder;
        this.store = store;
    }

    void add(FileDatum file) {
        byDatum.put(file.datum(), file);
    }

    @Nullable
    FileDatum get(int datum) {
        return byDatum.get(datum);
    }

    /** The path of a content; null when it is in the stores of the nodes. */
    @Nullable
    String path(FileDatum file, int content, Place place) {
        return switch (place) {
            case STORE -> null;
            case SHARED -> shared(file, content).toString();
            case HOME -> home(file).toString();
        };
    }

    Message.FilePlace place(FileDatum file, int input, Place inputPlace, int output, Place outputPlace) {
        return new Message.FilePlace(
                file.name(),
                input < 0 ? null : path(file, input, inputPlace),
                output < 0 ? null : path(file, output, outputPlace));
    }

    /** Where an attempt of a task on several nodes has those of its files that are in a node's store. */
    String ofTask(int task, int attempt) {
        return folder.resolve("task-" + task + "." + attempt).toString();
    }

    private Path shared(FileDatum file, int content) {
        return folder.resolve(Integer.toString(content)).resolve(file.name());
    }

    private static Path home(FileDatum file) {
        Path home = file.home();
        if (home == null) {
            throw new IllegalStateException("a temporary file has no path of the user's");
        }
        return home;
    }

    /** Where the master can read the content, which is in its own store unless every node sees it. */
    Path readable(FileDatum file, int content, Place place) {
        String path = path(file, content, place);
        return path != null ? Path.of(path) : store.file(content);
    }

    /**
     * Brings a content to the user's path; the file there is replaced at once or not at all.
     *
     * @return whether it was moved; else copied
     */
    boolean publish(FileDatum file, int content, Place place, boolean move) throws IOException {
        Path source = readable(file, content, place);
        Path home = home(file);
        Path parent = home.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        if (move) {
            try {
                Trees.replace(source, home);
                Files.deleteIfExists(shared(file, content).getParent());
                return true;
            } catch (NoSuchFileException e) {
                throw e;
            } catch (FileSystemException e) {
                // Another file system: copied below.
            }
        }
        Path partial = home.resolveSibling("." + home.getFileName() + ".colla-" + content);
        try {
            Trees.copy(source, partial);
            Trees.replace(partial, home);
        } finally {
            Trees.delete(partial);
        }
        return false;
    }

    /** Has {@code then} run when the user's file was deleted, or could not be. */
    void afterDeletion(int datum, Runnable then) {
        afterDeletion.put(datum, then);
    }

    private void deleteHome(int datum, FileDatum file) throws IOException {
        try {
            Trees.delete(home(file));
        } finally {
            deleted(datum);
        }
    }

    private void deleted(int datum) {
        Runnable then = afterDeletion.remove(datum);
        if (then != null) {
            then.run();
        }
    }

    /** Deletes a content that every node sees, or the user's file after an IN_DELETE. */
    void delete(int datum, int content, Place place) throws IOException {
        FileDatum file = byDatum.get(datum);
        if (file == null) {
            deleted(datum);
            return;
        }
        if (place == Place.HOME) {
            deleteHome(datum, file);
            return;
        }
        Path path = shared(file, content);
        Trees.delete(path);
        Files.deleteIfExists(path.getParent());
    }

    /** An empty file or folder where a content should be. */
    void provideNothing(int datum, int content) throws IOException {
        FileDatum file = byDatum.get(datum);
        if (file != null) {
            Path path = shared(file, content);
            Files.createDirectories(file.folder() ? path : path.getParent());
            if (!file.folder()) {
                Files.write(path, new byte[0]);
            }
        }
    }

    void forget(int datum) {
        byDatum.remove(datum);
    }
}

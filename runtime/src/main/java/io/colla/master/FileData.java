package io.colla.master;

import io.colla.api.Direction;
import io.colla.api.UsageException;
import io.colla.core.DatumKind;
import io.colla.core.Engine;
import io.colla.core.Place;
import io.colla.worker.store.ContentStore;
import io.colla.worker.store.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Predicate;

/** The application's files: registers them with the engine when a task first uses them. Thread-safe. */
final class FileData {
    private static final class Use {
        volatile boolean known;
        volatile boolean written;
    }

    private final Map<Integer, Use> uses = new ConcurrentHashMap<>();
    private final RunFiles files;
    private final ContentStore store;
    private final IntSupplier contentNumbers;
    private final Consumer<Consumer<Engine>> engine;
    private final Predicate<Path> shared;
    private final Path sharedFolder;

    /** @param shared whether every node sees a path */
    FileData(
            RunFiles files,
            ContentStore store,
            IntSupplier contentNumbers,
            Consumer<Consumer<Engine>> engine,
            Predicate<Path> shared,
            Path sharedFolder) {
        this.files = files;
        this.store = store;
        this.contentNumbers = contentNumbers;
        this.engine = engine;
        this.shared = shared;
        this.sharedFolder = sharedFolder;
    }

    FileDatum open(int datum, Path path, boolean folder) {
        if (Files.isDirectory(path) && !folder) {
            throw new UsageException(path + " is a folder; a file datum needs the path of a file");
        }
        if (folder && Files.exists(path) && !Files.isDirectory(path)) {
            throw new UsageException(path + " is a file; a folder datum needs the path of a folder");
        }
        DatumKind kind = shared.test(path) ? DatumKind.SHARED_FILE : DatumKind.LOCAL_FILE;
        return add(new FileDatum(datum, kind, path, path.getFileName().toString(), folder));
    }

    FileDatum openTemporary(int datum, String name) {
        if (name.isEmpty() || name.contains("/")) {
            throw new UsageException("'" + name + "' cannot be the name of a temporary file; give a plain file name");
        }
        DatumKind kind = shared.test(sharedFolder) ? DatumKind.SHARED_TEMPORARY : DatumKind.LOCAL_TEMPORARY;
        return add(new FileDatum(datum, kind, null, name, false));
    }

    private FileDatum add(FileDatum file) {
        files.add(file);
        uses.put(file.datum(), new Use());
        return file;
    }

    /**
     * A task, or the application itself, is about to use the file.
     *
     * @param what names the use for an error
     */
    void use(FileDatum file, Direction direction, String what) {
        Use use = uses.get(file.datum());
        if (use == null) {
            throw new UsageException(what + " uses the file " + file.name() + ", whose Data was closed");
        }
        if (direction.reads() && !use.written) {
            checkReadable(file, what);
        }
        synchronized (use) {
            if (!use.known) {
                register(file);
                use.known = true;
            }
        }
        if (direction.writes()) {
            use.written = true;
        }
    }

    private static void checkReadable(FileDatum file, String what) {
        Path home = file.home();
        if (home == null) {
            throw new UsageException(
                    what + " reads the temporary file " + file.name() + " before a task has written it");
        }
        if (!Files.exists(home)) {
            throw new UsageException(what + " reads " + home + ", which does not exist");
        }
        if (!Files.isReadable(home)) {
            throw new UsageException(what + " reads " + home + ", which may not be read; check its permissions");
        }
    }

    private void register(FileDatum file) {
        Path home = file.home();
        String name = home != null ? (file.folder() ? "folder " : "file ") + home : "temporary file " + file.name();
        if (home == null || !Files.exists(home)) {
            engine.accept(e -> e.newDatum(file.datum(), file.kind(), name));
            return;
        }
        int content = contentNumbers.getAsInt();
        long size;
        try {
            size = Trees.size(home);
        } catch (IOException e) {
            throw new UsageException(home + " cannot be looked at: " + e.getMessage(), e);
        }
        if (file.kind() == DatumKind.LOCAL_FILE) {
            putLocal(content, home);
        }
        engine.accept(e -> e.newDatum(file.datum(), file.kind(), name, content, size));
    }

    private void putLocal(int content, Path home) {
        try {
            store.putFile(content, home, false);
        } catch (IOException e) {
            throw new UsageException(home + " cannot be read: " + e.getMessage(), e);
        }
    }

    boolean isWritten(FileDatum file) {
        Use use = uses.get(file.datum());
        return use != null && use.written;
    }

    /** Where the application finds the file after a wait that ended with this content. */
    Path path(FileDatum file, int content) {
        Path home = file.home();
        return home != null
                ? home
                : files.readable(file, content, file.kind() == DatumKind.SHARED_TEMPORARY ? Place.SHARED : Place.STORE);
    }

    /**
     * Deletes the file at its path as soon as no task that was called reads it, and forgets it.
     *
     * @param then is run, by any thread, when it is away or could not be deleted
     */
    void delete(FileDatum file, Runnable then) {
        files.afterDeletion(file.datum(), then);
        Use use = uses.remove(file.datum());
        if (use != null && use.known) {
            engine.accept(e -> e.deleteFile(file.datum()));
            return;
        }
        try {
            files.delete(file.datum(), -1, Place.HOME);
        } catch (IOException e) {
            throw new UsageException(file.home() + " cannot be deleted: " + e.getMessage(), e);
        }
    }

    void forget(FileDatum file) {
        uses.remove(file.datum());
    }
}

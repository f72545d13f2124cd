package io.colla.worker;

import io.colla.worker.store.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a task on several nodes that are in this node's store: while it runs they are in a folder that all of its nodes see, under the names that they have. Used by the executing
 * thread.
 */
final class StagedFiles {
    private static final Logger LOG = LoggerFactory.getLogger(StagedFiles.class);

    private final Path folder;
    /** Where each access' file is in the store; null where it is not staged. */
    private final @Nullable Path[] inStore;

    StagedFiles(Path folder, int accesses) {
        this.folder = folder;
        this.inStore = new @Nullable Path[accesses];
    }

    /** Where the task finds or writes the file instead. */
    Path stage(int access, Path file) throws IOException {
        Path parent = Files.createDirectories(folder.resolve(Integer.toString(access)));
        Path staged = parent.resolve(file.getFileName());
        if (Files.exists(file)) {
            Trees.copy(file, staged);
        }
        inStore[access] = file;
        return staged;
    }

    /** What the task has made of the file goes to the store, if it was staged. Returns where it is then. */
    Path bringBack(int access, Path staged) throws IOException {
        Path file = inStore[access];
        if (file == null || !Files.exists(staged)) {
            return staged;
        }
        Trees.delete(file);
        Trees.move(staged, file);
        return file;
    }

    void remove() {
        try {
            Trees.delete(folder);
        } catch (IOException e) {
            LOG.warn("{} could not be deleted: {}", folder, FailureReport.describe(e));
        }
    }
}

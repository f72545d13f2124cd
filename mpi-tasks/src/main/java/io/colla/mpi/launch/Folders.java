package io.colla.mpi.launch;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/** Folders that go with a job. */
final class Folders {
    private Folders() {}

    /** Deletes it and all that is in it, as far as that can be done; links are not followed. */
    static void delete(Path folder) {
        delete(folder.toFile());
    }

    private static void delete(File file) {
        if (!Files.isSymbolicLink(file.toPath())) {
            File[] children = file.listFiles();
            if (children != null) {
                for (File child : children) {
                    delete(child);
                }
            }
        }
        file.delete();
    }
}

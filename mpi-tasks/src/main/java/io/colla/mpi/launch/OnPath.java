package io.colla.mpi.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Finds programs on this process' PATH. */
final class OnPath {

    private OnPath() {}

    static String text() {
        String path = System.getenv("PATH");
        return path == null ? "/usr/local/bin:/usr/bin:/bin" : path;
    }

    static @Nullable Path find(String program) {
        if (program.indexOf('/') >= 0) {
            return executable(Path.of(program));
        }
        for (String folder : text().split(":")) {
            Path found = executable(Path.of(folder.isEmpty() ? "." : folder, program));
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable Path executable(Path path) {
        return Files.isRegularFile(path) && Files.isExecutable(path) ? path : null;
    }
}

package io.colla.tracing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a run's trace is, in its folder: {@code trace/}, with the logs of its processes in {@code trace/logs/}. A run is traced if that folder is there when its processes start; what it records
 * is in {@code trace/settings}.
 */
public final class TraceFolder {
    private static final String SETTINGS = "settings";

    private TraceFolder() {}

    /** Has the run traced. */
    public static void make(Path runFolder, TraceSettings settings) throws IOException {
        Files.createDirectories(logs(runFolder));
        Files.writeString(trace(runFolder).resolve(SETTINGS), settings.text() + "\n");
    }

    /**
     * What the run records.
     *
     * @return null if it is not traced
     */
    public static @Nullable TraceSettings settings(Path runFolder) throws IOException {
        if (!isTraced(runFolder)) {
            return null;
        }
        return TraceSettings.parse(Files.readString(trace(runFolder).resolve(SETTINGS)));
    }

    public static boolean isTraced(Path runFolder) {
        return Files.isDirectory(logs(runFolder));
    }

    public static Path trace(Path runFolder) {
        return runFolder.resolve("trace");
    }

    public static Path logs(Path runFolder) {
        return trace(runFolder).resolve("logs");
    }

    /** Where Extrae's own traces are: those of the run's processes, and those of tasks' programs. */
    public static Path extrae(Path runFolder) {
        return trace(runFolder).resolve("extrae");
    }

    /** The folder, in {@link #extrae}, of what an attempt's program leaves there. */
    public static String ofTask(int task, int attempt) {
        return "task-" + task + (attempt == 1 ? "" : "-" + attempt);
    }

    /** The log of a process. */
    public static Path log(Path runFolder, String process) {
        return logs(runFolder)
                .resolve(process.replaceAll("[^A-Za-z0-9._-]", "_") + "-"
                        + ProcessHandle.current().pid() + ".ctl");
    }
}

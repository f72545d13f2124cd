package io.colla.tracing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a run's trace is, in its folder: {@code trace/}, with the logs of its processes in {@code trace/logs/}. A run is traced if that folder is there when its processes start; what it records
 * is in {@code trace/settings}: a line with the {@linkplain TraceSettings#text() settings}, and one with the name of the trace's files.
 */
public final class TraceFolder {
    /** Environment variable with {@link TraceSettings#text()}, for processes of other languages; absent: the run is not traced. */
    public static final String SETTINGS_VARIABLE = "COLLA_TRACE_SETTINGS";
    /** Environment variable with the folder in which such a process makes its log, a file {@code *.ctl}. */
    public static final String LOGS_VARIABLE = "COLLA_TRACE_LOGS";

    private static final String SETTINGS = "settings";

    private TraceFolder() {}

    /**
     * Has the run traced.
     *
     * @param name of the trace's files, without ending
     */
    public static void make(Path runFolder, TraceSettings settings, String name) throws IOException {
        Files.createDirectories(logs(runFolder));
        Files.writeString(trace(runFolder).resolve(SETTINGS), settings.text() + "\n" + name + "\n");
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
        return TraceSettings.parse(lines(runFolder).get(0));
    }

    /** The name of the files of a traced run's trace, without ending. */
    public static String name(Path runFolder) throws IOException {
        List<String> lines = lines(runFolder);
        return lines.size() > 1 ? lines.get(1) : "trace";
    }

    private static List<String> lines(Path runFolder) throws IOException {
        return Files.readAllLines(trace(runFolder).resolve(SETTINGS));
    }

    /** What processes of other languages are told, to record into a folder. */
    public static Map<String, String> variables(TraceSettings settings, Path logs) {
        return Map.of(
                SETTINGS_VARIABLE,
                settings.text(),
                LOGS_VARIABLE,
                logs.toAbsolutePath().toString());
    }

    /** Puts them into the environment of a process, in place of what this process itself was told by a run that it is a part of. */
    public static void tell(Map<String, String> variables, Map<String, String> environment) {
        environment.keySet().removeAll(List.of(SETTINGS_VARIABLE, LOGS_VARIABLE));
        environment.putAll(variables);
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

    /** The log of this process in a folder of logs. */
    public static Path log(Path logs, String process) {
        return logs.resolve(fileName(process) + "-" + ProcessHandle.current().pid() + ".ctl");
    }

    /** A process' name as that of a file. */
    public static String fileName(String process) {
        return process.replaceAll("[^A-Za-z0-9._-]", "_");
    }
}

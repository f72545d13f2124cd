package io.colla.tracing.graph;

import io.colla.tracing.TraceFolder;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the graph of a run's tasks is, in its folder: {@code graph/}, with what the master has recorded in {@code graph/logs/}, unless the run's trace has that. A run's graph is recorded if that folder
 * is there when its master starts.
 */
public final class GraphFolder {
    private GraphFolder() {}

    /** Has the graph recorded. */
    public static void make(Path runFolder) throws IOException {
        Files.createDirectories(logs(runFolder));
    }

    public static boolean isWanted(Path runFolder) {
        return Files.isDirectory(logs(runFolder));
    }

    public static Path graph(Path runFolder) {
        return runFolder.resolve("graph");
    }

    private static Path logs(Path runFolder) {
        return graph(runFolder).resolve("logs");
    }

    /** The log of this process, which is the master's. */
    public static Path log(Path runFolder) {
        return TraceFolder.log(logs(runFolder), "master");
    }

    /** The logs that may have the graph. */
    static List<Path> recorded(Path runFolder) throws IOException {
        List<Path> all = new ArrayList<>();
        for (Path folder : List.of(logs(runFolder), TraceFolder.logs(runFolder))) {
            if (Files.isDirectory(folder)) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "master-*.ctl")) {
                    files.forEach(all::add);
                }
            }
        }
        return all;
    }
}

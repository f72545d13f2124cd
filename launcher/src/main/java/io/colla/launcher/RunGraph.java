package io.colla.launcher;

import io.colla.api.UsageException;
import io.colla.tracing.graph.GraphFiles;
import io.colla.tracing.graph.GraphFolder;
import io.colla.tracing.graph.TaskGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The graph of a run's tasks, as files in its folder. */
final class RunGraph {
    /** What COMPSs' users look for. */
    private static final String DOT = "complete_graph.dot";

    private static final String SVG = "complete_graph.svg";

    private final GraphFiles files;
    private final Path folder;

    private RunGraph(GraphFiles files, Path folder) {
        this.files = files;
        this.folder = folder;
    }

    /** @throws UsageException if the run is not there or has recorded no graph */
    static RunGraph of(Path run, boolean collapse) {
        if (!Files.isDirectory(run)) {
            throw new UsageException("there is no run's folder " + run);
        }
        try {
            Path real = run.toRealPath();
            TaskGraph graph = TaskGraph.read(real);
            if (graph == null) {
                throw new UsageException("the run in " + run
                        + " has recorded no graph; run it again with --graph (-g), or with --trace");
            }
            GraphFiles files = new GraphFiles(graph, String.valueOf(real.getFileName()), collapse);
            return new RunGraph(files, GraphFolder.graph(real));
        } catch (IOException e) {
            throw new UsageException("the graph of " + run + " cannot be read: " + Words.reason(e), e);
        }
    }

    /** @return the file */
    Path dot(@Nullable Path asked) {
        return write(asked == null ? folder.resolve(DOT) : asked, files::dot);
    }

    /**
     * @param told gets a sentence about what is not in the picture
     * @return the file
     */
    Path svg(@Nullable Path asked, Consumer<String> told) {
        return write(asked == null ? folder.resolve(SVG) : asked, file -> {
            String note = files.svg(file);
            if (note != null) {
                told.accept("in the picture, " + note);
            }
        });
    }

    String title() {
        return files.title();
    }

    private interface Writer {
        void write(Path file) throws IOException;
    }

    private static Path write(Path file, Writer writer) {
        try {
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            writer.write(file);
            return file;
        } catch (IOException e) {
            throw new UsageException("the graph cannot be written: " + Words.reason(e), e);
        }
    }
}

package io.colla.tracing.graph;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The files in which a graph can be looked at. */
public final class GraphFiles {
    /** Nodes and nodes in a row that a picture shows one by one. */
    private static final int MOST_NODES = 1000;

    private static final int MOST_IN_A_ROW = 100;

    private final TaskGraph graph;
    private final String title;
    private final boolean collapse;

    /**
     * @param name the run's
     * @param collapse whether many tasks are drawn as one, also where there are few
     */
    public GraphFiles(TaskGraph graph, String name, boolean collapse) {
        this.graph = graph;
        this.title =
                String.format(Locale.ROOT, "%s: %,d tasks, %,d dependencies", name, graph.tasks(), dependencies(graph));
        this.collapse = collapse;
    }

    private static int dependencies(TaskGraph graph) {
        int all = 0;
        for (int i = 0; i < graph.edges(); i++) {
            all += graph.label(i).isEmpty() ? 0 : 1;
        }
        return all;
    }

    /** What the files show, in a few words. */
    public String title() {
        return title;
    }

    /** Writes DOT; every task is in it unless many are to be drawn as one. */
    public void dot(Path file) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            DotWriter.write(collapse ? Collapsed.byDepth(graph) : graph, title, out);
        }
    }

    /**
     * Writes SVG.
     *
     * @return a sentence about what it leaves out; null if it shows every task
     */
    public @Nullable String svg(Path file) throws IOException {
        Picture picture = graph;
        String note = "";
        if (collapse || !fits(picture)) {
            picture = Collapsed.byDepth(graph);
            note = "tasks of one function are one node where as many others have to come before them";
            if (!fits(picture)) {
                picture = Collapsed.byFunction(graph);
                note = "all tasks of one function are one node";
            }
        }
        Files.writeString(file, SvgWriter.text(picture, title, note));
        return note.isEmpty() ? null : note;
    }

    private static boolean fits(Picture picture) {
        if (picture.nodes() > MOST_NODES) {
            return false;
        }
        int[] rows = picture.rows();
        int[] counts = new int[Arrays.stream(rows).max().orElse(0) + 1];
        Arrays.stream(rows).forEach(row -> counts[row]++);
        return Arrays.stream(counts).max().orElse(0) <= MOST_IN_A_ROW;
    }
}

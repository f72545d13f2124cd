package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.tracing.graph.GraphFiles;
import io.colla.tracing.graph.TaskGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Graphs of programs, as people ask for them. */
@Tag("process")
@Timeout(120)
class GraphTest extends ThisMachine {
    private static final Duration SOON = Duration.ofSeconds(60);

    private static final String PROGRAM =
            """
            import os, sys, time
            from pycompss.api.api import compss_barrier, compss_wait_on
            from pycompss.api.task import task

            @task(returns=int)
            def one(i):
                return i

            @task(returns=int)
            def add(a, b):
                return a + b

            @task(returns=int, on_failure="CANCEL_SUCCESSORS")
            def fails(a):
                raise ValueError("on purpose")

            @task(returns=int)
            def lasts(a):
                open("began", "w").close()
                time.sleep(100)
                return a

            total = add(one(1), one(2))
            if sys.argv[1] == "lasts":
                lasts(total)
            else:
                add(fails(total), total)
            compss_barrier()
            print("total", compss_wait_on(one(7)))
            """;

    private Path graph(String file) {
        return work.resolve("colla-runs/latest/graph").resolve(file);
    }

    private List<String> edges() throws IOException {
        try (var lines = Files.lines(graph("complete_graph.dot"))) {
            return lines.filter(line -> line.contains("->")).map(String::strip).toList();
        }
    }

    @Test
    void runcompssDrawsTheGraph() throws Exception {
        Files.writeString(work.resolve("app.py"), PROGRAM);
        start(List.of(Home.FOLDER.resolve("bin/runcompss").toString(), "-g", "app.py", "fails"))
                .await(SOON)
                .hasCode(0)
                .prints("total 7");
        // The numbers of data are Python's; those of tasks count calls.
        assertThat(edges())
                .map(edge -> edge.replaceAll("d\\d+v", "dNv"))
                .containsExactly(
                        "1 -> 3 [label=\"dNv2\"];",
                        "2 -> 3 [label=\"dNv2\"];",
                        "3 -> 4 [label=\"dNv2\"];",
                        "4 -> 5 [label=\"dNv2\"];",
                        "3 -> 5 [label=\"dNv2\"];",
                        "5 -> Synchro1 [style=dashed];",
                        "Synchro1 -> 6 [style=dashed];",
                        "6 -> Synchro2 [label=\"dNv2\"];");
        assertThat(graph("complete_graph.dot"))
                .content()
                .contains("tooltip=\"fails #4 failed\"", "tooltip=\"add #5 was cancelled\"", "label=\"one\"");
        assertThat(graph("complete_graph.svg")).content().startsWith("<svg").contains("6 tasks, 6 dependencies");
    }

    @Test
    void aKilledRunHasAGraphOfWhatWasCalled() throws Exception {
        Files.writeString(work.resolve("app.py"), PROGRAM);
        Launched run = start(Home.python(List.of("--graph"), "app.py", "lasts"));
        run.awaitFiles(work, "began", 1);
        Path folder = work.resolve("colla-runs/latest");
        Awaitility.await("what was before the last task is on the disk")
                .atMost(SOON)
                .until(() -> drawn(TaskGraph.read(folder)), dot -> dot.contains("add #3 done"));
        killed = true;
        mark.processes(Marked.Found::isLauncher).get(0).signal("KILL");
        run.await(SOON);
        start(List.of(Home.command(), "graph", "colla-runs/latest"))
                .await(SOON)
                .hasCode(0)
                .prints("4 tasks, 3 dependencies");
        assertThat(edges()).hasSize(3);
        assertThat(graph("complete_graph.dot"))
                .content()
                .contains("tooltip=\"add #3 done\"", "tooltip=\"lasts #4 was not over when the run ended\"");
    }

    private String drawn(@Nullable TaskGraph graph) throws IOException {
        Path dot = folder.resolve("now.dot");
        if (graph == null) {
            return "";
        }
        new GraphFiles(graph, "now", false).dot(dot);
        return Files.readString(dot);
    }

    @Test
    void aRunWithoutOneSaysWhatToDo() throws Exception {
        Files.createDirectories(work.resolve("colla-runs/old-1"));
        start(List.of(Home.command(), "graph", "colla-runs/old-1"))
                .await(SOON)
                .hasCode(2)
                .says("has recorded no graph; run it again with --graph (-g), or with --trace");
    }
}

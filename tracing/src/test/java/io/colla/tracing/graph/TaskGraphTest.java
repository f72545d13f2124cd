package io.colla.tracing.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.tracing.Records;
import io.colla.tracing.log.ThreadLog;
import io.colla.tracing.log.TraceLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

@Timeout(120)
class TaskGraphTest {
    @TempDir
    Path run;

    private interface Program {
        void record(Recording recording);
    }

    /** What a master would record. */
    private record Recording(TraceLog log, ThreadLog records) {
        Recording function(int number, String name) {
            log.describe("function", Map.of("number", Integer.toString(number), "name", name));
            return this;
        }

        Recording call(int task, int definition, int group) {
            return record(Records.GRAPH_TASK, definition, Records.pair(task, group));
        }

        Recording call(int task, int definition) {
            return call(task, definition, -1);
        }

        Recording reads(int datum, int writer, int version) {
            return record(Records.GRAPH_READ, datum, Records.pair(writer, version));
        }

        Recording joins(int datum, int version) {
            return record(Records.GRAPH_JOIN, datum, Records.pair(0, version));
        }

        Recording waits(int datum, int writer, int version) {
            return record(Records.GRAPH_SYNC, datum, Records.pair(writer, version));
        }

        Recording barrier(int group) {
            return record(Records.GRAPH_BARRIER, group, 0);
        }

        Recording ended(int task, int how) {
            return record(Records.GRAPH_ENDED, how, task);
        }

        private Recording record(int type, int detail, long value) {
            records.record(type, detail, value);
            return this;
        }
    }

    private TaskGraph graph(Program program) throws IOException {
        GraphFolder.make(run);
        try (TraceLog log = TraceLog.open(GraphFolder.log(run), Map.of("role", "master"))) {
            program.record(new Recording(log, log.thread("graph", 1)));
        }
        return Objects.requireNonNull(TaskGraph.read(run));
    }

    private static List<String> edges(Picture picture) {
        List<String> edges = new ArrayList<>();
        for (int i = 0; i < picture.edges(); i++) {
            edges.add((picture.node(picture.from(i)).id() + " "
                            + picture.node(picture.to(i)).id() + " " + picture.label(i))
                    .strip());
        }
        return edges;
    }

    private Document svg(TaskGraph graph, boolean collapse) throws Exception {
        Path file = run.resolve("graph.svg");
        new GraphFiles(graph, "a <run>", collapse).svg(file);
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    }

    @Test
    void tasksFollowThoseThatTheyNeedAndWaits() throws Exception {
        TaskGraph graph = graph(r -> r.function(0, "read")
                .function(7, "m.sum")
                .call(1, 0)
                .reads(4, 0, 1)
                .call(2, 0)
                .call(3, 7)
                .reads(0, 1, 2)
                .reads(1, 2, 2)
                .ended(1, Records.DONE)
                .ended(2, Records.FAILED)
                .ended(3, Records.CANCELLED)
                .waits(2, 3, 2)
                .waits(0, 1, 2)
                .call(4, 0)
                .barrier(-1)
                .barrier(-1)
                .call(5, 7)
                .reads(2, 3, 2)
                .waits(9, 5, 2)
                .barrier(-1));
        assertThat(graph.tasks()).isEqualTo(5);
        assertThat(edges(graph))
                .containsExactly(
                        "1 3 d1v2",
                        "2 3 d2v2",
                        "3 Synchro1 d3v2",
                        "1 Synchro1 d1v2",
                        "Synchro1 4",
                        "4 Synchro2",
                        "3 5 d3v2",
                        "5 Synchro3 d10v2");
        assertThat(graph.rows()).containsExactly(0, 0, 1, 2, 3, 4, 2, 3);
        Path dot = run.resolve("g.dot");
        new GraphFiles(graph, "app-1", false).dot(dot);
        assertThat(dot)
                .content()
                .contains(
                        "label=\"app-1: 5 tasks, 6 dependencies\"",
                        "  1 [label=\"1\", shape=circle, style=filled, fillcolor=\"#4e79a7\", fontcolor=\"#ffffff\", tooltip=\"read #1 done\"];",
                        "color=\"#d00000\", penwidth=4, peripheries=2, tooltip=\"read #2 failed\"];",
                        "style=dashed, penwidth=2, color=\"#f28e2b\", tooltip=\"m.sum #3 was cancelled\"];",
                        "tooltip=\"read #4 was not over when the run ended\"",
                        "  Synchro2 [label=\"barrier\", shape=octagon",
                        "  1 -> 3 [label=\"d1v2\"];",
                        "  Synchro1 -> 4 [style=dashed];");
        Document drawn = svg(graph, false);
        assertThat(drawn.getElementsByTagName("circle").getLength())
                .as("tasks, and the legend: two functions, failed, cancelled, unfinished")
                .isEqualTo(5 + 5);
        assertThat(drawn.getElementsByTagName("text").item(0).getTextContent())
                .isEqualTo("a <run>: 5 tasks, 6 dependencies");
    }

    @Test
    void whatSeveralMakeTogetherIsOneNode() throws Exception {
        TaskGraph graph = graph(r -> {
            r.function(0, "add").call(1, 0);
            for (int task = 2; task < 100; task++) {
                r.call(task, 0, 3).reads(0, 1, 2).joins(0, 3);
            }
            for (int task = 100; task < 200; task++) {
                r.call(task, 0).reads(0, Records.TOGETHER, 3);
            }
        });
        assertThat(graph.edges()).isEqualTo(98 + 98 + 100);
        assertThat(edges(graph)).contains("1 2 d1v2", "99 Together99 d1v3", "Together99 199 d1v3");
        Path dot = run.resolve("g.dot");
        new GraphFiles(graph, "app", false).dot(dot);
        assertThat(dot).content().contains("subgraph clusterTasks3 {");
    }

    @Test
    void manyTasksAreDrawnAsOne() throws Exception {
        TaskGraph graph = graph(r -> {
            r.function(0, "map").function(1, "reduce");
            for (int i = 0; i < 1000; i++) {
                r.call(i + 1, 0).ended(i + 1, i == 7 ? Records.FAILED : Records.DONE);
            }
            r.call(1001, 1);
            for (int i = 0; i < 1000; i++) {
                r.reads(i, i + 1, 2);
            }
        });
        Document drawn = svg(graph, false);
        assertThat(drawn.getElementsByTagName("rect").getLength())
                .as("the page and two nodes")
                .isEqualTo(3);
        assertThat(drawn.getDocumentElement().getTextContent()).contains("map x1000, 1 failed", "x1000", "failed");
        assertThat(edges(Collapsed.byDepth(graph))).containsExactly("n0 n1 x1000");
    }

    @Test
    void aGraphOf200000TasksIsReadAndDrawn() throws Exception {
        int many = 200_000;
        TaskGraph graph = graph(r -> {
            r.function(0, "step");
            for (int i = 1; i <= many; i++) {
                r.call(i, 0);
                if (i > 4) {
                    r.reads(i % 4, i - 4, i / 4 + 1);
                }
                r.ended(i, Records.DONE);
            }
        });
        assertThat(graph.edges()).isEqualTo(many - 4);
        // 50,000 rows of one function: not even by depth is that a picture.
        assertThat(new GraphFiles(graph, "large", false).svg(run.resolve("large.svg")))
                .isEqualTo("all tasks of one function are one node");
        assertThat(run.resolve("large.svg")).content().contains("step x200000");
    }

    @Test
    void nodesDoNotOverlapAndEdgesLeadDown() throws Exception {
        Random random = new Random(5);
        Map<Integer, Integer> writers = new HashMap<>();
        TaskGraph graph = graph(r -> {
            r.function(0, "f").function(1, "g");
            for (int i = 1; i <= 300; i++) {
                r.call(i, i % 2);
                for (int k = random.nextInt(3); k > 0; k--) {
                    int datum = random.nextInt(40);
                    r.reads(datum, writers.getOrDefault(datum, 0), i);
                }
                writers.put(random.nextInt(40), i);
                if (i % 90 == 0) {
                    r.barrier(-1);
                }
            }
        });
        Layout layout = Layout.of(graph);
        int[] rows = graph.rows();
        for (int i = 0; i < graph.nodes(); i++) {
            for (int k = i + 1; k < graph.nodes(); k++) {
                if (rows[i] == rows[k]) {
                    double apart = Math.abs(layout.x(i) - layout.x(k));
                    double least = (Layout.width(graph.node(i)) + Layout.width(graph.node(k))) / 2;
                    assertThat(apart).isGreaterThanOrEqualTo(least);
                }
            }
            assertThat(layout.x(i)).isBetween(0.0, layout.width());
        }
        for (int i = 0; i < graph.edges(); i++) {
            double[] points = layout.points(i);
            for (int k = 3; k < points.length; k += 2) {
                assertThat(points[k]).isGreaterThan(points[k - 2]);
            }
        }
        assertThat(svg(graph, false).getElementsByTagName("circle").getLength()).isEqualTo(300 + 2 + 1);
    }

    @Test
    void aRunWithoutARecordHasNoGraph() throws IOException {
        assertThat(TaskGraph.read(run)).isNull();
        Files.createDirectories(run.resolve("trace/logs"));
        assertThat(TaskGraph.read(run)).isNull();
    }
}

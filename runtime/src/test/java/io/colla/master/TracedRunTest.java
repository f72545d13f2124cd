package io.colla.master;

import static io.colla.api.Args.commutative;
import static io.colla.api.Args.in;
import static org.assertj.core.api.Assertions.assertThat;

import io.colla.api.Colla;
import io.colla.api.Data;
import io.colla.api.InOut;
import io.colla.platform.Allocation;
import io.colla.platform.NodeShare;
import io.colla.tracing.EventTypes;
import io.colla.tracing.TraceFolder;
import io.colla.tracing.TraceSettings;
import io.colla.tracing.TraceSettings.Level;
import io.colla.tracing.graph.GraphFiles;
import io.colla.tracing.graph.GraphFolder;
import io.colla.tracing.graph.TaskGraph;
import io.colla.tracing.merge.TraceMerger;
import io.colla.tracing.paraver.PrvReader;
import io.colla.tracing.paraver.PrvVisitor;
import io.colla.tracing.paraver.TraceChecker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the engine and the application's calls leave in a trace and in a graph, of whole runs in one process. */
@Timeout(60)
class TracedRunTest {
    private static final int AP = 1;
    private static final int TD = 2;

    @TempDir
    Path folder;

    private Path run;

    @BeforeEach
    void prepare() throws IOException {
        run = Files.createDirectories(folder.resolve("run"));
        Files.createDirectories(folder.resolve("scratch"));
    }

    private interface Application {
        void run(Colla colla);
    }

    private void run(Application application) {
        Allocation here = new Allocation("local", null, List.of(new NodeShare("here", 2, 1L << 30)), null, List.of());
        MasterSettings settings = MasterSettings.embedded(
                here, run, folder.resolve("scratch"), getClass().getClassLoader());
        try (Master master = Master.start(settings)) {
            Colla colla = master.session();
            application.run(colla);
            colla.close();
        }
    }

    /** Values of a type in a row of the trace, with how often they come. */
    private static final class Seen implements PrvVisitor {
        final Map<String, Integer> counts = new HashMap<>();
        final List<Long> depths = new ArrayList<>();
        int dependencies;

        @Override
        public void event(int cpu, int row, long time, int type, long value) {
            counts.merge(row + " " + type + "=" + value, 1, Integer::sum);
            if (type == EventTypes.READY_COUNT) {
                depths.add(value);
            }
        }

        @Override
        public void communication(
                int fromCpu,
                int fromRow,
                long sent,
                long left,
                int toCpu,
                int toRow,
                long awaited,
                long received,
                long size,
                long tag) {
            dependencies += size == 0 ? 1 : 0;
        }

        int count(int row, int type, long value) {
            return counts.getOrDefault(row + " " + type + "=" + value, 0);
        }
    }

    private Seen trace() throws IOException {
        Path prv = TraceMerger.merge(TraceFolder.logs(run), TraceFolder.trace(run), "run", false)
                .prv();
        assertThat(TraceChecker.check(prv, EventTypes.spans()).faults()).isEmpty();
        Seen seen = new Seen();
        try (PrvReader reader = PrvReader.open(prv)) {
            reader.read(seen);
        }
        return seen;
    }

    static int add(int a, int b) {
        return a + b;
    }

    static void append(@InOut List<Integer> list, int value) {
        list.add(value);
    }

    static int size(List<Integer> list) {
        return list.size();
    }

    private static void sums(Colla colla) {
        Data<Integer> sum = colla.call(TracedRunTest::add, in(0), in(0));
        for (int i = 1; i < 50; i++) {
            sum = colla.call(TracedRunTest::add, sum, in(i));
        }
        assertThat(sum.get()).isEqualTo(1225);
        colla.barrier();
    }

    @Test
    void theApplicationsCallsAndTheEnginesWorkAreInTheTrace() throws IOException {
        TraceFolder.make(run, TraceSettings.of(Level.FULL), "run");
        run(TracedRunTest::sums);
        Seen seen = trace();
        assertThat(Files.readString(TraceFolder.trace(run).resolve("run.row")))
                .contains("MAIN APP (1.1.1)\nRUNTIME AP (1.1.2)\nRUNTIME TD (1.1.3)\n");
        assertThat(seen.count(0, EventTypes.API, CallTrace.START)).isEqualTo(1);
        assertThat(seen.count(0, EventTypes.API, CallTrace.EXECUTE)).isEqualTo(50);
        assertThat(seen.count(0, EventTypes.API, CallTrace.GET_OBJECT)).isEqualTo(1);
        assertThat(seen.count(0, EventTypes.API, CallTrace.BARRIER)).isEqualTo(1);
        assertThat(seen.count(0, EventTypes.API, CallTrace.END)).isEqualTo(1);
        assertThat(seen.count(0, EventTypes.API, CallTrace.STOP)).isEqualTo(1);
        assertThat(seen.count(0, EventTypes.API, 0)).isEqualTo(55);
        for (int phase : new int[] {
            EngineTrace.ANALYSE_TASK, EngineTrace.UPDATE_GRAPH, EngineTrace.WAIT_FOR_DATA, EngineTrace.FINISH_ACCESS
        }) {
            assertThat(seen.count(AP, EventTypes.RUNTIME, phase))
                    .as("phase %d", phase)
                    .isPositive();
            assertThat(seen.count(TD, EventTypes.RUNTIME, phase)).isZero();
        }
        assertThat(seen.count(TD, EventTypes.RUNTIME, EngineTrace.EXECUTE_TASKS))
                .isPositive();
        assertThat(seen.count(TD, EventTypes.RUNTIME, EngineTrace.WORKER_UPDATE))
                .isEqualTo(1);
        assertThat(seen.counts.keySet())
                .as("of the worker's main thread")
                .anyMatch(event -> event.endsWith(" " + EventTypes.RUNTIME + "=13"));
        assertThat(seen.depths).contains(1L).endsWith(0L);
        assertThat(seen.dependencies).isEqualTo(49);
    }

    @Test
    void aBasicTraceHasTheCallsOnly() throws IOException {
        TraceFolder.make(run, TraceSettings.of(Level.BASIC), "run");
        run(TracedRunTest::sums);
        Seen seen = trace();
        assertThat(seen.count(0, EventTypes.API, CallTrace.EXECUTE)).isEqualTo(50);
        assertThat(seen.depths).isEmpty();
        assertThat(seen.dependencies).isZero();
        assertThat(TaskGraph.read(run)).isNull();
    }

    @Test
    void aGraphIsRecordedWithoutATrace() throws IOException {
        GraphFolder.make(run);
        run(colla -> {
            Data<List<Integer>> list = colla.data(new ArrayList<>());
            colla.run(TracedRunTest::append, list, in(1));
            for (int i = 0; i < 3; i++) {
                colla.run(TracedRunTest::append, commutative(list), in(i));
            }
            Data<Integer> size = colla.call(TracedRunTest::size, list);
            colla.call(TracedRunTest::add, size, size);
            assertThat(size.get()).isEqualTo(4);
            colla.call(TracedRunTest::add, in(1), in(2));
        });
        assertThat(TraceFolder.isTraced(run)).isFalse();
        TaskGraph graph = Objects.requireNonNull(TaskGraph.read(run));
        Path dot = folder.resolve("g.dot");
        new GraphFiles(graph, "run", false).dot(dot);
        assertThat(Files.readString(dot)
                        .lines()
                        .filter(line -> line.contains("->"))
                        .map(String::strip))
                .containsExactly(
                        "1 -> 2 [label=\"d1v2\"];",
                        "1 -> 3 [label=\"d1v2\"];",
                        "1 -> 4 [label=\"d1v2\"];",
                        "2 -> Together4 [label=\"d1v3\"];",
                        "3 -> Together4 [label=\"d1v3\"];",
                        "4 -> Together4 [label=\"d1v3\"];",
                        "Together4 -> 5 [label=\"d1v3\"];",
                        "5 -> 6 [label=\"d6v2\"];",
                        "5 -> Synchro1 [label=\"d6v2\"];",
                        "Synchro1 -> 7 [style=dashed];");
        assertThat(dot).content().contains("tooltip=\"TracedRunTest.size #5 done\"");
    }
}

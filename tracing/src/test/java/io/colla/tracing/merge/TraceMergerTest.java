package io.colla.tracing.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.tracing.EventTypes;
import io.colla.tracing.Records;
import io.colla.tracing.log.ThreadLog;
import io.colla.tracing.log.TraceLog;
import io.colla.tracing.paraver.TraceChecker;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TraceMergerTest {
    private static final Set<Integer> PAIRED = EventTypes.spans();
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path folder;

    private Path logs;

    private TraceLog log(String name, String role, int worker, String node, int cpus) throws IOException {
        logs = Files.createDirectories(folder.resolve("logs"));
        return TraceLog.open(
                logs.resolve(name + ".ctl"),
                Map.of(
                        "role",
                        role,
                        "boot",
                        boot(node),
                        "worker",
                        Integer.toString(worker),
                        "node",
                        node,
                        "cpus",
                        Integer.toString(cpus)));
    }

    private boolean oneMachine = true;

    private String boot(String node) {
        return oneMachine ? "same" : node;
    }

    private TraceChecker.Findings merged() throws IOException {
        TraceMerger.Written written = TraceMerger.merge(logs, folder.resolve("trace"), "run", false);
        TraceChecker.Findings findings = TraceChecker.check(written.prv(), PAIRED);
        assertThat(written.records()).isEqualTo(findings.states() + findings.events() + findings.communications());
        return findings;
    }

    private static void task(ThreadLog thread, long at, long lasts, int definition, int task) {
        if (definition == 0) {
            thread.record(at, Records.MEMORY, 0, 64);
        }
        thread.record(at, Records.TASK_TAKEN, definition, Records.task(task, 2 - definition, 0));
        thread.record(at + 10, Records.TASK_BEGIN, definition, Records.task(task, 2 - definition, 0));
        thread.record(at + 10 + lasts, Records.TASK_END, 0, task);
        thread.record(at + 20 + lasts, Records.TASK_LEFT, definition, task);
    }

    private static void define(TraceLog log) {
        log.describe("definition", Map.of("number", "0", "name", "count(int)", "type", "1"));
        log.describe("definition", Map.of("number", "1", "name", "run", "type", "2"));
    }

    @Test
    void tasksOfAllNodesAreInOneTrace() throws IOException {
        try (TraceLog master = log("master", "master", 0, "n1", 4);
                TraceLog worker = log("worker", "worker", 1, "n2", 2)) {
            define(master);
            master.thread("counters", 1).record(1100, EventTypes.NODE_CPU, 0, 2500);
            ThreadLog main = master.thread("main", 1);
            main.record(1000, EventTypes.API, 0, 2);
            main.record(1200, EventTypes.API, 0, 0);
            worker.thread("worker", 1);
            ThreadLog first = worker.thread("executor", 1);
            ThreadLog second = worker.thread("executor", 2);
            first.record(2000, Records.CORE, 1, 17);
            for (int i = 0; i < 100; i++) {
                task(first, 2000 + i * 100, 50, i % 2, 2 * i + 1);
                task(second, 2000 + i * 100, 70, 0, 2 * i + 2);
            }
        }
        TraceChecker.Findings findings = merged();
        assertThat(findings.faults()).isEmpty();
        assertThat(findings.spans()).containsEntry(EventTypes.TASK, 200L);
        assertThat(findings.durations()).containsEntry(EventTypes.TASK, 100L * 50 + 100L * 70);
        assertThat(findings.machine().nodes()).hasSize(2);
        List<String> prv = Files.readAllLines(folder.resolve("trace/run.prv"));
        assertThat(prv.get(0)).endsWith(":2(4,2):2:1(2:1),2(1:2,2:2),0");
        // The order in which COMPSs' own traces have a task's events, on the global number of the node's second core.
        assertThat(prv)
                .containsSubsequence(
                        "2:6:2:2:1:1000:8001005:1:8000008:2:8000010:64:8000007:1:8001002:11",
                        "1:6:2:2:1:1010:1060:1",
                        "2:6:2:2:1:1010:8000000:1:8000002:1:8000150:18",
                        "2:6:2:2:1:1060:8000000:0:8000002:0:8000150:0",
                        "2:6:2:2:1:1070:8001002:0:8000007:0:8000008:0:8000010:0:8001005:0");
        assertThat(folder.resolve("trace/run.pcf"))
                .content()
                .contains("0    8000000    Task\n", "1      count(int)\n2      run\n");
        assertThat(folder.resolve("trace/run.row"))
                .content()
                .contains(
                        "MAIN APP (1.1.1)\nCOUNTERS (1.1.2)\nWORKER MAIN (2.1.1)\nEXECUTOR (2.2.1)\nEXECUTOR (2.2.2)\n");
        assertThat(folder.resolve("trace/cfgs/tasks.cfg")).exists();
        assertThat(folder.resolve("trace/cfgs/inside_tasks.cfg"))
                .as("a view of events that the trace does not have")
                .doesNotExist();
    }

    @Test
    void clocksThatDifferAndDriftBecomeOne() throws IOException {
        oneMachine = false;
        long ahead = 5 * SECOND;
        double drift = 20e-6;
        Random random = new Random(7);
        try (TraceLog master = log("master", "master", 0, "n1", 1);
                TraceLog worker = log("worker", "worker", 1, "n2", 1)) {
            define(master);
            ThreadLog clocks = master.thread("clock", 1);
            master.thread("main", 1).record(0, EventTypes.USER, 0, 1);
            ThreadLog executor = worker.thread("executor", 1);
            ThreadLog transfers = worker.thread("transfer", 1);
            for (int second = 0; second < 100; second++) {
                long now = second * SECOND;
                long took = 20_000 + random.nextInt(3_000_000);
                long error = (long) ((random.nextDouble() - 0.5) * took);
                long there = now + ahead + (long) (now * drift);
                clocks.record(now + took / 2, Records.CLOCK, 1, there + error);
                clocks.record(now + took / 2, Records.CLOCK_ERROR, 1, took);
                task(executor, there, 1000, 0, second + 1);
                transfers.record(there + 500, Records.TRANSFER, 0, 4096);
                transfers.record(there + 500, Records.TRANSFER_OF, 33, there + 400);
            }
        }
        TraceChecker.Findings findings = merged();
        assertThat(findings.faults()).isEmpty();
        assertThat(findings.communications()).isEqualTo(100);
        List<String> lines = Files.readAllLines(folder.resolve("trace/run.prv"));
        assertThat(lines)
                .as("what was asked for, on the row of who asked")
                .filteredOn(line -> line.startsWith("2:0:2:1:1:") && line.endsWith(":8000004:33"))
                .hasSize(100);
        long worst = 0;
        for (String line : lines) {
            String[] fields = line.split(":");
            if (line.startsWith("3:")) {
                long sent = Long.parseLong(fields[5]);
                worst = Math.max(worst, Math.abs(sent - Math.round((double) sent / SECOND) * SECOND));
            }
        }
        assertThat(worst).as("nanoseconds that a time is off").isLessThan(600_000);
    }

    @Test
    void aKilledWorkersTasksEndWhereItsLogDoes() throws IOException {
        try (TraceLog master = log("master", "master", 0, "n1", 1);
                TraceLog worker = log("worker", "worker", 1, "n2", 1)) {
            define(master);
            master.thread("main", 1).record(9000, EventTypes.USER, 0, 1);
            ThreadLog executor = worker.thread("executor", 1);
            task(executor, 100, 50, 7, 1); // of a function that no log describes
            executor.record(290, EventTypes.EXECUTOR_COUNT, 0, 1);
            executor.record(300, Records.TASK_TAKEN, 1, Records.task(2, 1, 0));
            executor.record(310, Records.TASK_BEGIN, 1, Records.task(2, 1, 0));
            ThreadLog other = worker.thread("executor", 2);
            task(other, 700, 50, 0, 3);
        }
        Path file = logs.resolve("worker.ctl");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(Files.size(file) - 5);
        }
        TraceChecker.Findings findings = merged();
        assertThat(findings.faults()).isEmpty();
        assertThat(findings.spans()).containsEntry(EventTypes.TASK, 3L);
        assertThat(findings.durations()).containsEntry(EventTypes.TASK, 50L + 50 + (770 - 310));
        assertThat(Files.readAllLines(folder.resolve("trace/run.prv")))
                .as("the task that was cut off has failed")
                .filteredOn(line -> line.contains(":" + EventTypes.TASK_FAILED + ":1"))
                .hasSize(1);
    }

    @Test
    void dependenciesLeadFromTheAttemptThatSucceeded() throws IOException {
        try (TraceLog master = log("master", "master", 0, "n1", 2);
                TraceLog worker = log("worker", "worker", 1, "n1", 2)) {
            define(master);
            ThreadLog one = worker.thread("executor", 1);
            ThreadLog two = worker.thread("executor", 2);
            attempt(one, 1000, 2000, 1, true);
            attempt(two, 2500, 3000, 1, false);
            attempt(one, 2600, 3900, 2, false);
            attempt(two, 4000, 4100, 3, false);
            attempt(one, 4200, 4300, 4, false);
            ThreadLog graph = master.thread("graph", 1);
            calls(graph, 1, new long[] {Records.pair(0, 1)});
            calls(graph, 2, new long[] {});
            graph.record(500, Records.GRAPH_JOIN, 9, Records.pair(0, 2));
            calls(graph, 3, new long[] {Records.pair(1, 2)});
            graph.record(500, Records.GRAPH_JOIN, 9, Records.pair(0, 2));
            graph.record(500, Records.GRAPH_TASK, 0, Records.pair(4, -1));
            graph.record(500, Records.GRAPH_READ, 9, Records.pair(Records.TOGETHER, 2));
            calls(graph, 5, new long[] {Records.pair(4, 2)}); // never ran
        }
        TraceChecker.Findings findings = merged();
        assertThat(findings.faults()).isEmpty();
        assertThat(Files.readAllLines(folder.resolve("trace/run.prv")).stream().filter(line -> line.startsWith("3:")))
                .containsExactly(
                        "3:0:2:2:2:2500:2500:0:2:2:2:3500:3500:0:1", "3:0:2:2:2:3600:3600:0:2:2:1:3700:3700:0:3");
    }

    private static void attempt(ThreadLog thread, long begin, long end, int task, boolean fails) {
        thread.record(begin, Records.TASK_TAKEN, 0, Records.task(task, 1, 0));
        thread.record(begin, Records.TASK_BEGIN, 0, Records.task(task, 1, 0));
        thread.record(end, Records.TASK_END, fails ? 1 : 0, task);
        thread.record(end, Records.TASK_LEFT, 0, task);
    }

    private static void calls(ThreadLog graph, int task, long[] reads) {
        graph.record(500, Records.GRAPH_TASK, 0, Records.pair(task, -1));
        for (long read : reads) {
            graph.record(500, Records.GRAPH_READ, 0, read);
        }
    }

    @Test
    void manyDependenciesAreSortedInPieces() throws IOException {
        int many = 300_000;
        try (TraceLog master = log("master", "master", 0, "n1", 1);
                TraceLog worker = log("worker", "worker", 1, "n1", 1)) {
            define(master);
            ThreadLog executor = worker.thread("executor", 1);
            ThreadLog graph = master.thread("graph", 1);
            Random random = new Random(1);
            for (int i = 1; i <= many; i++) {
                attempt(executor, i * 100L, i * 100L + 50, i, false);
                if (i > 1) {
                    calls(graph, i, new long[] {Records.pair(1 + random.nextInt(i - 1), 2)});
                }
            }
        }
        TraceChecker.Findings findings = merged();
        assertThat(findings.faults()).isEmpty();
        assertThat(findings.communications()).isEqualTo(many - 1);
        try (var files = Files.list(folder.resolve("trace"))) {
            assertThat(files).as("what was put aside").noneMatch(file -> file.toString()
                    .endsWith(".tmp"));
        }
    }

    @Test
    void manyTransfersAreSortedInPieces() throws IOException {
        int many = 150_000;
        Random random = new Random(3);
        try (TraceLog worker = log("worker", "worker", 1, "n2", 1)) {
            worker.thread("executor", 1).record(0, EventTypes.USER, 0, 1);
            ThreadLog transfers = worker.thread("transfer", 1);
            for (int i = 1; i <= many; i++) {
                long at = i * 1000L;
                transfers.record(at, Records.TRANSFER, 1, i);
                transfers.record(at, Records.TRANSFER_OF, i, at - random.nextInt((int) Math.min(at, 10_000_000)));
            }
        }
        TraceChecker.Findings findings = merged();
        assertThat(findings.faults()).isEmpty();
        assertThat(findings.communications()).isEqualTo(many);
        assertThat(folder.resolve("trace"))
                .isDirectoryNotContaining(file -> file.getFileName().toString().startsWith("."));
    }

    @Test
    void aCompressedTraceHoldsTheSame() throws IOException {
        tasksOfAllNodesAreInOneTrace();
        TraceMerger.Written written = TraceMerger.merge(logs, folder.resolve("trace"), "small", true);
        TraceChecker.Findings findings = TraceChecker.check(written.prv(), PAIRED);
        assertThat(findings.faults()).isEmpty();
        assertThat(findings.spans()).containsEntry(EventTypes.TASK, 200L);
    }

    @Test
    void aFolderWithoutLogsIsSaidSo() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("empty"));
        assertThatThrownBy(() -> TraceMerger.merge(empty, folder.resolve("trace"), "run", false))
                .hasMessage("there is no trace log in " + empty);
    }
}

package io.colla.tracing.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.tracing.EventTypes;
import io.colla.tracing.log.ThreadLog;
import io.colla.tracing.log.TraceLog;
import io.colla.tracing.paraver.TraceChecker;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Python's processes in a trace: their rows, their phases, and the application's labels. */
@Timeout(60)
class PythonRowsTest {
    private static final Set<Integer> PAIRED = Set.of(
            EventTypes.THREAD_TYPE,
            EventTypes.INSIDE_TASK,
            EventTypes.INSIDE_WORKER,
            EventTypes.BINDING_MASTER,
            EventTypes.USER);

    @TempDir
    Path folder;

    private Path logs;

    @BeforeEach
    void logsOfMasterAndWorker() throws IOException {
        logs = Files.createDirectories(folder.resolve("logs"));
        try (TraceLog master = log("master", "master", Map.of("node", "n1", "cpus", "2"))) {
            master.describe("worker", Map.of("number", "1", "node", "n1"));
            master.thread("main", 1).record(EventTypes.API, 0);
        }
        try (TraceLog worker = log("worker", "worker", Map.of("node", "n1", "cpus", "2"))) {
            worker.thread("worker", 1).record(EventTypes.EXECUTOR_ACTIVITY, 0);
        }
    }

    private TraceLog log(String name, String role, Map<String, String> values) throws IOException {
        Map<String, String> all = new HashMap<>(values);
        all.put("role", role);
        return TraceLog.open(logs.resolve(name + ".ctl"), all);
    }

    private TraceLog executor(int number) throws IOException {
        return log("python-executor-n1-" + number, "python-executor", Map.of("node", "n1"));
    }

    private static void call(ThreadLog thread) {
        for (int phase : new int[] {4, 8, 6, 9, 0}) {
            thread.record(EventTypes.INSIDE_TASK, phase);
        }
    }

    private TraceChecker.Findings merged() throws IOException {
        TraceMerger.Written written = TraceMerger.merge(logs, folder.resolve("trace"), "run", false);
        assertThat(written.damaged()).isEmpty();
        TraceChecker.Findings findings = TraceChecker.check(written.prv(), PAIRED);
        assertThat(findings.faults()).isEmpty();
        return findings;
    }

    private List<String> prv() throws IOException {
        return Files.readAllLines(folder.resolve("trace/run.prv"));
    }

    @Test
    void anExecutorThatComesWhenAnotherHasEndedHasItsRow() throws IOException {
        for (int number = 1; number <= 50; number++) {
            try (TraceLog first = executor(2 * number);
                    TraceLog second = executor(2 * number + 1)) {
                ThreadLog one = first.thread("python", 1);
                ThreadLog other = second.thread("python", 1);
                one.record(EventTypes.THREAD_TYPE, 9);
                other.record(EventTypes.THREAD_TYPE, 9);
                call(one);
                call(other);
                one.record(EventTypes.THREAD_TYPE, 0);
                other.record(EventTypes.THREAD_TYPE, 0);
            }
        }
        TraceChecker.Findings findings = merged();
        assertThat(findings.spans()).containsEntry(EventTypes.INSIDE_TASK, 4L * 100);
        assertThat(folder.resolve("trace/run.row"))
                .content()
                .contains("PYTHON WORKER (2.3.1)\nPYTHON WORKER (2.3.2)\n")
                .doesNotContain("2.3.3");
        assertThat(prv().get(0)).endsWith(":1(2):2:1(1:1),3(1:1,1:1,2:1),0");
    }

    @Test
    void aThousandProcessesAreReadByTurns() throws IOException {
        for (int number = 1; number <= 1000; number++) {
            try (TraceLog log = executor(number)) {
                ThreadLog thread = log.thread("python", 1);
                call(thread);
            }
        }
        long before = openFiles();
        long[] most = new long[1];
        try (RunLogs opened = RunLogs.open(logs)) {
            most[0] = openFiles() - before;
            assertThat(opened.processes()).hasSize(1002);
        }
        assertThat(most[0]).isLessThan(300);
        assertThat(merged().spans()).containsEntry(EventTypes.INSIDE_TASK, 4L * 1000);
        assertThat(folder.resolve("trace/run.row")).content().doesNotContain("2.3.2");
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    @Test
    void aPhaseEndsWhereTheNextBegins() throws IOException {
        try (TraceLog log = executor(7)) {
            ThreadLog thread = log.thread("python", 1);
            thread.record(EventTypes.INSIDE_WORKER, 1);
            thread.record(EventTypes.INSIDE_TASK, 6);
            thread.record(EventTypes.SERIALIZATION_SIZE, 77);
            thread.record(EventTypes.INSIDE_TASK, 9);
            thread.record(EventTypes.INSIDE_TASK, 0);
            thread.record(EventTypes.INSIDE_TASK, 0);
            thread.record(EventTypes.INSIDE_TASK, 6);
            thread.record(EventTypes.INSIDE_TASK, 0);
        }
        assertThat(merged().spans())
                .containsEntry(EventTypes.INSIDE_TASK, 3L)
                .containsEntry(EventTypes.INSIDE_WORKER, 5L);
        assertThat(prv().stream()
                        .filter(line -> line.startsWith("2:0:2:3:1:"))
                        .map(line -> line.replaceAll("2:0:2:3:1:[0-9]+:", "")))
                .containsExactly(
                        "9000200:1",
                        "9000200:0",
                        "9000200:2",
                        "9000100:6",
                        "9000600:77",
                        "9000100:0",
                        "9000100:9",
                        "9000100:0",
                        "9000600:0",
                        "9000200:0",
                        "9000200:1",
                        "9000200:0",
                        "9000200:2",
                        "9000100:6",
                        "9000100:0",
                        "9000200:0",
                        "9000200:1",
                        "9000200:0");
    }

    @Test
    void whatAKilledExecutorWasAtLastsUntilItsEnd() throws IOException {
        Path file = logs.resolve("python-executor-n1-7.ctl");
        long killed;
        try (TraceLog log = executor(7)) {
            ThreadLog thread = log.thread("python", 1);
            thread.record(EventTypes.THREAD_TYPE, 9);
            thread.record(EventTypes.INSIDE_TASK, 6);
        }
        try (TraceLog log = executor(8)) {
            log.thread("python", 1).record(EventTypes.INSIDE_TASK, 0);
        }
        killed = Files.size(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(killed - 8); // its end
        }
        assertThat(merged().durations().get(EventTypes.INSIDE_TASK)).isPositive();
    }

    @Test
    void theProgramHasARowOfTheMasters() throws IOException {
        try (TraceLog log = log("python-program-here-3", "python-program", Map.of())) {
            ThreadLog thread = log.thread("python-main", 1);
            thread.record(EventTypes.THREAD_TYPE, 1);
            thread.record(EventTypes.BINDING_MASTER, 3);
            thread.record(EventTypes.BINDING_MASTER, 22);
            thread.record(EventTypes.BINDING_MASTER, 3);
        }
        assertThat(merged().machine().nodes()).hasSize(1);
        assertThat(folder.resolve("trace/run.row")).content().contains("MAIN APP (1.1.1)\nPYTHON MAIN (1.1.2)\n");
    }

    @Test
    void anApplicationsLabelsAreInTheTrace() throws IOException {
        try (TraceLog log = executor(7);
                TraceLog other = executor(8)) {
            log.describe("event-type", Map.of("type", "9100000", "label", "", "value.3", "read[ing]"));
            other.describe("event-type", Map.of("type", "9100000", "value.4", "writing", "value.99999999999", "no"));
            other.describe("event-type", Map.of("type", "9100001", "label", "Task", "value.x", "no"));
            other.describe("event-type", Map.of("type", "8000002", "label", "Mine"));
            other.describe("event-type", Map.of("type", "nonsense"));
            ThreadLog thread = log.thread("python", 1);
            for (int type : new int[] {EventTypes.USER, 9100001, EventTypes.TASK_ID}) {
                thread.record(type, 3);
                thread.record(type, 0);
                thread.record(type, 7);
                thread.record(type, 0);
            }
        }
        merged();
        assertThat(folder.resolve("trace/run.pcf"))
                .content()
                .contains("9100000    User events\nVALUES\n0      End\n3      read(ing)\n4      writing\n7      7\n")
                .contains("9100001    Task (9100001)\n")
                .contains("8000002    Task IDs\n")
                .doesNotContain("Mine");
    }
}

package io.colla.tracing.paraver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.tracing.paraver.Machine.Application;
import io.colla.tracing.paraver.Machine.Node;
import io.colla.tracing.paraver.Machine.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParaverTest {
    private static final Machine TWO_NODES = new Machine(
            List.of(new Node("n1", 2), new Node("n2", 4)),
            List.of(
                    new Application("master", List.of(new Task(1, List.of("MAIN APP (1.1.1)")))),
                    new Application(
                            "n2",
                            List.of(
                                    new Task(2, List.of("WORKER MAIN (2.1.1)")),
                                    new Task(2, List.of("EXECUTOR (2.2.1)", "EXECUTOR (2.2.2)"))))));
    private static final ThreadId MAIN = new ThreadId(1, 1, 1);
    private static final ThreadId EXECUTOR = new ThreadId(2, 2, 2);
    private static final EventType TASK = new EventType(0, 8000000, "Task", Map.of(0L, "End", 1L, "count(int)"));

    @TempDir
    Path folder;

    /** Writes records with their labels and names, and checks them. */
    private TraceChecker.Findings checked(Records records) throws IOException {
        Path prv = folder.resolve("t.prv");
        try (PrvWriter out =
                new PrvWriter(Files.newOutputStream(prv), TWO_NODES, 100, LocalDateTime.of(2026, 11, 26, 9, 5))) {
            records.to(out);
        }
        Files.writeString(folder.resolve("t.pcf"), PcfWriter.text(List.of(TASK)));
        Files.writeString(folder.resolve("t.row"), RowWriter.text(TWO_NODES));
        return TraceChecker.check(prv, Set.of(8000000));
    }

    private interface Records {
        void to(PrvWriter out) throws IOException;
    }

    private static void event(PrvWriter out, int cpu, ThreadId thread, long time, long value) throws IOException {
        out.events(cpu, thread, time);
        out.event(8000000, value);
        out.endEvents();
    }

    private static void task(PrvWriter out) throws IOException {
        out.state(6, EXECUTOR, 10, 30, State.RUNNING.number());
        event(out, 6, EXECUTOR, 10, 1);
        event(out, 6, EXECUTOR, 30, 0);
    }

    @Test
    void noMessageIsReceivedBeforeItWasSent() throws IOException {
        long[] clamped = new long[1];
        TraceChecker.Findings findings = checked(out -> {
            out.communication(1, MAIN, 40, 6, EXECUTOR, 39, 4096, 7);
            out.communication(1, MAIN, 41, 6, EXECUTOR, 41, 4096, 8);
            out.communication(6, EXECUTOR, 50, 1, MAIN, 70, 4096, 9);
            clamped[0] = out.clamped();
        });
        assertThat(findings.faults()).isEmpty();
        assertThat(clamped[0]).isEqualTo(1);
        assertThat(folder.resolve("t.prv"))
                .content()
                .contains("3:1:1:1:1:40:40:6:2:2:2:40:40:4096:7\n", "3:1:1:1:1:41:41:6:2:2:2:41:41:4096:8\n")
                .contains(":50:50:1:1:1:1:70:70:4096:9\n");
    }

    @Test
    void aTraceIsWrittenAsParaverReadsIt() throws IOException {
        TraceChecker.Findings findings = checked(out -> {
            out.state(1, MAIN, 0, 0, 1);
            task(out);
            out.communication(1, MAIN, 40, 6, EXECUTOR, 55, 4096, 7);
        });
        assertThat(findings.faults()).isEmpty();
        assertThat(folder.resolve("t.prv"))
                .hasContent(
                        """
                #Paraver (26/11/2026 at 09:05):100_ns:2(2,4):2:1(1:1),2(1:2,2:2),0
                1:6:2:2:2:10:30:1
                2:6:2:2:2:10:8000000:1
                2:6:2:2:2:30:8000000:0
                3:1:1:1:1:40:40:6:2:2:2:55:55:4096:7
                """);
        assertThat(findings.states()).isEqualTo(1);
        assertThat(findings.spans()).containsEntry(8000000, 1L);
        assertThat(findings.durations()).containsEntry(8000000, 20L);
        assertThat(findings.machine().nodeOf(EXECUTOR)).isEqualTo(2);
    }

    @Test
    void numbersOfEverySizeAreWrittenWhole() throws IOException {
        Path prv = folder.resolve("n.prv");
        long[] values = {0, 9, 10, 99, 100, -1, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, -1_000_000_000_000L};
        try (PrvWriter out = new PrvWriter(Files.newOutputStream(prv), TWO_NODES, 1, LocalDateTime.now())) {
            for (int round = 0; round < 3000; round++) {
                out.events(1, MAIN, 1);
                for (long value : values) {
                    out.event(1, value);
                }
                out.endEvents();
            }
        }
        StringBuilder expected = new StringBuilder("2:1:1:1:1:1");
        for (long value : values) {
            expected.append(":1:").append(value);
        }
        List<String> lines = Files.readAllLines(prv);
        assertThat(lines).hasSize(3001);
        assertThat(lines.subList(1, 3001)).containsOnly(expected.toString());
    }

    @Test
    void whatParaverWouldPassOverIsFound() throws IOException {
        assertThat(checked(out -> event(out, 1, EXECUTOR, 10, 1)).faults())
                .anySatisfy(fault -> assertThat(fault).contains("cpu 1, which is not of its node"))
                .anySatisfy(fault -> assertThat(fault).contains("never ends"));
        assertThat(checked(out -> event(out, 0, EXECUTOR, 10, 0)).faults())
                .anyMatch(fault -> fault.contains("had not begun"));
        assertThat(checked(out -> event(out, 0, new ThreadId(2, 2, 3), 10, 1)).faults())
                .anyMatch(fault -> fault.contains("thread 2.2.3"));
        assertThat(checked(out -> {
                            task(out);
                            out.state(0, EXECUTOR, 29, 101, 99);
                        })
                        .faults())
                .anyMatch(fault -> fault.contains("out of order"))
                .anyMatch(fault -> fault.contains("overlaps"))
                .anyMatch(fault -> fault.contains("the trace lasts 100"))
                .anyMatch(fault -> fault.contains("state 99 has no label"));
        checked(out -> out.communication(1, MAIN, 40, 6, EXECUTOR, 41, 1, 1));
        Path prv = folder.resolve("t.prv");
        Files.writeString(prv, Files.readString(prv).replace(":41:41:1:1", ":39:39:1:1")); // as no writer of ours would
        assertThat(TraceChecker.check(prv, Set.of(8000000)).faults())
                .anyMatch(fault -> fault.contains("received before it was sent"));
        assertThat(checked(out -> {
                            out.events(1, MAIN, 4);
                            out.event(12345, 1);
                            out.endEvents();
                        })
                        .faults())
                .containsExactly("event type 12345 has no label");
    }

    @Test
    void labelsThatParaverWouldMisreadAreRefused() {
        assertThatThrownBy(() -> PcfWriter.text(List.of(TASK, new EventType(0, 5, "Task", Map.of()))))
                .hasMessage("event types 8000000 and 5 are both Task");
        assertThatThrownBy(() -> new EventType(0, 1, "x", Map.of(1L << 31, "far")))
                .hasMessageContaining("Paraver ignores");
        assertThat(PcfWriter.text(List.of(new EventType(0, 1, "x", Map.of(1L, "f([I)\r\nb")))))
                .contains("1      f((I) b\n");
    }
}

package io.colla.tracing.paraver;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.tracing.paraver.Machine.Application;
import io.colla.tracing.paraver.Machine.Node;
import io.colla.tracing.paraver.Machine.Task;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A good trace in which one thing is made wrong at a time. */
class TraceCheckerTest {
    private static final Set<Integer> PAIRED = Set.of(8000000);
    private static final Machine TWO_NODES = new Machine(
            List.of(new Node("n1", 2), new Node("n2", 4)),
            List.of(
                    new Application("", List.of(new Task(1, List.of("MAIN APP (1.1.1)")))),
                    new Application(
                            "",
                            List.of(
                                    new Task(2, List.of("WORKER MAIN (2.1.1)")),
                                    new Task(2, List.of("EXECUTOR (2.2.1)", "EXECUTOR (2.2.2)"))))));

    @TempDir
    Path folder;

    private Path prv;
    private Path pcf;
    private Path row;

    @BeforeEach
    void writeAGoodTrace() throws IOException {
        prv = folder.resolve("t.prv");
        pcf = folder.resolve("t.pcf");
        row = folder.resolve("t.row");
        try (PrvWriter out =
                new PrvWriter(Files.newOutputStream(prv), TWO_NODES, 1000, LocalDateTime.of(2026, 11, 26, 9, 5))) {
            ThreadId main = new ThreadId(1, 1, 1);
            for (int i = 0; i < 2; i++) {
                ThreadId executor = new ThreadId(2, 2, i + 1);
                out.state(3 + i, executor, 100, 200, State.RUNNING.number());
            }
            for (int i = 0; i < 2; i++) {
                event(out, 3 + i, new ThreadId(2, 2, i + 1), 100, 1 + i);
            }
            out.communication(1, main, 100, 3, new ThreadId(2, 1, 1), 150, 4096, 7);
            for (int i = 0; i < 2; i++) {
                event(out, 3 + i, new ThreadId(2, 2, i + 1), 200, 0);
            }
            out.events(0, main, 300);
            out.event(9100000, -5);
            out.endEvents();
        }
        Files.writeString(
                pcf,
                PcfWriter.text(List.of(
                        new EventType(0, 8000000, "Task", Map.of(0L, "End", 1L, "f()", 2L, "g()")),
                        new EventType(0, 9100000, "User events", Map.of()))));
        Files.writeString(row, RowWriter.text(TWO_NODES));
    }

    private static void event(PrvWriter out, int cpu, ThreadId thread, long time, long value) throws IOException {
        out.events(cpu, thread, time);
        out.event(8000000, value);
        out.endEvents();
    }

    private List<String> faults() throws IOException {
        return TraceChecker.check(prv, PAIRED).faults();
    }

    @Test
    void theTraceIsGoodToBeginWith() throws IOException {
        TraceChecker.Findings findings = TraceChecker.check(prv, PAIRED);
        assertThat(findings.faults()).isEmpty();
        assertThat(findings.found()).isZero();
        assertThat(findings.records()).isEqualTo(8);
        assertThat(findings.spans()).containsExactly(Map.entry(8000000, 2L));
        assertThat(findings.durations()).containsExactly(Map.entry(8000000, 200L));
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # in the .prv                    | becomes                            | and is found as
            :1000_ns:                        | :199_ns:                           | line 7 is at 200, and the trace lasts 199
            :1000_ns:                        | :1000:                             | no header of nanoseconds
            1000_ns:2(2,4):                  | 1000_ns:3(2,4):                    | says that there are 3 nodes and describes 2
            2(2,4):2:                        | 2(2,4):3:                          | says that there are 3 applications and describes 2
            2(1:2,2:2)                       | 3(1:2,2:2)                         | says that there are 3 tasks and describes 2
            2(1:2,2:2)                       | 2(1:2,2:3)                         | makes no sense:  is on node 3 of 2
            2(1:2,2:2)                       | 2(1:2,1:2)                         | thread 2.2.2, which the header does not have
            ,0¶1:3                           | ,1¶1:3                             | is no communicator
            1:3:2:2:1:100:200:1              | 1:3:2:2:1:100:200                  | line 2 is no record
            1:3:2:2:1:100:200:1              | 1:3:2:2:1:100:200:1:1              | line 2 is no record
            1:3:2:2:1:100:200:1              | 4:3:2:2:1:100:200:1                | line 2 is no record
            1:3:2:2:1:100:200:1              | 1:3:2:2:1:100:-200:1               | line 2 is no record
            1:3:2:2:1:100:200:1              | 1:3:2:2:1:100:200:1 ¶              | line 2 is no record
            1:3:2:2:1:100:200:1              | 1:3:2:2:1:100:200:1¶               | line 3 is no record
            1:3:2:2:1:100:200:1              | 1:3:2:2:1:99999999999999999999:2:1 | line 2 is no record
            1:3:2:2:1:100:200:1              | 1:3:2:2:1:100:100:1                | line 2 is a state of no time
            1:3:2:2:1:100:200:1              | 1:3:2:2:1:100:1001:1               | line 2 is at 1001
            1:3:2:2:1:100:200:1              | 1:3:2:2:1:100:200:4                | state 4 has no label
            1:3:2:2:1:100:200:1              | 1:3:2:2:3:100:200:1                | thread 2.2.3, which the header does not have
            1:3:2:2:1:100:200:1              | 1:3:2:3:1:100:200:1                | thread 2.3.1, which the header does not have
            1:3:2:2:1:100:200:1              | 1:3:3:2:1:100:200:1                | thread 3.2.1, which the header does not have
            1:3:2:2:1:100:200:1              | 1:3:0:2:1:100:200:1                | thread 0.2.1, which the header does not have
            1:3:2:2:1:100:200:1              | 1:2:2:2:1:100:200:1                | cpu 2, which is not of its node
            1:3:2:2:1:100:200:1              | 1:7:2:2:1:100:200:1                | cpu 7, which is not of its node
            1:3:2:2:1:100:200:1              | 1:3:2:2:1:101:200:1                | line 3 is out of order
            1:4:2:2:2:100:200:1              | 1:3:2:2:1:100:150:1                | overlaps with the state before it of thread 2.2.1
            2:3:2:2:1:100:8000000:1          | 2:3:2:2:1:99:8000000:1             | line 4 is out of order
            3:1:1:1:1:100:                   | 1:1:1:1:1:100:300:1¶3:1:1:1:1:100: | out of order: time 100 kind 1 after time 100 kind 2
            2:3:2:2:1:100:8000000:1          | 2:3:2:2:1:100:8000000              | line 4 is no record
            2:3:2:2:1:100:8000000:1          | 2:3:2:2:1:100:8000000:0            | ends event 8000000 of thread 2.2.1, which had not begun
            2:3:2:2:1:100:8000000:1          | 2:3:2:2:1:100:8000000:3            | has value 3 of event type 8000000, which has no label
            2:3:2:2:1:200:8000000:0          | 2:3:2:2:1:200:8000000:2            | begins event 8000000 = 2 of thread 2.2.1 while it is 1
            2:3:2:2:1:200:8000000:0¶         | ''                                 | thread 2.2.1 has event 8000000 = 1 that never ends
            :9100000:-5                      | :9100001:-5                        | event type 9100001 has no label
            :9100000:-5                      | :4294967296:-5                     | event type 4294967296, which is beyond
            :9100000:-5                      | :-9100000:5                        | line 9 is no record
            :9100000:-5¶                     | :9100000:-5                        | line 9 is cut off
            :3:2:1:1:150:150:                | :3:2:1:1:150:99:                   | received before it was sent
            :3:2:1:1:150:150:                | :3:2:1:1:150:1001:                 | line 6 is at 1001
            :3:2:1:1:150:150:                | :3:2:1:2:150:150:                  | is received by thread 2.1.2
            :3:2:1:1:150:150:                | :2:2:1:1:150:150:                  | is received on cpu 2
            :4096:7                          | :-1:7                              | line 6 is no record
            :4096:7                          | :4096                              | line 6 is no record
            """)
    void whatIsWrongInTheRecordsIsFound(String part, String instead, String fault) throws IOException {
        change(prv, part, instead);
        assertThat(faults()).anyMatch(found -> found.contains(fault), fault);
    }

    @ParameterizedTest(name = "{3}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            pcf | Task¶VALUES        | Task¶¶              | is no label of a type: '0      End'
            pcf | 0    8000000       | 0    8000001        | event type 8000000 has no label
            pcf | 0      End         | ''                  | has value 0 of event type 8000000
            pcf | 1      f()         | 3      f()          | has value 1 of event type 8000000
            pcf | 1      f()         | 2      f()          | value 2 of event type 8000000 has two labels
            pcf | 1      f()         | 2147483648   f()    | value 2147483648 of event type 8000000 is beyond
            pcf | 1      f()         | 1      f()\\r       | carriage returns, with which Paraver loses every label
            pcf | User events        | Task                | its label 'Task' is there twice
            pcf | 9100000            | 8000000             | event type 8000000 or its label
            pcf | User events        | User [events]       | has brackets
            pcf | 1    Running       | 4    Running        | state 1 has no label
            pcf | 0    Idle          | 1    Idle           | state 1 has two labels
            row | CPU SIZE 6         | CPU SIZE 5          | has 5 names for level CPU and not 6
            row | THREAD SIZE 4      | THREAD SIZE 3       | has 3 names for level THREAD and not 4
            row | EXECUTOR (2.2.2)   | ''                  | level THREAD: name 4 of 4 is missing
            row | 6.n2¶              | 6.n2¶7.n2¶          | level CPU: there are more than 6 names
            row | LEVEL NODE         | LEVEL MODE          | has no level NODE
            row | LEVEL NODE SIZE 2  | LEVEL NODE SIZE     | has a level that cannot be read
            row | n1¶                | n1\\r¶              | carriage returns, which become part of the names
            """)
    void whatIsWrongInLabelsAndNamesIsFound(String file, String part, String instead, String fault) throws IOException {
        change(file.equals("pcf") ? pcf : row, part, instead.replace("\\r", "\r"));
        assertThat(faults()).anyMatch(found -> found.contains(fault), fault);
    }

    private static void change(Path file, String part, String instead) throws IOException {
        String text = Files.readString(file);
        String from = part.replace('¶', '\n');
        assertThat(text).contains(from);
        Files.writeString(file, text.replaceFirst(java.util.regex.Pattern.quote(from), instead.replace('¶', '\n')));
    }

    @Test
    void filesThatAreNotThereAreFound() throws IOException {
        Files.delete(pcf);
        Files.delete(row);
        assertThat(faults())
                .contains(
                        "there is no t.pcf, so nothing has a label",
                        "event type 8000000 has no label",
                        "there is no t.row, so no row has a name");
    }

    @Test
    void aCompressedTraceThatIsCutOffIsFound() throws IOException {
        Path compressed = folder.resolve("t.prv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
            Files.copy(prv, out);
        }
        assertThat(TraceChecker.check(compressed, PAIRED).faults()).isEmpty();
        byte[] bytes = Files.readAllBytes(compressed);
        Files.write(compressed, java.util.Arrays.copyOf(bytes, bytes.length - 30));
        assertThat(TraceChecker.check(compressed, PAIRED).faults()).isNotEmpty();
    }

    @Test
    void manyFaultsAreCountedAndFewAreTold() throws IOException {
        Files.writeString(prv, Files.readString(prv) + "nonsense\n".repeat(500));
        TraceChecker.Findings findings = TraceChecker.check(prv, PAIRED);
        assertThat(findings.found()).isEqualTo(500);
        assertThat(findings.faults()).hasSize(50);
    }

    /** A long line spans buffers; bytes at random never make the checker itself fail. */
    @Test
    void whateverTheFileHasItIsReadToItsEnd() throws IOException {
        byte[] good = Files.readAllBytes(prv);
        Random random = new Random(11);
        for (int round = 0; round < 500; round++) {
            byte[] bad = good.clone();
            for (int i = 0; i <= random.nextInt(3); i++) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(128);
            }
            Files.write(prv, bad);
            assertThat(TraceChecker.check(prv, PAIRED).records()).isBetween(0L, 9L);
        }
        Files.writeString(prv, new String(good) + "2:0:1:1:1:300" + ":9100000:123456789".repeat(40_000) + "\n");
        assertThat(faults()).isEmpty();
    }
}

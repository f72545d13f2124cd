package io.colla.tracing.paraver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrvReaderTest {
    /** As COMPSs and Extrae write it: padded numbers, communicators, labels for several types at once. */
    private static final String OF_COMPSS =
            """
            #Paraver (05/03/24 at 10:05):00000000000000002000_ns:2(2,4):2:2(1:1,2:1),1(2:2),2
            c:1:1:2:1:2
            c:2:2:1:1
            1:1:1:1:1:0:2000:1
            2:3:2:1:1:10:8000000:2:8000002:7
            # a remark
            2:3:2:1:1:30:8000000:0:42000050:18446744073709551615

            3:1:1:1:1:40:41:3:2:1:2:50:51:4096:7
            """;

    @TempDir
    Path folder;

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("t.prv"), text);
    }

    private static List<String> told(PrvReader reader) throws IOException {
        Told told = new Told();
        reader.read(told);
        return told.lines;
    }

    private static final class Told implements PrvVisitor {
        final List<String> lines = new ArrayList<>();

        @Override
        public void state(int cpu, int row, long begin, long end, int state) {
            lines.add("state " + cpu + " " + row + " " + begin + " " + end + " " + state);
        }

        @Override
        public void event(int cpu, int row, long time, int type, long value) {
            lines.add("event " + cpu + " " + row + " " + time + " " + type + " " + value);
        }

        @Override
        public void communication(
                int fromCpu,
                int from,
                long sent,
                long left,
                int toCpu,
                int to,
                long awaited,
                long there,
                long size,
                long tag) {
            lines.add("message " + fromCpu + " " + from + " " + sent + " " + left + " " + toCpu + " " + to + " "
                    + awaited + " " + there + " " + size + " " + tag);
        }
    }

    @Test
    void aTraceOfOthersIsReadWithItsLabelsAndNames() throws IOException {
        Path prv = write(OF_COMPSS);
        Files.writeString(
                folder.resolve("t.pcf"),
                """
                STATES
                0    Idle
                1    Running

                EVENT_TYPE
                0    8000000   Task
                0    8000001   Other
                VALUES
                0      End
                2      count.words
                99999999999 too far

                EVENT_TYPE
                7  42000050 PAPI_TOT_INS [Instr completed]
                """);
        Files.writeString(
                folder.resolve("t.row"), "LEVEL NODE SIZE 2\nlogin\nn1\n\nLEVEL THREAD SIZE 5\nMAIN APP (1.1.1)\nA\n");
        PrvReader reader = PrvReader.open(prv);
        assertThat(told(reader))
                .containsExactly(
                        "state 1 0 0 2000 1",
                        "event 3 3 10 8000000 2",
                        "event 3 3 10 8000002 7",
                        "event 3 3 30 8000000 0",
                        "event 3 3 30 42000050 -1",
                        "message 1 0 40 41 3 4 50 51 4096 7");
        assertThat(told(reader)).as("a second time").hasSize(6);
        assertThat(reader.end()).isEqualTo(2000);
        assertThat(reader.date()).isEqualTo("05/03/24 at 10:05");
        assertThat(reader.rows()).isEqualTo(5);
        assertThat(reader.thread(4)).isEqualTo(new ThreadId(2, 1, 2));
        assertThat(reader.node(3)).isEqualTo(2);
        assertThat(reader.name(0)).isEqualTo("MAIN APP (1.1.1)");
        assertThat(reader.name(4)).as("one that the .row lacks").isEqualTo("THREAD 2.1.2");
        assertThat(reader.machine().nodes()).containsExactly(new Machine.Node("login", 2), new Machine.Node("n1", 4));
        assertThat(reader.labels().states()).containsEntry(1, "Running");
        assertThat(reader.labels().value(8000000, 2)).isEqualTo("count.words");
        assertThat(reader.labels().value(8000001, 2))
                .as("types of one block share values")
                .isEqualTo("count.words");
        assertThat(reader.labels().value(8000000, 3)).isEqualTo("3");
        assertThat(reader.labels().type(42000050)).isEqualTo("PAPI_TOT_INS [Instr completed]");
        assertThat(reader.labels().type(5)).isEqualTo("Event 5");
    }

    @Test
    void whatIsCountedIsWhatIsThere() throws IOException {
        PrvReader reader = PrvReader.open(write(OF_COMPSS + "2:0:9:1:1:60:1:1\n2:0:1:1:7:60:1:1\n3:1:1:1:1:6"));
        PrvReader.Totals totals = reader.read(new PrvVisitor() {});
        assertThat(totals).isEqualTo(new PrvReader.Totals(1, 2, 1, 2, true));
        assertThat(totals.records()).isEqualTo(4);
    }

    @Test
    void aLastLineNeedsNoNewline() throws IOException {
        PrvReader reader = PrvReader.open(write(OF_COMPSS.stripTrailing()));
        assertThat(reader.read(new PrvVisitor() {})).isEqualTo(new PrvReader.Totals(1, 2, 1, 0, false));
    }

    @Test
    void microsecondsAndMissingNodesAreUnderstood() throws IOException {
        PrvReader reader = PrvReader.open(write("#Paraver (x):5:0:1:1(2:0)\r\n1:0:1:1:2:1:3:1\r\n"));
        assertThat(told(reader)).containsExactly("state 0 1 1000 3000 1");
        assertThat(reader.end()).isEqualTo(5000);
        assertThat(reader.machine().nodes()).containsExactly(new Machine.Node("node 1", 1));
    }

    @Test
    void whatIsNoTraceIsRefusedWithFileAndLine() throws IOException {
        assertThatThrownBy(() -> PrvReader.open(write("hello\n")))
                .hasMessageEndingWith("t.prv is no Paraver trace: its first line is 'hello'");
        assertThatThrownBy(() -> PrvReader.open(write(""))).hasMessageEndingWith("its first line is ''");
        assertThatThrownBy(() -> PrvReader.open(Files.writeString(folder.resolve("t.prv.gz"), "#Paraver")))
                .hasMessageContaining("t.prv.gz is no gzip file");
        PrvReader reader =
                PrvReader.open(write("#Paraver (x):5_ns:1(1):1:1(1:1)\n1:0:1:1:1:0:1:1\n1:0:1:1:1:0:x:1\n\n"));
        assertThatThrownBy(() -> told(reader)).hasMessageEndingWith("t.prv, line 3 lacks a number");
        PrvReader shorter = PrvReader.open(write("#Paraver (x):5_ns:1(1):1:1(1:1)\n1:0:1:1:1:0:1\n\n"));
        assertThatThrownBy(() -> told(shorter)).hasMessageEndingWith("t.prv, line 2 is no whole record");
        PrvReader other = PrvReader.open(write("#Paraver (x):5_ns:1(1):1:1(1:1)\n7:0:1:1:1:0:1\n\n"));
        assertThatThrownBy(() -> told(other)).hasMessageEndingWith("t.prv, line 2 is no record");
    }

    @Test
    void recordsAreReadWholeWhereverTheBufferEnds() throws IOException {
        Machine machine = new Machine(
                List.of(new Machine.Node("a", 1)),
                List.of(new Machine.Application("", List.of(new Machine.Task(1, List.of("x", "y"))))));
        Random random = new Random(42);
        List<String> expected = new ArrayList<>();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrvWriter out = new PrvWriter(bytes, machine, Long.MAX_VALUE, LocalDateTime.now())) {
            for (int i = 0; i < 20_000; i++) {
                long time = random.nextLong() >>> random.nextInt(1, 64);
                int thread = random.nextInt(2);
                ThreadId id = new ThreadId(1, 1, thread + 1);
                if (random.nextBoolean()) {
                    out.state(0, id, time, Long.MAX_VALUE, 3);
                    expected.add("state 0 " + thread + " " + time + " " + Long.MAX_VALUE + " 3");
                } else {
                    out.events(1, id, time);
                    int events = random.nextInt(100) == 0 ? 30_000 : 2;
                    for (int e = 0; e < events; e++) {
                        long value = random.nextLong() >> random.nextInt(64);
                        out.event(e, value);
                        expected.add("event 1 " + thread + " " + time + " " + e + " " + value);
                    }
                    out.endEvents();
                }
                if (expected.size() > 300_000) {
                    break;
                }
            }
        }
        Path prv = Files.write(folder.resolve("t.prv"), bytes.toByteArray());
        assertThat(told(PrvReader.open(prv))).isEqualTo(expected);
        Path gz = folder.resolve("t.prv.gz");
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(gz))) {
            out.write(bytes.toByteArray());
        }
        assertThat(told(PrvReader.open(gz))).isEqualTo(expected);
    }

    @Test
    void aCompressedTraceThatWasCutIsReadAsFarAsItGoes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write((OF_COMPSS + "1:1:1:1:1:0:2000:1\n".repeat(50_000)).getBytes(StandardCharsets.US_ASCII));
        }
        Path gz =
                Files.write(folder.resolve("t.prv.gz"), java.util.Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2));
        PrvReader.Totals totals = PrvReader.open(gz).read(new PrvVisitor() {});
        assertThat(totals.states()).isBetween(10_000L, 49_999L);
    }
}

package io.colla.tracing.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.tracing.paraver.EventType;
import io.colla.tracing.paraver.Machine;
import io.colla.tracing.paraver.PcfWriter;
import io.colla.tracing.paraver.PrvReader;
import io.colla.tracing.paraver.PrvVisitor;
import io.colla.tracing.paraver.PrvWriter;
import io.colla.tracing.paraver.RowWriter;
import io.colla.tracing.paraver.ThreadId;
import io.colla.tracing.paraver.TraceChecker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ForeignMergerTest {
    private static final LocalDateTime BEGUN = LocalDateTime.of(2026, 11, 26, 9, 5);
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path folder;

    private Path prv(String name, Machine machine, long end, List<String> lines, List<EventType> types)
            throws IOException {
        Path prv = folder.resolve(name + ".prv");
        List<String> communicators =
                lines.stream().filter(line -> line.startsWith("c:")).toList();
        new PrvWriter(Files.newOutputStream(prv), machine, end, BEGUN, communicators).close();
        List<String> records =
                lines.stream().filter(line -> !line.startsWith("c:")).toList();
        Files.write(prv, records, java.nio.file.StandardOpenOption.APPEND);
        Files.writeString(folder.resolve(name + ".pcf"), PcfWriter.text(types, Map.of(4, "Blocking Send")));
        Files.writeString(folder.resolve(name + ".row"), RowWriter.text(machine));
        return prv;
    }

    private static Machine machine(List<Machine.Node> nodes, Machine.Task... tasks) {
        return new Machine(nodes, List.of(new Machine.Application("", List.of(tasks))));
    }

    private static EventType type(int number, String label, String... values) {
        Map<Long, String> labels = new HashMap<>();
        for (int i = 0; i < values.length; i++) {
            labels.put((long) i, values[i]);
        }
        return new EventType(0, number, label, labels);
    }

    private Path run() throws IOException {
        Machine machine = new Machine(
                List.of(new Machine.Node("n1", 2), new Machine.Node("n2", 2)),
                List.of(
                        new Machine.Application("", List.of(new Machine.Task(1, List.of("MAIN APP (1.1.1)")))),
                        new Machine.Application("", List.of(new Machine.Task(2, List.of("EXECUTOR (2.1.1)"))))));
        return prv(
                "run",
                machine,
                1000,
                List.of("1:3:2:1:1:100:900:1", "2:3:2:1:1:100:8000000:1", "2:3:2:1:1:900:8000000:0"),
                List.of(type(8000000, "Task", "End", "heat"), type(9100000, "User events", "End", "init")));
    }

    private static ForeignMerger.Part part(Path prv, String name, String host, long shift) throws IOException {
        return new ForeignMerger.Part(ForeignTrace.look(prv), name, host, Map.of(), shift);
    }

    private static List<String> records(Path prv) throws IOException {
        return Files.readAllLines(prv);
    }

    @Test
    void anMpiProgramsTraceIsAFurtherApplicationOnTheSameMachines() throws IOException {
        Path run = run();
        // As an MPI library leaves it: two ranks, one on a machine that the run has, with its whole name, one
        // elsewhere.
        Path heat = prv(
                "heat",
                machine(
                        List.of(new Machine.Node("n2.cluster", 3), new Machine.Node("n9", 1)),
                        new Machine.Task(1, List.of("THREAD 1.1.1")),
                        new Machine.Task(2, List.of("THREAD 1.2.1"))),
                700,
                List.of(
                        "c:1:1:2:1:2",
                        "1:1:1:1:1:0:50:4",
                        "2:1:1:1:1:0:50000001:1:50000002:0",
                        "3:1:1:1:1:20:25:4:1:2:1:10:40:4096:7",
                        "2:4:1:2:1:600:9100000:1",
                        "2:3:1:2:1:700:9100000:0"),
                List.of(
                        type(50000001, "MPI Point-to-point", "End", "MPI_Send"),
                        type(50000002, "MPI Collective Comm", "End"),
                        type(9100000, "User events", "End", "exchange")));
        ForeignMerger.Written written = ForeignMerger.add(run, List.of(part(heat, "task 12", null, 150)));
        assertThat(written.remarks()).isEmpty();
        assertThat(records(run))
                .containsExactly(
                        "#Paraver (26/11/2026 at 09:05):1000_ns:3(2,3,1):3:1(1:1),1(1:2),2(1:2,1:3),1",
                        "c:3:1:2:1:2",
                        "1:3:2:1:1:100:900:1",
                        "2:3:2:1:1:100:8000000:1",
                        "1:3:3:1:1:150:200:4",
                        "2:3:3:1:1:150:50000001:1:50000002:0",
                        "3:3:3:1:1:170:175:6:3:2:1:160:190:4096:7",
                        "2:6:3:2:1:750:9100000:2",
                        "2:0:3:2:1:850:9100000:0",
                        "2:3:2:1:1:900:8000000:0");
        assertThat(folder.resolve("run.pcf"))
                .content()
                .contains("4    Blocking Send\n", "1      init\n2      exchange\n", "1      MPI_Send\n");
        assertThat(folder.resolve("run.row"))
                .content()
                .contains("EXECUTOR (2.1.1)\nTHREAD 3.1.1 of task 12\nTHREAD 3.2.1 of task 12\n", "n1\nn2\nn9\n");
        assertThat(TraceChecker.check(run, Set.of(8000000)).faults()).isEmpty();
    }

    @Test
    void typesThatMeanSomethingElseAreTold() throws IOException {
        Path run = run();
        Path other = prv(
                "other",
                machine(List.of(new Machine.Node("n1", 1)), new Machine.Task(1, List.of("main"))),
                10,
                List.of("2:1:1:1:1:1:9100000:1:555:1:77:3"),
                List.of(type(9100000, "Cells", "End", "one"), type(555, "Task", "End", "x")));
        ForeignMerger.Written written = ForeignMerger.add(run, List.of(part(other, "task 3", null, 0)));
        assertThat(written.remarks())
                .containsExactly(
                        "event type 555 in the trace of task 3 has the label of another, which Paraver would take it for: it is 'Task (task 3)' here",
                        "event type 9100000 is 'Cells' in the trace of task 3 and 'User events' here: it has become 9900000");
        assertThat(records(run)).contains("2:1:3:1:1:1:9900000:1:555:1:77:3");
        assertThat(TraceChecker.check(run, Set.of()).faults()).isEmpty();
    }

    @Test
    void whatBeganBeforeTheRunMovesItsBegin() throws IOException {
        Path run = run();
        Path early = prv(
                "early",
                machine(List.of(new Machine.Node("node 1", 1)), new Machine.Task(1, List.of("main"))),
                10,
                List.of("2:1:1:1:1:5:9100000:1"),
                List.of(type(9100000, "User events", "End", "init")));
        ForeignMerger.Written written = ForeignMerger.add(run, List.of(part(early, "early", "n2", -300 * SECOND)));
        assertThat(written.nanos()).isEqualTo(300 * SECOND - 5 + 1000);
        assertThat(records(run).get(0))
                .startsWith("#Paraver (26/11/2026 at 09:00):")
                .contains(":2(2,2):");
        assertThat(records(run).get(1)).isEqualTo("2:3:3:1:1:0:9100000:1");
        assertThat(TraceChecker.check(run, Set.of(8000000)).faults()).isEmpty();
    }

    @Test
    void aTraceThatIsNotInOrderIsRefused() throws IOException {
        Path bad = prv(
                "bad",
                machine(List.of(new Machine.Node("n1", 1)), new Machine.Task(1, List.of("main"))),
                10,
                List.of("2:1:1:1:1:5:1:1", "2:1:1:1:1:4:1:0"),
                List.of());
        assertThatThrownBy(() -> ForeignTrace.look(bad))
                .hasMessage(bad + ", line 3 is earlier than the line before it");
    }

    @Test
    void moreTracesThanFilesMayBeOpen() throws IOException {
        Path run = run();
        List<ForeignMerger.Part> parts = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            Path each = prv(
                    "t" + i,
                    machine(List.of(new Machine.Node("n1", 1)), new Machine.Task(1, List.of("main"))),
                    10,
                    List.of("2:1:1:1:1:5:9100000:1"),
                    List.of(type(9100000, "User events", "End", "init")));
            parts.add(part(each, "task " + i, null, i * 20L));
        }
        long before = openFiles();
        ForeignMerger.Written written = ForeignMerger.add(run, parts);
        assertThat(written.records()).isEqualTo(3003);
        assertThat(openFiles()).isLessThanOrEqualTo(before + 1);
        TraceChecker.Findings findings = TraceChecker.check(run, Set.of(8000000));
        assertThat(findings.faults()).isEmpty();
        assertThat(findings.machine().applications()).hasSize(3002);
    }

    private static long openFiles() throws IOException {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    /** A random trace, and what it says with names instead of numbers. */
    private final class Random3 {
        final Random random;
        final String name;
        final Machine machine;
        final List<EventType> types = new ArrayList<>();
        final List<String> lines = new ArrayList<>();
        final long end;

        Random3(Random random, String name) {
            this.random = random;
            this.name = name;
            this.machine = machine();
            this.end = 1 + random.nextInt(2000);
            int kinds = 1 + random.nextInt(4);
            for (int i = 0; i < kinds; i++) {
                String[] values = new String[1 + random.nextInt(5)];
                Arrays.setAll(values, v -> v == 0 ? "End" : "v" + random.nextInt(6));
                types.add(type(100 + i, "type " + (random.nextInt(3) == 0 ? random.nextInt(4) : i), values));
            }
            for (int i = 1; i < types.size(); i++) { // one label, one type, within a trace
                String label = types.get(i).label();
                for (int k = 0; k < i; k++) {
                    if (types.get(k).label().equals(label)) {
                        types.set(
                                i,
                                new EventType(
                                        0,
                                        types.get(i).number(),
                                        label + "'" + i,
                                        types.get(i).values()));
                    }
                }
            }
            fill();
        }

        private Machine machine() {
            List<Machine.Node> nodes = new ArrayList<>();
            List<String> names = new ArrayList<>(List.of("a", "b", "c.x", "c", "d"));
            names.remove(random.nextBoolean() ? "c" : "c.x");
            int count = 1 + random.nextInt(3);
            for (int i = 0; i < count; i++) {
                nodes.add(new Machine.Node(names.remove(random.nextInt(names.size())), 1 + random.nextInt(4)));
            }
            List<Machine.Application> applications = new ArrayList<>();
            for (int a = 0; a < 1 + random.nextInt(3); a++) {
                List<Machine.Task> tasks = new ArrayList<>();
                for (int t = 0; t < 1 + random.nextInt(3); t++) {
                    List<String> threads = new ArrayList<>();
                    for (int i = 0; i < 1 + random.nextInt(3); i++) {
                        threads.add("T (" + (a + 1) + "." + (t + 1) + "." + (i + 1) + ")");
                    }
                    tasks.add(new Machine.Task(1 + random.nextInt(count), threads));
                }
                applications.add(new Machine.Application("", tasks));
            }
            return new Machine(nodes, applications);
        }

        private ThreadId thread() {
            int application = random.nextInt(machine.applications().size());
            List<Machine.Task> tasks = machine.applications().get(application).tasks();
            int task = random.nextInt(tasks.size());
            return new ThreadId(
                    application + 1,
                    task + 1,
                    1 + random.nextInt(tasks.get(task).threads().size()));
        }

        private String place(ThreadId thread) {
            int node = machine.nodeOf(thread);
            int cpus = machine.nodes().get(node - 1).cpus();
            int cpu = random.nextInt(cpus + 1);
            return (cpu == 0 ? 0 : machine.firstCpu(node) + cpu - 1) + ":"
                    + thread.toString().replace('.', ':');
        }

        private void fill() {
            record Line(long time, int kind, String text) {}
            List<Line> all = new ArrayList<>();
            Map<ThreadId, Long> busy = new HashMap<>();
            for (int i = random.nextInt(40); i > 0; i--) {
                long time = random.nextInt((int) end);
                ThreadId thread = thread();
                switch (random.nextInt(3)) {
                    case 0 -> {
                        long from = busy.getOrDefault(thread, 0L);
                        if (from < end) {
                            busy.put(thread, from + 1);
                            all.add(new Line(from, 1, "1:" + place(thread) + ":" + from + ":" + (from + 1) + ":4"));
                        }
                    }
                    case 1 -> {
                        EventType type = types.get(random.nextInt(types.size()));
                        String event = ":" + type.number() + ":"
                                + random.nextInt(type.values().size());
                        all.add(new Line(time, 2, "2:" + place(thread) + ":" + time + event));
                    }
                    default -> {
                        long received = time + random.nextInt((int) (end - time) + 1);
                        String to = place(thread());
                        all.add(new Line(
                                time,
                                3,
                                "3:" + place(thread) + ":" + time + ":" + time + ":" + to + ":" + received + ":"
                                        + received + ":8:" + i));
                    }
                }
            }
            all.sort(java.util.Comparator.comparingLong(Line::time).thenComparingInt(Line::kind));
            all.forEach(line -> lines.add(line.text()));
        }

        Path write() throws IOException {
            return prv(name, machine, end, lines, types);
        }
    }

    /** All that a trace says of some of its applications, in words that do not depend on numbers. */
    private static List<String> said(Path prv, int from, int to, String name, long shift) throws IOException {
        List<String> said = new ArrayList<>();
        try (PrvReader reader = PrvReader.open(prv)) {
            reader.read(new PrvVisitor() {
                private boolean is(int row) {
                    int application = reader.thread(row).application();
                    return application >= from && application < to;
                }

                private String place(int cpu, int row) {
                    int node = reader.node(row);
                    ThreadId id = reader.thread(row);
                    String machine =
                            reader.machine().nodes().get(node - 1).name().replace(".x", "");
                    return machine + "/"
                            + (cpu == 0 ? 0 : cpu - reader.machine().firstCpu(node) + 1) + "/"
                            + (id.application() - from) + "." + id.task() + "." + id.thread();
                }

                @Override
                public void state(int cpu, int row, long begin, long end, int state) {
                    if (is(row)) {
                        said.add((begin - shift) + " " + (end - shift) + " " + place(cpu, row) + " "
                                + reader.labels().states().get(state));
                    }
                }

                @Override
                public void event(int cpu, int row, long time, int type, long value) {
                    if (is(row)) {
                        String label = reader.labels().type(type).replaceAll(" \\(" + name + ".*", "");
                        said.add((time - shift) + " " + place(cpu, row) + " " + label + "="
                                + reader.labels().value(type, value));
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
                    if (is(fromRow)) {
                        said.add((sent - shift) + " " + (left - shift) + " " + place(fromCpu, fromRow) + " > "
                                + (awaited - shift) + " " + (received - shift) + " " + place(toCpu, toRow) + " " + size
                                + " " + tag);
                    }
                }
            });
        }
        return said;
    }

    @Test
    void whateverTracesAreAddedSayWhatTheySaid() throws IOException {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Random3 base = new Random3(random, "base");
            Path whole = base.write();
            List<List<String>> before = new ArrayList<>();
            before.add(said(whole, 1, 100, "", 0));
            List<Integer> first = new ArrayList<>(List.of(1));
            int next = 1 + base.machine.applications().size();
            List<ForeignMerger.Part> parts = new ArrayList<>();
            long begin = 0;
            for (int i = 0; i < 1 + random.nextInt(4); i++) {
                Random3 other = new Random3(random, "other" + i);
                Path prv = other.write();
                long shift = random.nextInt(3000) - 1000;
                parts.add(part(prv, "other" + i, null, shift));
                begin = Math.min(begin, parts.get(i).trace().first() + shift);
                before.add(said(prv, 1, 100, "", -shift));
                first.add(next);
                next += other.machine.applications().size();
            }
            first.add(next);
            ForeignMerger.Written written = ForeignMerger.add(whole, parts);
            TraceChecker.Findings findings = TraceChecker.check(whole, Set.of());
            assertThat(findings.faults()).as("seed %d", seed).isEmpty();
            assertThat(written.records())
                    .isEqualTo(findings.states() + findings.events() + findings.communications())
                    .isEqualTo(before.stream().mapToInt(List::size).sum());
            for (int i = 0; i < before.size(); i++) {
                List<String> after = said(whole, first.get(i), first.get(i + 1), i == 0 ? "none" : "other", -begin);
                assertThat(after).as("seed %d, trace %d", seed, i).isEqualTo(before.get(i));
            }
        }
    }
}

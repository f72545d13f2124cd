package io.colla.tracing.report;

import io.colla.tracing.EventTypes;
import io.colla.tracing.paraver.EventType;
import io.colla.tracing.paraver.Machine;
import io.colla.tracing.paraver.Machine.Application;
import io.colla.tracing.paraver.Machine.Node;
import io.colla.tracing.paraver.Machine.Task;
import io.colla.tracing.paraver.PcfWriter;
import io.colla.tracing.paraver.PrvWriter;
import io.colla.tracing.paraver.RowWriter;
import io.colla.tracing.paraver.ThreadId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A trace that is made by hand, for tests: a master, and workers w1, w2 … with an executor for each core. Times are milliseconds. */
final class SmallTrace {
    static final long MS = 1_000_000;

    private interface Record {
        void to(PrvWriter out) throws IOException;
    }

    private record Timed(long time, int kind, Record record) {}

    private final int nodes;
    private final int cores;
    private final List<Timed> records = new ArrayList<>();
    private final Map<String, Integer> functions = new LinkedHashMap<>();
    private final Map<Integer, long[]> ran = new HashMap<>();
    private int tasks;

    SmallTrace(int nodes, int cores) {
        this.nodes = nodes;
        this.cores = cores;
    }

    private int cpu(int node, int core) {
        return 1 + (node - 1) * cores + core;
    }

    static ThreadId executor(int node, int core) {
        return new ThreadId(node + 1, 2, core + 1);
    }

    private void event(double at, int cpu, ThreadId thread, long... typesAndValues) {
        long time = Math.round(at * MS);
        records.add(new Timed(time, 2, out -> {
            out.events(cpu, thread, time);
            for (int i = 0; i < typesAndValues.length; i += 2) {
                out.event((int) typesAndValues[i], typesAndValues[i + 1]);
            }
            out.endEvents();
        }));
    }

    /** A task of one core; nothing around it. Returns its number. */
    int task(String function, int node, int core, double begin, double lasts) {
        return task(function, node, core, begin, lasts, 0, 0, 1, 0);
    }

    int task(
            String function,
            int node,
            int core,
            double begin,
            double lasts,
            double before,
            double after,
            int has,
            long memory) {
        int number = functions.computeIfAbsent(function, f -> functions.size() + 1);
        int id = ++tasks;
        ThreadId thread = executor(node, core);
        int cpu = cpu(node, core);
        event(
                begin - before,
                cpu,
                thread,
                EventTypes.CPUS,
                has,
                EventTypes.MEMORY,
                memory,
                EventTypes.RUNTIME,
                EventTypes.TASK_RUNNING);
        event(begin, cpu, thread, EventTypes.TASK, number, EventTypes.TASK_ID, id);
        event(begin + lasts, cpu, thread, EventTypes.TASK, 0, EventTypes.TASK_ID, 0);
        event(begin + lasts + after, cpu, thread, EventTypes.RUNTIME, 0, EventTypes.MEMORY, 0, EventTypes.CPUS, 0);
        ran.put(id, new long[] {node, core, Math.round(begin * MS), Math.round((begin + lasts) * MS)});
        return id;
    }

    /** The executor's last task before that time has failed. */
    SmallTrace failed(int node, int core, double at) {
        event(at, cpu(node, core), executor(node, core), EventTypes.TASK_FAILED, 1);
        return this;
    }

    SmallTrace dependency(int from, int to) {
        long[] first = ran.get(from);
        long[] second = ran.get(to);
        records.add(new Timed(
                first[3],
                3,
                out -> out.communication(
                        cpu((int) first[0], (int) first[1]),
                        executor((int) first[0], (int) first[1]),
                        first[3],
                        cpu((int) second[0], (int) second[1]),
                        executor((int) second[0], (int) second[1]),
                        second[2],
                        0,
                        from)));
        return this;
    }

    SmallTrace transfer(int from, int to, double sent, double lasts, long bytes, long content) {
        records.add(new Timed(
                Math.round(sent * MS),
                3,
                out -> out.communication(
                        0,
                        new ThreadId(from + 1, 1, 1),
                        Math.round(sent * MS),
                        0,
                        new ThreadId(to + 1, 1, 1),
                        Math.round((sent + lasts) * MS),
                        bytes,
                        content)));
        return this;
    }

    SmallTrace ready(double at, long depth) {
        event(at, 0, new ThreadId(1, 1, 1), EventTypes.READY_COUNT, depth);
        return this;
    }

    SmallTrace call(double at, double lasts, int value) {
        event(at, 0, new ThreadId(1, 1, 1), EventTypes.API, value);
        event(at + lasts, 0, new ThreadId(1, 1, 1), EventTypes.API, 0);
        return this;
    }

    SmallTrace counter(double at, int node, int type, long value) {
        event(at, 0, new ThreadId(node + 1, 1, 1), type, value);
        return this;
    }

    /** Part of a task that runs on several nodes: the same number there. */
    SmallTrace part(int id, String function, int node, int core, double begin, double lasts) {
        int number = functions.get(function);
        event(begin, cpu(node, core), executor(node, core), EventTypes.TASK, number, EventTypes.TASK_ID, id);
        event(begin + lasts, cpu(node, core), executor(node, core), EventTypes.TASK, 0, EventTypes.TASK_ID, 0);
        return this;
    }

    Path write(Path folder, String name, double length) throws IOException {
        List<Node> machines = new ArrayList<>();
        List<Application> applications = new ArrayList<>();
        applications.add(new Application("", List.of(new Task(1, List.of("MAIN APP (1.1.1)")))));
        for (int node = 1; node <= nodes; node++) {
            machines.add(new Node("w" + node, cores));
            applications.add(new Application(
                    "",
                    List.of(
                            new Task(node, List.of("WORKER MAIN")),
                            new Task(node, Collections.nCopies(cores, "EXECUTOR")))));
        }
        Machine machine = new Machine(machines, applications);
        Path prv = folder.resolve(name + ".prv");
        records.sort(Comparator.comparingLong(Timed::time).thenComparingInt(Timed::kind));
        try (PrvWriter out = new PrvWriter(
                Files.newOutputStream(prv), machine, Math.round(length * MS), LocalDateTime.of(2026, 11, 26, 9, 5))) {
            for (Timed timed : records) {
                timed.record().to(out);
            }
        }
        Map<Long, String> labels = new HashMap<>();
        functions.forEach((function, number) -> labels.put((long) number, function));
        Files.writeString(
                folder.resolve(name + ".pcf"),
                PcfWriter.text(
                        List.of(new EventType(0, EventTypes.TASK, "Task", labels), EventTypes.of(EventTypes.API))));
        Files.writeString(folder.resolve(name + ".row"), RowWriter.text(machine));
        return prv;
    }

    TraceReport report(Path folder, double length) throws IOException {
        return Reports.of(write(folder, "small", length)).report();
    }
}

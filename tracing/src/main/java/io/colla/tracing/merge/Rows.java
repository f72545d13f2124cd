package io.colla.tracing.merge;

import io.colla.tracing.paraver.Machine;
import io.colla.tracing.paraver.ThreadId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where threads are in the trace, as COMPSs lays it out: an application for the master and one for each worker; in each, task 1 has the runtime's threads and task 2 the executors; Python's
 * processes are task 3.
 */
final class Rows {
    private static final Set<String> NO_ROWS = Set.of("transfer", "clock", "graph");
    private static final int RUNTIME = 1;
    private static final int EXECUTORS = 2;
    private static final int PYTHON = 3;

    private final Machine machine;
    private final Map<RunLogs.Thread, ThreadId> rows = new HashMap<>();
    private final Map<Integer, Integer> applications = new TreeMap<>();
    private final Map<Integer, Integer> nodes = new HashMap<>();

    Rows(RunLogs logs) throws IOException {
        for (int worker : workers(logs)) {
            applications.put(worker, applications.size() + 1);
        }
        List<Machine.Node> machines = nodes(logs);
        Map<Integer, Map<Integer, List<RunLogs.Thread>>> tasks = new TreeMap<>();
        applications.values().forEach(application -> {
            Map<Integer, List<RunLogs.Thread>> empty = tasks.computeIfAbsent(application, a -> new TreeMap<>());
            empty.put(RUNTIME, new ArrayList<>());
        });
        for (RunLogs.Thread thread : logs.threads()) {
            if (!isRow(thread)) {
                continue;
            }
            int application = applications.getOrDefault(thread.worker(), 1);
            tasks.computeIfAbsent(application, a -> new TreeMap<>())
                    .computeIfAbsent(task(thread), t -> new ArrayList<>())
                    .add(thread);
        }
        tasks.values()
                .forEach(of -> of.computeIfPresent(RUNTIME, (task, threads) -> {
                    threads.sort(Comparator.comparingInt(Rows::place));
                    return threads;
                }));
        List<Machine.Application> all = new ArrayList<>();
        for (Map.Entry<Integer, Map<Integer, List<RunLogs.Thread>>> of : tasks.entrySet()) {
            all.add(application(of.getKey(), of.getValue(), logs));
        }
        machine = new Machine(machines, all);
    }

    /** Whether the thread is one to be seen, and not only a place to record. */
    static boolean isRow(RunLogs.Thread thread) {
        return !NO_ROWS.contains(thread.kind());
    }

    /** Whether it is a thread of a Python process. */
    static boolean isPython(RunLogs.Thread thread) {
        return thread.kind().equals("python") || thread.kind().equals("python-main");
    }

    private static TreeSet<Integer> workers(RunLogs logs) {
        TreeSet<Integer> workers = new TreeSet<>();
        workers.add(0);
        logs.processes().forEach(process -> workers.add(process.worker()));
        logs.threads().forEach(thread -> workers.add(thread.worker()));
        return workers;
    }

    /** A node has as many cpus as its worker has, or, where it has several, all of them. */
    private List<Machine.Node> nodes(RunLogs logs) {
        Map<String, Integer> cpus = new LinkedHashMap<>();
        Map<Integer, String> names = new TreeMap<>();
        for (RunLogs.Process process : logs.processes()) {
            if (process.role().equals("python-program")) {
                continue; // it is on the master's node, whose name it does not know
            }
            names.putIfAbsent(process.worker(), process.node());
            cpus.merge(process.node(), process.cpus(), Math::max);
        }
        List<String> order = new ArrayList<>(cpus.keySet());
        for (int worker : applications.keySet()) {
            String name = names.getOrDefault(worker, order.get(0));
            nodes.put(applications.get(worker), order.indexOf(name) + 1);
        }
        List<Machine.Node> machines = new ArrayList<>();
        cpus.forEach((name, count) -> machines.add(new Machine.Node(name, count)));
        return machines;
    }

    /** Threads of the runtime are in COMPSs' order, whichever recorded first. */
    private static int place(RunLogs.Thread thread) {
        return switch (thread.kind()) {
            case "main", "worker" -> 0;
            case "access" -> 1;
            case "dispatch" -> 2;
            case "python-main" -> 3;
            case "counters" -> 5;
            default -> 4;
        };
    }

    private static int task(RunLogs.Thread thread) {
        return switch (thread.kind()) {
            case "executor" -> EXECUTORS;
            case "python" -> PYTHON;
            default -> RUNTIME;
        };
    }

    private Machine.Application application(int number, Map<Integer, List<RunLogs.Thread>> tasks, RunLogs logs)
            throws IOException {
        List<Machine.Task> all = new ArrayList<>();
        int node = nodes.getOrDefault(number, 1);
        int last = tasks.keySet().stream().mapToInt(Integer::intValue).max().orElse(RUNTIME);
        for (int task = RUNTIME; task <= last; task++) {
            List<RunLogs.Thread> threads = tasks.getOrDefault(task, List.of());
            List<String> names = task == PYTHON ? turns(threads, number, logs) : new ArrayList<>();
            for (RunLogs.Thread thread : task == PYTHON ? List.<RunLogs.Thread>of() : threads) {
                ThreadId id = new ThreadId(number, task, names.size() + 1);
                rows.put(thread, id);
                names.add(name(thread, id));
            }
            if (names.isEmpty()) {
                // Every task needs a thread: Paraver counts rows by them.
                names.add("THREAD (" + number + "." + task + ".1)");
            }
            all.add(new Machine.Task(node, names));
        }
        return new Machine.Application("", all);
    }

    /**
     * Gives Python's processes rows. They come and go, so one that begins when another has ended has its row: there are as many as lived at a time.
     *
     * @return the names of the rows
     */
    private List<String> turns(List<RunLogs.Thread> threads, int application, RunLogs logs) throws IOException {
        Map<RunLogs.Thread, long[]> spans = new HashMap<>();
        for (RunLogs.Thread thread : threads) {
            long[] span = thread.span();
            spans.put(
                    thread,
                    span.length == 0
                            ? new long[] {Long.MAX_VALUE, Long.MAX_VALUE}
                            : new long[] {span[0], logs.end(thread)});
        }
        List<RunLogs.Thread> order = new ArrayList<>(threads);
        order.sort(Comparator.comparingLong(thread -> time(spans, thread, 0)));
        PriorityQueue<Integer> free = new PriorityQueue<>();
        PriorityQueue<long[]> busy = new PriorityQueue<>(Comparator.comparingLong(turn -> turn[0]));
        List<String> names = new ArrayList<>();
        for (RunLogs.Thread thread : order) {
            while (!busy.isEmpty() && busy.element()[0] < time(spans, thread, 0)) {
                free.add((int) busy.remove()[1]);
            }
            int row = free.isEmpty() ? names.size() + 1 : free.remove();
            ThreadId id = new ThreadId(application, PYTHON, row);
            if (row > names.size()) {
                names.add(name(thread, id));
            }
            rows.put(thread, id);
            busy.add(new long[] {time(spans, thread, 1), row});
        }
        return names;
    }

    private static long time(Map<RunLogs.Thread, long[]> spans, RunLogs.Thread thread, int which) {
        return spans.getOrDefault(thread, new long[2])[which];
    }

    private static String name(RunLogs.Thread thread, ThreadId id) {
        String what =
                switch (thread.kind()) {
                    case "main" -> "MAIN APP";
                    case "worker" -> "WORKER MAIN";
                    case "access" -> "RUNTIME AP";
                    case "dispatch" -> "RUNTIME TD";
                    case "counters" -> "COUNTERS";
                    case "executor" -> "EXECUTOR";
                    case "python" -> "PYTHON WORKER";
                    case "python-main" -> "PYTHON MAIN";
                    default -> "THREAD";
                };
        return what + " (" + id + ")";
    }

    Machine machine() {
        return machine;
    }

    ThreadId of(RunLogs.Thread thread) {
        ThreadId row = rows.get(thread);
        if (row == null) {
            throw new IllegalArgumentException("thread " + thread + " has no row");
        }
        return row;
    }

    /** The thread of a worker that its messages go to and come from. */
    ThreadId messenger(int worker) {
        return new ThreadId(applications.getOrDefault(worker, 1), RUNTIME, 1);
    }

    /** The global number of a core, from its place among its node's; 0 if there is no such. */
    int cpu(ThreadId thread, int place) {
        int node = machine.nodeOf(thread);
        return place < 0 || place >= machine.nodes().get(node - 1).cpus() ? 0 : machine.firstCpu(node) + place;
    }
}

package io.colla.tracing.merge;

import io.colla.tracing.Definition;
import io.colla.tracing.Records;
import io.colla.tracing.UserTypes;
import io.colla.tracing.log.LogReader;
import io.colla.tracing.log.OpenFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** All logs of a run, opened: their processes, threads, tasks and clocks. */
public final class RunLogs implements Closeable {
    /**
     * A process.
     *
     * @param worker its worker's number; 0 for the master
     */
    record Process(LogReader log, String role, String node, int worker, int cpus) {
        /** Whether it is where the application's main program is. */
        boolean isMain() {
            return role.equals("master") || role.equals("python-program");
        }

        /** What it says of itself; empty if it does not. */
        String says(String key) {
            return log.described("process").get(0).getOrDefault(key, "");
        }

        /** What other programs call its machine. */
        String host() {
            return says("host");
        }

        Process numbered(Map<String, Integer> numbers) {
            return isMain() ? this : new Process(log, role, node, numbers.getOrDefault(node, worker), cpus);
        }

        static Process of(LogReader log) throws IOException {
            Map<String, String> described = log.described("process").stream()
                    .findFirst()
                    .orElseThrow(() -> new IOException(log.file() + " does not say what process it is of"));
            return new Process(
                    log,
                    described.getOrDefault("role", "worker"),
                    described.getOrDefault("node", "?"),
                    Integer.parseInt(described.getOrDefault("worker", "0")),
                    Math.max(1, Integer.parseInt(described.getOrDefault("cpus", "1"))));
        }
    }

    /**
     * A thread.
     *
     * @param worker whose it is
     */
    record Thread(Process process, int number, String kind, int index, int worker) {
        /** Its records, from the first. */
        LogReader.Cursor cursor() {
            return process.log().cursor(number);
        }

        /** The times of its first and last record, by its process' clock; empty if it has none. */
        long[] span() throws IOException {
            return process.log().span(number);
        }
    }

    /** Logs that are open at a time, of any number. */
    private static final int MOST_OPEN = 256;

    private final OpenFiles files = new OpenFiles(MOST_OPEN);
    private final List<Process> processes = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Map<Integer, Definition> definitions = new TreeMap<>();
    private final UserTypes userTypes = new UserTypes();
    private final Map<Integer, Clock> clocks = new HashMap<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<Integer, Long> lastHeard = new HashMap<>();
    private final List<String> damaged = new ArrayList<>();
    private final Set<String> counted = new HashSet<>();
    /** Why nodes have no hardware counters, with the nodes. */
    private final Map<String, Set<String>> uncounted = new TreeMap<>();

    private RunLogs() {}

    /**
     * Opens the logs.
     *
     * @param folder with files {@code *.ctl}
     * @throws IOException if there is none that can be read
     */
    public static RunLogs open(Path folder) throws IOException {
        RunLogs logs = new RunLogs();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.ctl")) {
            for (Path file : files) {
                logs.add(file);
            }
        } catch (IOException | RuntimeException e) {
            logs.close();
            throw e;
        }
        if (logs.processes.isEmpty()) {
            logs.close();
            throw new IOException("there is no trace log in " + folder);
        }
        logs.processes.replaceAll(process -> process.numbered(logs.numbers));
        logs.processes.sort(Comparator.<Process>comparingInt(process -> process.worker())
                .thenComparing(process -> !process.role().equals("master"))
                .thenComparing(process -> process.log().file()));
        for (Process process : logs.processes) {
            logs.look(process);
        }
        logs.complete();
        logs.uncounted.forEach((why, nodes) -> logs.damaged.add("hardware counters of " + some(nodes) + ": " + why));
        return logs;
    }

    private static String some(Set<String> nodes) {
        String first = nodes.iterator().next();
        return nodes.size() == 1 ? first : first + " and " + (nodes.size() - 1) + " more";
    }

    private void add(Path file) {
        try {
            LogReader reader = LogReader.open(file, files);
            processes.add(Process.of(reader));
            for (Map<String, String> described : reader.described("worker")) {
                numbers.put(
                        described.getOrDefault("node", ""), Integer.parseInt(described.getOrDefault("number", "0")));
            }
        } catch (IOException e) {
            damaged.add(String.valueOf(e.getMessage()));
        }
    }

    private void look(Process process) throws IOException {
        for (Map<String, String> described : process.log().described("thread")) {
            int number = Integer.parseInt(described.getOrDefault("number", "0"));
            String kind = described.getOrDefault("kind", "thread");
            int index = Integer.parseInt(described.getOrDefault("index", "1"));
            int worker = Integer.parseInt(described.getOrDefault("worker", Integer.toString(process.worker())));
            if (kind.equals("counters") && !counted.add(process.says("boot") + " " + process.node())) {
                continue; // the master's process and a worker's say the same of one node
            }
            Thread thread = new Thread(process, number, kind, index, worker);
            threads.add(thread);
            if (kind.equals("clock")) {
                readClocks(thread.cursor());
            }
        }
        for (Map<String, String> described : process.log().described("definition")) {
            Definition definition = Definition.of(described);
            definitions.put(definition.number(), definition);
        }
        process.log().described("event-type").forEach(userTypes::add);
        for (Map<String, String> described : process.log().described("end")) {
            long dropped = Long.parseLong(described.getOrDefault("dropped", "0"));
            if (dropped > 0) {
                damaged.add(dropped + " events of " + process.node() + ", which could not be written to "
                        + process.log().file().getFileName() + " in time");
            }
        }
        for (Map<String, String> described : process.log().described("hardware")) {
            uncounted
                    .computeIfAbsent(described.getOrDefault("absent", ""), why -> new TreeSet<>())
                    .add(process.node());
        }
    }

    private void readClocks(LogReader.Cursor cursor) throws IOException {
        Map<Integer, List<Clock.Reading>> readings = new HashMap<>();
        while (cursor.next()) {
            if (cursor.type() == Records.CLOCK) {
                int worker = cursor.detail();
                long answered = cursor.time();
                long node = cursor.value();
                if (cursor.next()) {
                    readings.computeIfAbsent(worker, w -> new ArrayList<>())
                            .add(new Clock.Reading(answered - cursor.value() / 2, node, cursor.value()));
                }
            }
        }
        readings.forEach((worker, all) -> clocks.put(worker, Clock.of(all)));
    }

    /**
     * Processes of the master's machine have its very clock, which no reading could better. Others whose clock was never read are taken to agree with the master's by the clocks on the
     * wall, which is better than nothing.
     */
    private void complete() {
        Process master = processes.get(0);
        for (Process process : processes) {
            String boot = process.says("boot");
            if (process.worker() == master.worker()) {
                continue;
            }
            if (!boot.isEmpty() && boot.equals(master.says("boot"))) {
                clocks.put(process.worker(), Clock.MASTER);
            } else if (!clocks.containsKey(process.worker())) {
                long offset = wall(master) - wall(process);
                clocks.put(process.worker(), Clock.of(List.of(new Clock.Reading(0, offset, 0))));
            }
        }
    }

    /** When the process' clock was zero, by the clock on the wall, in nanoseconds. */
    private static long wall(Process process) {
        return Long.parseLong("0" + process.says("wall")) - Long.parseLong("0" + process.says("nanos"));
    }

    /**
     * When a thread was over at the latest, by its process' clock: when the process ended, or, where nobody has written that down, when the last of its worker's processes was heard.
     */
    long end(Thread thread) throws IOException {
        List<Map<String, String>> told = thread.process().log().described("end");
        long last = told.isEmpty()
                ? lastHeard(thread.process().worker())
                : Long.parseLong(told.get(0).getOrDefault("nanos", "0"));
        long[] span = thread.span();
        return span.length == 0 ? last : Math.max(last, span[1]);
    }

    private long lastHeard(int worker) throws IOException {
        Long known = lastHeard.get(worker);
        if (known != null) {
            return known;
        }
        long last = 0;
        for (Thread thread : threads) {
            long[] span = thread.worker() == worker ? thread.span() : new long[0];
            last = span.length == 0 ? last : Math.max(last, span[1]);
        }
        lastHeard.put(worker, last);
        return last;
    }

    List<Process> processes() {
        return processes;
    }

    List<Thread> threads() {
        return threads;
    }

    Map<Integer, Definition> definitions() {
        return definitions;
    }

    UserTypes userTypes() {
        return userTypes;
    }

    /** By how many nanoseconds other machines' clocks may be wrong; negative if there is no other machine. */
    long clockError() {
        return clocks.values().stream()
                .filter(clock -> clock != Clock.MASTER)
                .mapToLong(Clock::error)
                .max()
                .orElse(-1);
    }

    /** The clock of a worker's node, which the processes there share. */
    Clock clock(int worker) {
        return clocks.getOrDefault(worker, Clock.MASTER);
    }

    /** What is not in the trace, and why: files that could not be read, counters that nobody may read. */
    public List<String> damaged() {
        return damaged;
    }

    @Override
    public void close() throws IOException {
        files.close();
    }
}

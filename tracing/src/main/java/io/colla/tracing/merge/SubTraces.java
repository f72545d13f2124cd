package io.colla.tracing.merge;

import io.colla.tracing.Records;
import io.colla.tracing.TraceFolder;
import io.colla.tracing.extrae.ExtraeSite;
import io.colla.tracing.extrae.Mpi2prv;
import io.colla.tracing.log.LogReader;
import io.colla.tracing.paraver.PrvReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The traces that instrumented programs of tasks have left in a run's folder, as further applications of the run's trace; with them, others that the user names.
 *
 * <p>When a program ran is known exactly if its trace says what its machine's clock was at its begin, as Extrae's do; else it is taken to have begun when its task did.
 */
public final class SubTraces {
    private static final Pattern TASK = Pattern.compile("task-(\\d{1,9})(?:-(\\d{1,9}))?");
    /** By how much a program's clock may seem to be off its task's before it is not believed. */
    private static final long DOUBT = 1_000_000_000L;

    /**
     * A trace that the user wants in the run's.
     *
     * @param host the machine of nodes that it does not name; null if it is not known
     * @param offset nanoseconds from the run's begin to its own; null: by its clock
     */
    public record Named(Path prv, @Nullable String host, @Nullable Long offset) {}

    /**
     * What came of it.
     *
     * @param traces that were added
     * @param records of the whole
     * @param nanos that the whole lasts
     * @param remarks sentences about what is not there, or not as one would expect
     */
    public record Added(int traces, long records, long nanos, List<String> remarks) {}

    /**
     * An attempt of a task.
     *
     * @param begin from the trace's begin, like {@code end}
     */
    private record Attempt(int worker, long begin, long end) {}

    private final Path runFolder;
    private final TraceMerger.Written run;
    private final Supplier<@Nullable Path> merger;
    private final List<String> remarks = new ArrayList<>();
    private final List<ForeignMerger.Part> parts = new ArrayList<>();
    private final Map<String, Integer> workers = new HashMap<>();
    private int withoutClock;

    private SubTraces(Path runFolder, TraceMerger.Written run, Supplier<@Nullable Path> merger) {
        this.runFolder = runFolder;
        this.run = run;
        this.merger = merger;
    }

    /**
     * Adds them to a run's trace, which is replaced when the whole is complete.
     *
     * @param run the trace as it was made of the run's own logs
     * @param named further traces
     * @param merger finds mpi2prv, which makes traces of what Extrae has recorded, if there is any; null if there is none
     * @throws IOException if the trace cannot be written, or a named one cannot be read
     */
    public static Added add(Path runFolder, TraceMerger.Written run, List<Named> named, Supplier<@Nullable Path> merger)
            throws IOException {
        return new SubTraces(runFolder, run, merger).add(named);
    }

    private Added add(List<Named> named) throws IOException {
        Map<String, Path> folders = folders();
        if (folders.isEmpty() && named.isEmpty()) {
            return new Added(0, run.records(), run.nanos(), List.of());
        }
        try (RunLogs logs = RunLogs.open(TraceFolder.logs(runFolder))) {
            logs.processes().forEach(process -> workers.putIfAbsent(process.node(), process.worker()));
            Map<Integer, List<Attempt>> attempts = attempts(logs, folders);
            for (Map.Entry<String, Path> each : folders.entrySet()) {
                ofTask(each.getKey(), each.getValue(), attempts, logs);
            }
            for (Named each : named) {
                parts.add(named(each, logs));
            }
        }
        if (withoutClock > 0) {
            remarks.add(withoutClock + " of the programs' traces do not say their machine's clock,"
                    + " and are taken to begin when their tasks did");
        }
        if (parts.isEmpty()) {
            return new Added(0, run.records(), run.nanos(), remarks);
        }
        ForeignMerger.Written whole = ForeignMerger.add(run.prv(), parts);
        remarks.addAll(whole.remarks());
        return new Added(parts.size(), whole.records(), whole.nanos(), remarks);
    }

    /** By names of tasks, in the order of their numbers. */
    private Map<String, Path> folders() throws IOException {
        Map<String, Path> found = new TreeMap<>((a, b) -> {
            int byLength = Integer.compare(a.length(), b.length());
            return byLength != 0 ? byLength : a.compareTo(b);
        });
        Path extrae = TraceFolder.extrae(runFolder);
        if (Files.isDirectory(extrae)) {
            try (Stream<Path> all = Files.list(extrae)) {
                all.filter(folder -> TASK.matcher(name(folder)).matches())
                        .forEach(folder -> found.put(name(folder), folder));
            }
        }
        return found;
    }

    private static String name(Path folder) {
        return String.valueOf(folder.getFileName());
    }

    /** When the tasks ran, in the order of their attempts. Reads all records of executors. */
    private Map<Integer, List<Attempt>> attempts(RunLogs logs, Map<String, Path> folders) throws IOException {
        Map<Integer, List<Attempt>> attempts = new HashMap<>();
        for (String folder : folders.keySet()) {
            Matcher name = TASK.matcher(folder);
            if (name.matches()) {
                attempts.put(Integer.valueOf(name.group(1)), new ArrayList<>());
            }
        }
        for (RunLogs.Thread thread : logs.threads()) {
            if (!attempts.isEmpty() && thread.kind().equals("executor")) {
                attempts(thread, logs.clock(thread.worker()), attempts);
            }
        }
        attempts.values().forEach(all -> all.sort((a, b) -> Long.compare(a.begin(), b.begin())));
        return attempts;
    }

    private void attempts(RunLogs.Thread thread, Clock clock, Map<Integer, List<Attempt>> attempts) throws IOException {
        LogReader.Cursor records = thread.cursor();
        List<Attempt> open = null;
        long begin = 0;
        while (records.next()) {
            if (records.type() == Records.TASK_BEGIN) {
                open = attempts.get(Records.taskOf(records.value()));
                begin = clock.toMaster(records.time()) - run.zero();
            } else if (records.type() == Records.TASK_END && open != null) {
                open.add(new Attempt(thread.worker(), begin, clock.toMaster(records.time()) - run.zero()));
                open = null;
            }
        }
        if (open != null) {
            open.add(new Attempt(thread.worker(), begin, run.nanos()));
        }
    }

    private void ofTask(String folder, Path path, Map<Integer, List<Attempt>> attempts, RunLogs logs)
            throws IOException {
        Matcher numbers = TASK.matcher(folder);
        if (!numbers.matches()) {
            return;
        }
        String name = folder.replaceFirst("-", " ").replaceFirst("-", ", attempt ");
        List<Attempt> all = attempts.getOrDefault(Integer.valueOf(numbers.group(1)), List.of());
        int number = numbers.group(2) == null ? 1 : Integer.parseInt(numbers.group(2));
        Attempt attempt = all.isEmpty() ? null : all.get(Math.min(number, all.size()) - 1);
        int count = 0;
        for (Path prv : traces(name, path)) {
            try {
                ForeignTrace trace = ForeignTrace.look(prv);
                count++;
                parts.add(part(trace, count == 1 ? name : name + " (" + count + ")", attempt, logs));
            } catch (IOException e) {
                remarks.add("the trace of " + name + " is not there: " + e.getMessage());
            }
        }
    }

    private List<Path> traces(String name, Path folder) throws IOException {
        List<Path> traces = new ArrayList<>(Mpi2prv.traces(folder));
        for (Path list : Mpi2prv.lists(folder)) {
            Path program = merger.get();
            if (program == null) {
                remarks.add("what Extrae has recorded of " + name + " is not there: " + ExtraeSite.LACKS_MERGER);
                continue;
            }
            try {
                traces.add(Mpi2prv.merge(program, list));
            } catch (IOException e) {
                remarks.add("what Extrae has recorded of " + name + " is not there: " + e.getMessage());
            }
        }
        return traces;
    }

    private ForeignMerger.Part part(ForeignTrace trace, String name, @Nullable Attempt attempt, RunLogs logs) {
        String host = attempt == null ? null : host(attempt.worker(), logs);
        long begin = attempt == null ? 0 : attempt.begin();
        long end = attempt == null ? run.nanos() : attempt.end();
        Long byClock = byClock(trace, host, begin, end, logs);
        if (byClock == null) {
            withoutClock++;
        }
        Map<String, String> hosts = hosts(attempt == null ? -1 : attempt.worker(), logs);
        return new ForeignMerger.Part(trace, name, host, hosts, byClock == null ? begin : byClock);
    }

    private @Nullable String host(int worker, RunLogs logs) {
        return logs.processes().stream()
                .filter(process -> process.worker() == worker)
                .map(RunLogs.Process::node)
                .findFirst()
                .orElse(null);
    }

    /**
     * What the run calls machines, by what they call themselves.
     *
     * @param first counts before other workers of the same machine
     */
    private static Map<String, String> hosts(int first, RunLogs logs) {
        Map<String, String> hosts = new LinkedHashMap<>();
        for (RunLogs.Process process : logs.processes()) {
            if (!process.host().isEmpty() && (process.worker() == first || !hosts.containsKey(process.host()))) {
                hosts.put(process.host(), process.node());
            }
        }
        return hosts;
    }

    /**
     * From the run's begin to the trace's, by the clock that it names.
     *
     * @param begin before which, but for little, its program cannot have begun
     * @return null if it names none, or one that cannot be this machine's
     */
    private @Nullable Long byClock(ForeignTrace trace, @Nullable String host, long begin, long end, RunLogs logs) {
        ForeignTrace.ClockEvent clock = trace.clock();
        if (clock == null) {
            return null;
        }
        Integer worker = worker(clock.node());
        if (worker == null) {
            // Workers of one machine have one clock.
            worker = logs.processes().stream()
                    .filter(process -> ForeignPlaces.isSame(process.host(), clock.node()))
                    .map(RunLogs.Process::worker)
                    .findFirst()
                    .orElse(null);
        }
        worker = worker == null && host != null ? worker(host) : worker;
        if (worker == null) {
            return null;
        }
        long began = logs.clock(worker).toMaster(clock.clock()) - run.zero();
        return began < begin - DOUBT || began > end + DOUBT ? null : began - clock.time();
    }

    private @Nullable Integer worker(String node) {
        return workers.entrySet().stream()
                .filter(each -> ForeignPlaces.isSame(each.getKey(), node))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    private ForeignMerger.Part named(Named named, RunLogs logs) throws IOException {
        ForeignTrace trace = ForeignTrace.look(named.prv());
        String name = PrvReader.nameOf(named.prv());
        Long offset = named.offset();
        if (offset == null) {
            offset = byClock(trace, named.host(), 0, run.nanos(), logs);
        }
        if (offset == null) {
            remarks.add(
                    named.prv()
                            + " does not say when it began, and is taken to begin with the run: name the time between with +SECONDS");
        }
        return new ForeignMerger.Part(trace, name, named.host(), hosts(-1, logs), offset == null ? 0 : offset);
    }
}

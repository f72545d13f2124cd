package io.colla.tracing.report;

import io.colla.tracing.EventTypes;
import io.colla.tracing.paraver.Machine;
import io.colla.tracing.paraver.PrvReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Makes the report of a trace. */
public final class Reports {
    private static final int MOST_STEPS = 10_000;
    private static final int MOST_DATA = 10;
    private static final int MOST_LAST = 5;
    /** So many tasks of a function here and elsewhere make nodes comparable. */
    private static final int COMPARABLE = 5;

    private final Analysis read;
    private final PrvReader trace;
    private final TaskTable tasks;
    private final long elapsed;

    private Reports(Analysis read) {
        this.read = read;
        this.trace = read.trace();
        this.tasks = read.tasks();
        this.elapsed = Math.max(1, read.sweep().time());
    }

    /**
     * The report of a trace, and what a page of it needs besides.
     *
     * @param timeline what ran when and where
     */
    public record Made(TraceReport report, Timeline timeline) {}

    /**
     * Reads a trace, with the labels and names beside it. Takes about 50 bytes for each task.
     *
     * @param prv of ours or of COMPSs, {@code .prv} or {@code .prv.gz}
     * @throws IOException if it cannot be read, or is none; says which file, where and why
     */
    public static Made of(Path prv) throws IOException {
        Analysis read = Analysis.of(prv);
        Reports making = new Reports(read);
        List<Integer> path = read.path();
        return new Made(making.report(path), new Timeline(read, path == null ? List.of() : path));
    }

    private TraceReport report(@Nullable List<Integer> path) {
        Sweep sweep = read.sweep();
        CoreTime account = sweep.account();
        List<TraceReport.Function> functions = functions(account);
        TraceReport bare = new TraceReport(
                PrvReader.nameOf(trace.file()),
                trace.file().toString(),
                trace.date(),
                elapsed,
                sweep.cores(),
                functions.stream().mapToLong(TraceReport.Function::count).sum(),
                functions.stream().mapToLong(TraceReport.Function::failed).sum(),
                nodes(),
                efficiency(account),
                account,
                concurrency(),
                sweep.readyKnown() ? new TraceReport.Ready(sweep.readyMean(), sweep.readyPeak()) : null,
                overhead(),
                path == null ? null : path(path, functions),
                sweep.mainKnown() ? mainThread() : null,
                tail(),
                read.use().known() ? read.use().use() : null,
                functions,
                transfers(),
                data(),
                notes(path != null),
                List.of());
        return bare.with(Rules.of(bare));
    }

    private List<TraceReport.Node> nodes() {
        List<TraceReport.Node> nodes = new ArrayList<>();
        List<Machine.Node> all = trace.machine().nodes();
        for (int node = 0; node < all.size(); node++) {
            NodeSlots slots = read.slots(node);
            if (slots.count() == 0) {
                continue;
            }
            long count = 0;
            for (FunctionStats function : read.functions()) {
                count += function.byNode.getOrDefault(node, new long[2])[0];
            }
            double[] pace = pace(node);
            nodes.add(new TraceReport.Node(
                    all.get(node).name(),
                    slots.count(),
                    count,
                    IntStream.range(0, slots.count()).mapToLong(slots::worked).sum(),
                    IntStream.range(0, slots.count())
                            .mapToLong(slots::worked)
                            .max()
                            .orElse(0),
                    pace[0],
                    (long) pace[1]));
        }
        return nodes;
    }

    private double[] pace(int node) {
        double here = 0;
        double expected = 0;
        long compared = 0;
        for (FunctionStats function : read.functions()) {
            long[] own = function.byNode.getOrDefault(node, new long[2]);
            long others = function.durations.count() - own[0];
            if (own[0] >= COMPARABLE && others >= COMPARABLE) {
                here += own[1];
                expected += own[0] * (double) (function.durations.total() - own[1]) / others;
                compared += own[0];
            }
        }
        return new double[] {expected > 0 ? here / expected : 0, compared};
    }

    private TraceReport.Efficiency efficiency(CoreTime account) {
        List<Long> worked = new ArrayList<>();
        for (int node = 0; node < trace.machine().nodes().size(); node++) {
            NodeSlots slots = read.slots(node);
            IntStream.range(0, slots.count()).forEach(slot -> worked.add(slots.worked(slot)));
        }
        double most = worked.stream().mapToLong(Long::longValue).max().orElse(0);
        double mean = worked.stream().mapToLong(Long::longValue).average().orElse(0);
        double parallel = account.total() == 0 ? 0 : (double) account.tasks() / account.total();
        return new TraceReport.Efficiency(parallel, most == 0 ? 0 : mean / most, most / elapsed);
    }

    private TraceReport.Concurrency concurrency() {
        Sweep sweep = read.sweep();
        List<Long> nanos = LongStream.of(sweep.nanosByCores()).boxed().toList();
        long below =
                nanos.stream().limit(sweep.cores()).mapToLong(Long::longValue).sum();
        return new TraceReport.Concurrency(sweep.running().integral() / elapsed, sweep.peak(), nanos, below);
    }

    private TraceReport.Overhead overhead() {
        long known = read.around().count();
        return new TraceReport.Overhead(
                known == 0 ? 0 : (double) read.beforeSum() / known,
                known == 0 ? 0 : (double) read.afterSum() / known,
                known,
                read.gaps().mean(),
                read.around().quantile(0.5),
                read.gaps().quantile(0.5),
                read.gaps().count());
    }

    private TraceReport.CriticalPath path(List<Integer> places, List<TraceReport.Function> functions) {
        Map<String, long[]> parts = new LinkedHashMap<>();
        long length = 0;
        for (int place : places) {
            length += tasks.duration(place);
            long[] part = parts.computeIfAbsent(function(place), f -> new long[2]);
            part[0]++;
            part[1] += tasks.duration(place);
        }
        List<TraceReport.PathPart> byFunction = new ArrayList<>();
        parts.forEach((name, part) -> byFunction.add(new TraceReport.PathPart(name, part[0], part[1])));
        byFunction.sort(Comparator.comparingLong(TraceReport.PathPart::time).reversed());
        double all =
                functions.stream().mapToLong(TraceReport.Function::coreTime).sum();
        List<TraceReport.TaskRef> steps =
                places.stream().limit(MOST_STEPS).map(this::task).toList();
        return new TraceReport.CriticalPath(length, steps, byFunction, length == 0 ? 0 : all / length);
    }

    private TraceReport.MainThread mainThread() {
        List<TraceReport.Call> all = new ArrayList<>();
        long waiting = 0;
        long submitting = 0;
        for (Map.Entry<Long, long[]> call : read.calls().byValue().entrySet()) {
            long time = call.getValue()[1];
            int value = call.getKey().intValue();
            waiting += Analysis.waits(value) ? time : 0;
            submitting += Analysis.submits(value) ? time : 0;
            all.add(new TraceReport.Call(trace.labels().value(EventTypes.API, value), call.getValue()[0], time));
        }
        all.sort(Comparator.comparingLong(TraceReport.Call::time).reversed());
        return new TraceReport.MainThread(waiting, submitting, all);
    }

    private TraceReport.Tail tail() {
        List<Integer> last = new ArrayList<>();
        // From the end: of those that began last most are among them, and few others take a place of theirs.
        for (int place = tasks.size() - 1; place >= 0; place--) {
            if (tasks.part(place)) {
                continue;
            }
            if (last.size() < MOST_LAST || tasks.endOf(place) >= tasks.endOf(last.get(MOST_LAST - 1))) {
                last.add(place);
                last.sort(Comparator.comparingLong((Integer task) -> tasks.endOf(task))
                        .reversed()
                        .thenComparing(Comparator.naturalOrder()));
                if (last.size() > MOST_LAST) {
                    last.remove(MOST_LAST);
                }
            }
        }
        return new TraceReport.Tail(
                read.sweep().lastFull(),
                read.sweep().idleInTail(),
                last.stream().map(this::task).toList());
    }

    private List<TraceReport.Function> functions(CoreTime account) {
        List<TraceReport.Function> all = new ArrayList<>();
        for (FunctionStats function : read.functions()) {
            Quantiles durations = function.durations;
            if (durations.count() == 0) {
                continue;
            }
            all.add(new TraceReport.Function(
                    function.name,
                    durations.count(),
                    function.failed,
                    durations.total(),
                    durations.mean(),
                    durations.quantile(0.5),
                    durations.quantile(0.95),
                    durations.variation(),
                    durations.most(),
                    function.coreTime,
                    account.tasks() == 0 ? 0 : (double) function.coreTime / account.tasks(),
                    function.seenBefore == 0 ? 0 : (double) function.before / function.seenBefore,
                    function.around.quantile(0.5),
                    function.cores,
                    function.memory,
                    function.longest().stream().map(this::task).toList()));
        }
        all.sort(Comparator.comparingLong(TraceReport.Function::coreTime)
                .reversed()
                .thenComparing(TraceReport.Function::name));
        return all;
    }

    private TraceReport.TaskRef task(int place) {
        return new TraceReport.TaskRef(
                tasks.id(place),
                function(place),
                trace.nodeName(tasks.row(place)),
                tasks.begin(place),
                tasks.duration(place));
    }

    private String function(int place) {
        return read.functions().get(tasks.function(place)).name;
    }

    private List<TraceReport.Transfer> transfers() {
        List<TraceReport.Transfer> all = new ArrayList<>();
        List<Machine.Node> nodes = trace.machine().nodes();
        read.transfers()
                .forEach((pair, sums) -> all.add(new TraceReport.Transfer(
                        nodes.get((int) (pair >>> 32) - 1).name(),
                        nodes.get((int) (pair & 0xffff_ffffL) - 1).name(),
                        sums[0],
                        sums[1],
                        sums[2])));
        all.sort(Comparator.comparingLong(TraceReport.Transfer::bytes).reversed());
        return all;
    }

    private List<TraceReport.Datum> data() {
        return read.data().entrySet().stream()
                .map(datum -> new TraceReport.Datum(datum.getKey(), datum.getValue()[0], datum.getValue()[1]))
                .sorted(Comparator.comparingLong(TraceReport.Datum::bytes)
                        .reversed()
                        .thenComparingLong(TraceReport.Datum::number))
                .limit(MOST_DATA)
                .toList();
    }

    private List<String> notes(boolean pathKnown) {
        List<String> notes = new ArrayList<>();
        PrvReader.Totals totals = read.totals();
        if (totals.cut()) {
            notes.add("The trace ends within a record: whoever wrote it was stopped.");
        }
        if (totals.unknown() > 0) {
            notes.add(Format.plural(totals.unknown(), "record")
                    + " of threads that the trace's header does not have were passed over.");
        }
        List<String> missing = new ArrayList<>();
        if (!read.sweep().readyKnown()) {
            missing.add("which tasks were ready");
        }
        if (!pathKnown) {
            notes.add("The trace has no dependencies: no task needed another's result, or that was not recorded.");
        }
        if (!read.sweep().mainKnown()) {
            missing.add("what the main program did");
        }
        if (read.around().count() == 0) {
            missing.add("what the runtime did around tasks");
        }
        if (!missing.isEmpty()) {
            notes.add("The trace does not tell " + String.join(", or ", missing) + ".");
        }
        return notes;
    }
}

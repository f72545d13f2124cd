package io.colla.tracing.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A report as maps and lists, for JSON. Names end with their unit: {@code _ns} nanoseconds, {@code _core_ns} nanoseconds of one core, {@code _bytes}, {@code _mib}; ratios are of 1. Names stay,
 * others may come; what a trace does not tell is null. {@code format} is raised when a name changes its meaning.
 */
public final class ReportJson {
    private static final int FORMAT = 1;

    private ReportJson() {}

    /** The whole report. */
    public static Map<String, @Nullable Object> of(TraceReport report) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("format", FORMAT);
        all.put("name", report.name());
        all.put("file", report.file());
        all.put("begun", report.begun());
        all.put("elapsed_ns", report.elapsed());
        all.put("cores", report.slots());
        all.put("tasks", report.tasks());
        all.put("failed", report.failed());
        all.put(
                "efficiency",
                map(
                        "parallel",
                        report.efficiency().parallel(),
                        "load_balance",
                        report.efficiency().loadBalance(),
                        "communication",
                        report.efficiency().communication()));
        all.put("core_time", coreTime(report.coreTime()));
        all.put("concurrency", concurrency(report.concurrency()));
        TraceReport.Ready ready = report.ready();
        all.put("ready_tasks", ready == null ? null : map("mean", ready.mean(), "peak", ready.peak()));
        all.put("overhead", overhead(report.overhead()));
        all.put("critical_path", path(report.path()));
        all.put("main_program", mainThread(report.mainThread()));
        all.put(
                "tail",
                map(
                        "since_ns",
                        report.tail().since() < 0 ? null : report.tail().since(),
                        "idle_core_ns",
                        report.tail().idle(),
                        "last_tasks",
                        tasks(report.tail().last())));
        all.put("use", use(report.use()));
        all.put("nodes", each(report.nodes(), ReportJson::node));
        all.put("functions", each(report.functions(), ReportJson::function));
        all.put(
                "transfers",
                each(
                        report.transfers(),
                        pair -> map(
                                "from",
                                pair.from(),
                                "to",
                                pair.to(),
                                "count",
                                pair.count(),
                                "size_bytes",
                                pair.bytes(),
                                "time_ns",
                                pair.time())));
        all.put(
                "most_sent",
                each(
                        report.data(),
                        datum -> map("content", datum.number(), "count", datum.count(), "size_bytes", datum.bytes())));
        all.put(
                "advice",
                each(
                        report.advice(),
                        advice -> map(
                                "kind",
                                advice.kind(),
                                "weight",
                                advice.weight(),
                                "what",
                                advice.what(),
                                "todo",
                                advice.todo())));
        all.put("notes", report.notes());
        return all;
    }

    private static Map<String, @Nullable Object> coreTime(CoreTime time) {
        return map(
                "total_core_ns",
                time.total(),
                "tasks_core_ns",
                time.tasks(),
                "around_tasks_core_ns",
                time.around(),
                "idle_ready_core_ns",
                time.idleReady(),
                "idle_transfers_core_ns",
                time.idleTransfers(),
                "idle_main_program_core_ns",
                time.idleMain(),
                "idle_calling_tasks_core_ns",
                time.idleSubmitting(),
                "idle_nothing_ready_core_ns",
                time.idleNothing(),
                "before_first_task_core_ns",
                time.start(),
                "after_last_task_core_ns",
                time.end());
    }

    private static Map<String, @Nullable Object> concurrency(TraceReport.Concurrency concurrency) {
        return map(
                "mean_cores",
                concurrency.mean(),
                "peak_cores",
                concurrency.peak(),
                "below_all_cores_ns",
                concurrency.nanosBelow(),
                "time_by_cores_ns",
                concurrency.nanosByCores());
    }

    private static Map<String, @Nullable Object> overhead(TraceReport.Overhead overhead) {
        return map(
                "tasks",
                overhead.tasks(),
                "before_mean_ns",
                overhead.before(),
                "after_mean_ns",
                overhead.after(),
                "median_ns",
                overhead.median(),
                "gaps",
                overhead.gaps(),
                "gap_mean_ns",
                overhead.gap(),
                "gap_median_ns",
                overhead.gapMedian());
    }

    private static @Nullable Map<String, @Nullable Object> path(TraceReport.@Nullable CriticalPath path) {
        return path == null
                ? null
                : map(
                        "length_ns",
                        path.length(),
                        "parallelism_cores",
                        path.parallelism(),
                        "tasks",
                        path.tasks(),
                        "functions",
                        each(
                                path.functions(),
                                part -> map("name", part.function(), "tasks", part.tasks(), "time_ns", part.time())),
                        "first_tasks",
                        tasks(path.steps()));
    }

    private static @Nullable Map<String, @Nullable Object> mainThread(TraceReport.@Nullable MainThread main) {
        return main == null
                ? null
                : map(
                        "waiting_ns",
                        main.waiting(),
                        "calling_tasks_ns",
                        main.submitting(),
                        "calls",
                        each(
                                main.calls(),
                                call -> map("name", call.name(), "count", call.count(), "time_ns", call.time())));
    }

    private static @Nullable Map<String, @Nullable Object> use(TraceReport.@Nullable Use use) {
        return use == null
                ? null
                : map(
                        "cores_in_tasks_mean",
                        use.coresHeld(),
                        "cores_busy_mean",
                        use.coresUsed(),
                        "memory_asked_peak_mib",
                        use.memoryHeld(),
                        "memory_used_peak_mib",
                        use.memoryUsed());
    }

    private static Map<String, @Nullable Object> node(TraceReport.Node node) {
        return map(
                "name",
                node.name(),
                "cores",
                node.slots(),
                "tasks",
                node.tasks(),
                "tasks_core_ns",
                node.taskTime(),
                "busiest_core_ns",
                node.busiest(),
                "pace",
                node.compared() == 0 ? null : node.pace(),
                "compared_tasks",
                node.compared());
    }

    private static Map<String, @Nullable Object> function(TraceReport.Function function) {
        return map(
                "name",
                function.name(),
                "count",
                function.count(),
                "failed",
                function.failed(),
                "total_ns",
                function.total(),
                "mean_ns",
                function.mean(),
                "median_ns",
                function.median(),
                "p95_ns",
                function.p95(),
                "max_ns",
                function.max(),
                "cv",
                function.variation(),
                "tasks_core_ns",
                function.coreTime(),
                "share",
                function.share(),
                "before_mean_ns",
                function.before(),
                "cost_median_ns",
                function.cost(),
                "cores_peak",
                function.cores(),
                "memory_peak_mib",
                function.memory(),
                "longest_tasks",
                tasks(function.longest()));
    }

    private static List<Object> tasks(List<TraceReport.TaskRef> tasks) {
        return each(
                tasks,
                task -> map(
                        "id",
                        task.id(),
                        "function",
                        task.function(),
                        "node",
                        task.node(),
                        "begin_ns",
                        task.begin(),
                        "duration_ns",
                        task.duration()));
    }

    private interface Described<T> {
        Map<String, @Nullable Object> of(T value);
    }

    private static <T> List<Object> each(List<T> values, Described<T> described) {
        List<Object> all = new ArrayList<>();
        values.forEach(value -> all.add(described.of(value)));
        return all;
    }

    /** Names and values in turn. */
    static Map<String, @Nullable Object> map(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return map;
    }
}

package io.colla.launcher;

import io.colla.master.RunStatus;
import io.colla.master.TaskSummary;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run came to.
 *
 * @param name the run's name
 * @param outcome how it ended, in words
 * @param exitCode with which code; null when the application called {@link System#exit} itself
 * @param started when it began
 * @param wall how long it took
 * @param status counts at its end
 * @param tasks one row a task
 * @param busySeconds seconds that cores were held by tasks, added up
 * @param folder the run's folder
 */
record RunSummary(
        String name,
        String outcome,
        @Nullable Integer exitCode,
        Instant started,
        Duration wall,
        RunStatus status,
        List<TaskSummary> tasks,
        double busySeconds,
        Path folder) {
    private static final int WIDTH = 80;
    private static final int MOST_ROWS = 20;
    private static final int NAME_WIDTH = 33;

    RunSummary {
        tasks = List.copyOf(tasks);
    }

    /** Part of the cores' time that tasks held, 0 to 1. */
    double utilisation() {
        double offered = wall.toNanos() / 1e9 * status.coresTotal();
        return offered <= 0 ? 0 : Math.min(1, busySeconds / offered);
    }

    /** For people: at most 80 columns. */
    String text() {
        StringBuilder out = new StringBuilder();
        line(out, name + ": " + outcome);
        line(
                out,
                "  " + Words.plural(status.done(), "task") + " done" + counts() + " in " + Words.time(wall) + "; "
                        + Words.plural(status.coresTotal(), "core") + " on " + Words.plural(status.nodes(), "node")
                        + ", "
                        + Math.round(utilisation() * 100) + " % busy");
        if (!tasks.isEmpty()) {
            table(out);
        }
        String label = "  run folder: ";
        out.append(label).append(folder).append('\n'); // a path that is cut cannot be used
        return out.toString();
    }

    /** For programs. */
    String json() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("name", name);
        map.put("outcome", outcome);
        map.put("exitCode", exitCode);
        map.put("started", started.truncatedTo(ChronoUnit.MILLIS));
        map.put("wallSeconds", wall.toNanos() / 1e9);
        map.put("nodes", status.nodes());
        map.put("cores", status.coresTotal());
        map.put("busyCoreSeconds", busySeconds);
        map.put("utilisation", utilisation());
        map.put("done", status.done());
        map.put("failed", status.failed());
        map.put("cancelled", status.cancelled());
        map.put("tasks", tasks.stream().map(RunSummary::json).toList());
        map.put("folder", folder);
        return Json.of(map);
    }

    private static Map<String, Object> json(TaskSummary task) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", task.name());
        map.put("count", task.count());
        map.put("failed", task.failed());
        map.put("totalSeconds", task.totalSeconds());
        map.put("maxSeconds", task.maxSeconds());
        return map;
    }

    private String counts() {
        List<String> parts = new ArrayList<>();
        if (status.failed() > 0) {
            parts.add(status.failed() + " failed");
        }
        if (status.cancelled() > 0) {
            parts.add(status.cancelled() + " cancelled");
        }
        return parts.isEmpty() ? "" : ", " + String.join(", ", parts);
    }

    private void table(StringBuilder out) {
        String form = "  %-" + NAME_WIDTH + "s %9s %7s %8s %8s %8s";
        line(out, String.format(Locale.ROOT, form, "task", "count", "failed", "total", "mean", "max"));
        List<TaskSummary> rows = tasks.stream()
                .sorted((a, b) -> Double.compare(b.totalSeconds(), a.totalSeconds()))
                .limit(MOST_ROWS)
                .toList();
        for (TaskSummary task : rows) {
            double mean = task.count() == 0 ? 0 : task.totalSeconds() / task.count();
            line(
                    out,
                    String.format(
                            Locale.ROOT,
                            form,
                            Words.cut(task.name(), NAME_WIDTH),
                            task.count(),
                            task.failed(),
                            seconds(task.totalSeconds()),
                            seconds(mean),
                            seconds(task.maxSeconds())));
        }
        if (tasks.size() > rows.size()) {
            line(out, "  and " + Words.plural(tasks.size() - rows.size(), "more task") + ", in summary.json");
        }
    }

    /** At most eight characters: {@code 12.3 ms}, {@code 4.56 s}, {@code 12345 s}. */
    private static String seconds(double seconds) {
        if (seconds < 0.001) {
            return String.format(Locale.ROOT, "%.0f us", seconds * 1e6);
        }
        if (seconds < 1) {
            return String.format(Locale.ROOT, "%.1f ms", seconds * 1e3);
        }
        return String.format(Locale.ROOT, seconds < 100 ? "%.2f s" : "%.0f s", seconds);
    }

    private static void line(StringBuilder out, String text) {
        out.append(Words.cut(text, WIDTH).stripTrailing()).append('\n');
    }
}

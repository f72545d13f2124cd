package io.colla.launcher;

import io.colla.master.Master;
import io.colla.master.Placement;
import io.colla.master.RunStatus;
import io.colla.master.TaskSummary;
import io.colla.platform.Descendants;
import io.colla.python.PythonFunction;
import io.colla.python.gateway.Gateway;
import io.colla.python.gateway.Wishes;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A run with a master in this process. */
final class MasterBackend implements Backend {
    /** For what was cancelled to end, so that it is counted; a program gets two seconds of them between SIGTERM and SIGKILL. */
    private static final Duration TASKS_END = Duration.ofSeconds(4);

    private final Master master;
    private final RunFolder folder;
    private RunStatus last = new RunStatus(0, 0, 0, 0, 0, 0, 0, 0);
    private @Nullable List<Placement> placements;

    MasterBackend(Master master, RunFolder folder) {
        this.master = master;
        this.folder = folder;
    }

    @Override
    public synchronized RunStatus status() {
        RunStatus now = placements == null ? master.status() : null;
        if (now != null) {
            last = now;
        }
        return last;
    }

    @Override
    public List<TaskSummary> tasks() {
        Map<String, TaskSummary> byName = new TreeMap<>();
        for (Placement row : placements()) {
            TaskSummary one =
                    new TaskSummary(row.task(), row.done() + row.failed(), row.failed(), row.seconds(), row.longest());
            byName.merge(row.task(), one, MasterBackend::add);
        }
        byName.values().removeIf(row -> row.count() == 0);
        return List.copyOf(byName.values());
    }

    private static TaskSummary add(TaskSummary a, TaskSummary b) {
        return new TaskSummary(
                a.name(),
                a.count() + b.count(),
                a.failed() + b.failed(),
                a.totalSeconds() + b.totalSeconds(),
                Math.max(a.maxSeconds(), b.maxSeconds()));
    }

    private synchronized List<Placement> placements() {
        List<Placement> known = placements;
        return known != null ? known : master.placements();
    }

    @Override
    public double busySeconds() {
        return placements().stream().mapToDouble(Placement::coreSeconds).sum();
    }

    @Override
    public void applicationEnded() {
        master.applicationEnded();
    }

    @Override
    public void serve(Gateway gateway, Wishes wishes) {
        gateway.serve(master, wishes);
    }

    @Override
    public void warmUp(String interpreter) {
        master.warmUp(PythonFunction.KIND, interpreter);
    }

    @Override
    public void cancel(String why) {
        master.cancelAll(why);
    }

    @Override
    public void onTimeUp(Consumer<String> listener) {
        master.onTimeUp(listener);
    }

    @Override
    public void onNews(Consumer<String> listener) {
        master.onNews(listener);
    }

    @Override
    public boolean warned() {
        return master.warned();
    }

    @Override
    public List<String> tasksThatExit() {
        return master.tasksThatExit();
    }

    @Override
    public synchronized List<String> stop(Duration grace) {
        if (placements != null) {
            return List.of();
        }
        master.awaitTasks(grace.compareTo(TASKS_END) < 0 ? grace : TASKS_END);
        status();
        List<Placement> rows = master.placements();
        placements = rows;
        List<String> sentences = new ArrayList<>(master.nodeTroubles());
        int before = sentences.size();
        master.close();
        Descendants.kill();
        List<String> after = master.nodeTroubles();
        sentences.addAll(after.subList(Math.min(before, after.size()), after.size()));
        try {
            Files.writeString(folder.placements(), csv(rows));
        } catch (IOException e) {
            sentences.add("cannot write the placements: " + Words.reason(e));
        }
        return sentences;
    }

    /** One row for each task on each node. */
    private static String csv(List<Placement> rows) {
        StringBuilder text = new StringBuilder("task,node,done,failed,cancelled,retried,seconds,longest\n");
        for (Placement row : rows) {
            text.append(String.format(
                    Locale.ROOT,
                    "%s,%s,%d,%d,%d,%d,%.6f,%.6f%n",
                    quoted(row.task()),
                    row.node(),
                    row.done(),
                    row.failed(),
                    row.cancelled(),
                    row.retried(),
                    row.seconds(),
                    row.longest()));
        }
        return text.toString();
    }

    private static String quoted(String text) {
        return text.contains(",") || text.contains("\"") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}

package io.colla.master;

import io.colla.core.Failure;
import io.colla.core.TaskRecord;
import io.colla.core.TaskState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts what ran where. Written by the thread that owns the engine; read through snapshots taken by it. */
final class RunBook {
    /** What one kind of task did on one node. */
    static final class Row {
        final String task;
        final String node;
        long done;
        long failed;
        long cancelled;
        long retried;
        long nanos;
        long longest;
        double coreNanos;

        Row(String task, String node) {
            this.task = task;
            this.node = node;
        }
    }

    private record Key(String task, int worker) {}

    private final Map<Key, Row> rows = new HashMap<>();
    private @Nullable Key lastKey;
    private @Nullable Row lastRow;
    long submitted;
    long done;
    long failed;
    long cancelled;

    private Row row(TaskRecord task, int worker, String node) {
        Key last = lastKey;
        Row lastFound = lastRow;
        String name = task.template().name();
        if (last != null && lastFound != null && last.task.equals(name) && last.worker == worker) {
            return lastFound;
        }
        Key key = new Key(name, worker);
        Row row = rows.computeIfAbsent(key, k -> new Row(name, node));
        lastKey = key;
        lastRow = row;
        return row;
    }

    void ended(TaskRecord task, int worker, String node, long nanos, @Nullable Failure failure) {
        TaskState state = task.state();
        boolean ran = state != TaskState.CANCELLED || nanos > 0;
        Row row = row(task, ran ? worker : -1, ran ? node : "");
        ran(row, task, nanos);
        if (state == TaskState.DONE && failure == null) {
            done++;
            row.done++;
        } else if (state == TaskState.CANCELLED) {
            cancelled++;
            row.cancelled++;
        } else {
            failed++;
            row.failed++;
        }
    }

    void again() {
        done--;
    }

    void retried(TaskRecord task, int worker, String node, long nanos) {
        Row row = row(task, worker, node);
        ran(row, task, nanos);
        row.retried++;
    }

    private static void ran(Row row, TaskRecord task, long nanos) {
        row.nanos += nanos;
        long cores = task.template().implementations().get(task.implementation).allCores();
        row.coreNanos += (double) nanos * cores;
        row.longest = Math.max(row.longest, nanos);
    }

    List<Row> rows() {
        List<Row> sorted = new ArrayList<>(rows.values());
        sorted.sort(Comparator.comparing((Row r) -> r.task).thenComparing(r -> r.node));
        return sorted;
    }
}

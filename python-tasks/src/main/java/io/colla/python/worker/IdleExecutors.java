package io.colla.python.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Executors that wait for a task, the most recently used last. Thread-safe. */
final class IdleExecutors {
    /** How long one is kept that no task needs. */
    static final Duration KEPT = Duration.ofSeconds(60);

    private final List<ExecutorProcess> idle = new ArrayList<>();
    private boolean closed;

    /** One of the zygote's, if possible one that is bound to these cpus already; null if there is none. */
    synchronized @Nullable ExecutorProcess take(Zygote zygote, List<Integer> cpus) {
        int best = -1;
        for (int i = idle.size() - 1; i >= 0; i--) {
            ExecutorProcess each = idle.get(i);
            if (each.zygote == zygote && !each.ended.isDone()) {
                if (each.cpus.equals(cpus)) {
                    return idle.remove(i);
                }
                best = Math.max(best, i);
            }
        }
        return best < 0 ? null : idle.remove(best);
    }

    /** False if it is not wanted any more. */
    synchronized boolean add(ExecutorProcess executor, long now) {
        if (closed) {
            return false;
        }
        executor.idleSince = now;
        idle.add(executor);
        return true;
    }

    /** Takes out those that were not needed for long, and those that have ended. */
    synchronized List<ExecutorProcess> retire(long now) {
        List<ExecutorProcess> retired = new ArrayList<>();
        idle.removeIf(each -> {
            boolean old = now - each.idleSince >= KEPT.toNanos() || each.ended.isDone();
            if (old) {
                retired.add(each);
            }
            return old;
        });
        return retired;
    }

    synchronized boolean isEmpty() {
        return idle.isEmpty();
    }

    synchronized List<ExecutorProcess> close() {
        closed = true;
        List<ExecutorProcess> all = List.copyOf(idle);
        idle.clear();
        return all;
    }
}

package io.colla.worker;

import io.colla.platform.TaskContext;
import io.colla.platform.TaskDefinition;
import io.colla.platform.TaskDefinition.Implementation;
import io.colla.platform.TaskError;
import io.colla.platform.TaskExecutor;
import io.colla.platform.TaskPipeline;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Does tasks in a pipeline at once, but for those that are to last until they are let go. */
public final class PipelineExecutor implements TaskExecutor {
    static final String KIND = "pipeline";

    /** Tasks that last; shared by all instances, since the worker makes its own. */
    static final Set<Integer> LASTING = ConcurrentHashMap.newKeySet();

    static final Set<Integer> FAILING = ConcurrentHashMap.newKeySet();
    /** Tasks that take their pipeline with them. */
    static final Set<Integer> BREAKING = ConcurrentHashMap.newKeySet();
    /** What was begun, in order. */
    static final Queue<Integer> BEGUN = new ConcurrentLinkedQueue<>();
    /** What was done without a pipeline. */
    static final Queue<Integer> ALONE = new ConcurrentLinkedQueue<>();

    static volatile int mostAtOnce;

    static void reset() {
        LASTING.clear();
        FAILING.clear();
        BREAKING.clear();
        BEGUN.clear();
        ALONE.clear();
        mostAtOnce = 0;
    }

    static TaskDefinition definition() {
        return new TaskDefinition("piped", List.of("data"), List.of(new Implementation(KIND, "")));
    }

    static void letGo(int task) {
        synchronized (LASTING) {
            LASTING.remove(task);
            LASTING.notifyAll();
        }
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public @Nullable Object execute(TaskContext context) {
        ALONE.add(context.task());
        return null;
    }

    @Override
    public TaskPipeline pipeline(TaskContext first) {
        return new Lane();
    }

    @Override
    public void close() {}

    private static final class Lane implements TaskPipeline {
        private final Deque<TaskContext> tasks = new ArrayDeque<>();
        private boolean begun;
        private boolean recalled;
        private boolean gone;

        @Override
        public boolean add(TaskContext task) {
            tasks.add(task);
            mostAtOnce = Math.max(mostAtOnce, tasks.size());
            task.onEnd(() -> letGo(task.task()));
            return true;
        }

        @Override
        public boolean isOpen() {
            return !gone;
        }

        @Override
        public @Nullable Answer poll() {
            return null;
        }

        @Override
        public Answer await(long lull) {
            TaskContext head = tasks.element();
            if (gone) {
                return new Answer(tasks.remove(), null, true, 0);
            }
            if (!begun) {
                BEGUN.add(head.task());
                begun = true;
            }
            synchronized (LASTING) {
                while (LASTING.contains(head.task())) {
                    if (recalled && tasks.size() > 1) {
                        return new Answer(tasks.removeLast(), null, true, 0);
                    }
                    try {
                        LASTING.wait(20_000);
                    } catch (InterruptedException e) {
                        continue; // the task is told by its action
                    }
                }
            }
            tasks.remove();
            begun = false;
            recalled = false;
            gone = BREAKING.contains(head.task());
            TaskError failure =
                    gone || FAILING.contains(head.task()) ? new TaskError("it fails", "", true, null) : null;
            return new Answer(head, failure, false, 1000);
        }

        @Override
        public void recall() {
            synchronized (LASTING) {
                recalled = true;
                LASTING.notifyAll();
            }
        }

        @Override
        public void close() {}
    }
}

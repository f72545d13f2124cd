package io.colla.worker;

import io.colla.platform.TaskContext;
import io.colla.platform.TaskDefinition;
import io.colla.platform.TaskDefinition.Implementation;
import io.colla.platform.TaskExecutor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Runs tasks that pause until {@link #goOn} is called, as tasks do that wait for others. */
public final class PausingExecutor implements TaskExecutor {
    static final String KIND = "pausing";

    private static final Map<Integer, CountDownLatch> GATES = new ConcurrentHashMap<>();
    /** The cpus that a task had after its pause, by task. */
    static final Map<Integer, List<Integer>> CPUS = new ConcurrentHashMap<>();

    static TaskDefinition definition() {
        return new TaskDefinition("pausing", List.of(), List.of(new Implementation(KIND, "")));
    }

    static void goOn(int task) {
        gate(task).countDown();
    }

    private static CountDownLatch gate(int task) {
        return GATES.computeIfAbsent(task, t -> new CountDownLatch(1));
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Object execute(TaskContext context) throws InterruptedException {
        context.pause();
        if (!gate(context.task()).await(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("nobody let task " + context.task() + " go on");
        }
        context.resume();
        CPUS.put(context.task(), context.cpus());
        return context.task();
    }

    @Override
    public void close() {}
}

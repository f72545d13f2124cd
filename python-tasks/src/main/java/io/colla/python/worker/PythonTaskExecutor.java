package io.colla.python.worker;

import io.colla.platform.ExecutorHost;
import io.colla.platform.TaskContext;
import io.colla.platform.TaskError;
import io.colla.platform.TaskExecutor;
import io.colla.platform.TaskPipeline;
import io.colla.python.PythonFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks whose body is a {@link PythonFunction}, each in a Python process that has no other task meanwhile. Its first argument is the call as the program packed it; everything else are accesses.
 * Every failure is a {@link TaskError}. Safe for use by many threads.
 */
public final class PythonTaskExecutor implements TaskExecutor {
    private @Nullable ExecutorHost host;
    private @Nullable PythonProcesses processes;
    private boolean closed;

    @Override
    public String kind() {
        return PythonFunction.KIND;
    }

    @Override
    public synchronized void start(ExecutorHost given) {
        host = given;
    }

    @Override
    public void warmUp(String interpreter) {
        try {
            processes().warmUp(interpreter);
        } catch (TaskError e) {
            // The first task says it.
            return;
        }
    }

    private synchronized PythonProcesses processes() throws TaskError {
        PythonProcesses made = processes;
        ExecutorHost used = host;
        if (closed || used == null) {
            throw new TaskError("no Python task can begin: the worker is ending", "", true, null);
        }
        if (made == null) {
            made = PythonProcesses.open(used);
            processes = made;
        }
        return made;
    }

    @Override
    public @Nullable Object execute(TaskContext context) throws TaskError {
        try (TaskPipeline pipeline = pipeline(context)) {
            pipeline.add(context);
            TaskPipeline.Answer answer = pipeline.await(0);
            if (answer.failure() != null) {
                throw answer.failure();
            }
        }
        return null;
    }

    @Override
    public TaskPipeline pipeline(TaskContext first) throws TaskError {
        PythonProcesses used = processes();
        return new ExecutorPipeline(used, used.take(function(first), first.cpus()));
    }

    static PythonFunction function(TaskContext context) {
        if (context.body() instanceof PythonFunction function) {
            return function;
        }
        throw new IllegalArgumentException("a task of kind " + PythonFunction.KIND + " whose body is no function");
    }

    @Override
    public void close() {
        PythonProcesses used;
        synchronized (this) {
            closed = true;
            used = processes;
        }
        if (used != null) {
            used.close();
        }
    }
}

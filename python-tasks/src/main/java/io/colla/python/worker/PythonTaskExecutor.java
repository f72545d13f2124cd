package io.colla.python.worker;

import io.colla.platform.ExecutorHost;
import io.colla.platform.TaskContext;
import io.colla.platform.TaskError;
import io.colla.platform.TaskExecutor;
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
        if (!(context.body() instanceof PythonFunction function)) {
            throw new IllegalArgumentException("a task of kind " + PythonFunction.KIND + " whose body is no function");
        }
        PythonProcesses used = processes();
        ExecutorProcess executor = used.take(function, context.cpus());
        TaskExchange exchange = new TaskExchange(executor, function, context, used);
        try {
            exchange.run();
        } finally {
            used.giveBack(executor, exchange.isReusable());
        }
        return null;
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

package io.colla.python.worker;

import io.colla.mpi.launch.MpiStarter;
import io.colla.platform.Errand;
import io.colla.platform.ExecutorHost;
import io.colla.platform.Ranked;
import io.colla.platform.TaskContext;
import io.colla.platform.TaskError;
import io.colla.platform.TaskExecutor;
import io.colla.python.PythonFunction;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Runs tasks whose body is a {@link Ranked} {@link PythonFunction}: a Python process for each rank, which the MPI launcher starts. Safe for use by many threads. */
public final class RankedTaskExecutor implements TaskExecutor {
    private @Nullable ExecutorHost host;
    private @Nullable MpiStarter starter;
    private @Nullable RankDoor door;

    @Override
    public String kind() {
        return PythonFunction.RANKED;
    }

    @Override
    public synchronized void start(ExecutorHost given) {
        host = given;
        starter = new MpiStarter(given);
    }

    @Override
    public @Nullable Object execute(TaskContext context) throws TaskError, IOException {
        if (context.body() instanceof Ranked ranked && ranked.function() instanceof PythonFunction function) {
            new RankCall(host(), starter(), door(), context, function, ranked.ranks()).run();
            return null;
        }
        throw new IllegalArgumentException("a task of kind " + kind() + " whose body is no function with ranks");
    }

    @Override
    public void errand(Errand errand) throws Exception {
        starter().errand(errand, Interpreter.environment());
    }

    private synchronized ExecutorHost host() {
        return Objects.requireNonNull(host, "started first");
    }

    private synchronized MpiStarter starter() {
        return Objects.requireNonNull(starter, "started first");
    }

    private synchronized RankDoor door() throws IOException {
        RankDoor made = door;
        if (made == null) {
            made = new RankDoor(List.of(host().scratch(), host().sharedMemory()));
            door = made;
        }
        return made;
    }

    @Override
    public synchronized void close() {
        if (starter != null) {
            starter.close();
        }
        if (door != null) {
            door.close();
        }
    }
}

package io.colla.binary;

import io.colla.api.BinaryTask;
import io.colla.binary.spawn.Child;
import io.colla.binary.spawn.ExitStatus;
import io.colla.binary.spawn.SpawnException;
import io.colla.binary.spawn.Spawner;
import io.colla.binary.spawn.Spawners;
import io.colla.platform.TaskContext;
import io.colla.platform.TaskError;
import io.colla.platform.TaskExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks whose body is a {@link BinaryTask}. The result is the program's exit code, an {@link Integer}; every failure is a
 * {@link TaskError}.
 *
 * <p>A program that is to be ended gets SIGTERM, with its whole process group, and SIGKILL {@value #GRACE_SECONDS} s later; the task
 * is over when nothing of it is left. Safe for use by many threads.
 */
public final class BinaryExecutor implements TaskExecutor {

    /** {@link io.colla.platform.TaskDefinition.Implementation#kind()} of the tasks that this runs. */
    public static final String KIND = "binary";

    private static final int GRACE_SECONDS = 2;
    private static final Duration GRACE = Duration.ofSeconds(GRACE_SECONDS);
    private static final int REMEMBERED = 1000;

    private record Key(BinaryTask task, List<String> parameters) {}

    private final Map<Key, Program> programs = new ConcurrentHashMap<>();
    private volatile @Nullable Spawner spawner;
    private boolean closed;

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Integer execute(TaskContext context) throws TaskError, IOException {
        Program program = program(context);
        Invocation invocation = Invocation.of(program, context);
        if (context.ended()) {
            throw Failures.ended(program.name(), "");
        }
        ExitStatus status = run(invocation, context);
        if (status instanceof ExitStatus.Exited exited && (exited.code() == 0 || !program.failOnExitCode())) {
            invocation.capture();
            return exited.code();
        }
        throw context.ended()
                ? Failures.ended(program.name(), invocation.lastOutput())
                : Failures.of(status, program.name(), context.memory(), invocation.lastOutput());
    }

    private ExitStatus run(Invocation invocation, TaskContext context) throws TaskError {
        try {
            Child child = spawner().spawn(invocation.command());
            context.onEnd(() -> child.terminate(GRACE));
            return child.await();
        } catch (SpawnException e) {
            throw Failures.of(e, invocation);
        }
    }

    private Program program(TaskContext context) throws TaskError {
        if (!(context.body() instanceof BinaryTask task)) {
            throw new IllegalArgumentException("a task of kind " + KIND + " whose body is no BinaryTask");
        }
        Key key = new Key(task, context.definition().parameters());
        Program program = programs.get(key);
        if (program == null) {
            program = Program.compile(task, key.parameters());
            if (programs.size() >= REMEMBERED) {
                programs.clear(); // an application that makes a new BinaryTask for each call gains nothing from it
            }
            programs.put(key, program);
        }
        return program;
    }

    private Spawner spawner() throws SpawnException, TaskError {
        Spawner opened = spawner;
        return opened != null ? opened : open();
    }

    private synchronized Spawner open() throws SpawnException, TaskError {
        if (closed) {
            throw new TaskError("no program can be started: the worker is ending", "", true, null);
        }
        Spawner opened = spawner;
        if (opened == null) {
            opened = Spawners.open();
            spawner = opened;
        }
        return opened;
    }

    @Override
    public synchronized void close() {
        closed = true;
        Spawner opened = spawner;
        if (opened != null) {
            opened.close();
        }
    }
}

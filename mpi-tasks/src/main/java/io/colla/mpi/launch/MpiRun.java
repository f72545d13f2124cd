package io.colla.mpi.launch;

import io.colla.binary.spawn.Child;
import io.colla.binary.spawn.ExitStatus;
import io.colla.binary.spawn.SpawnException;
import io.colla.platform.TaskContext;
import io.colla.platform.TaskError;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A job under way. It is ended with its task. {@link #await} is called once, by the thread of the task. */
public final class MpiRun {

    static final Duration GRACE = Duration.ofSeconds(2);

    /** For the other nodes to end what they do and to tell what their ranks wrote last. */
    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private final TaskContext context;
    private final MpiJob job;
    private final MpiLauncher launcher;
    private final Started started;

    /**
     * @param child the launcher
     * @param errors what it writes to standard error
     * @param companions the other nodes
     * @param over gives everything back
     */
    record Started(Child child, Path errors, NodeSite site, List<Companion> companions, Runnable over) {}

    MpiRun(TaskContext context, MpiJob job, MpiLauncher launcher, Started started) {
        this.context = context;
        this.job = job;
        this.launcher = launcher;
        this.started = started;
    }

    /** Ends all ranks: SIGTERM, then SIGKILL. Returns at once; {@link #await} tells when they are gone. Any thread. */
    public void end() {
        started.child().terminate(GRACE);
    }

    /**
     * Waits until all ranks have ended, and nothing of the job is left on any node.
     *
     * @throws TaskError if the end cannot be known
     */
    public MpiEnd await() throws TaskError, IOException {
        try {
            ExitStatus status = started.child().await();
            if (status.success()) {
                return MpiEnd.SUCCESS;
            }
            farewell();
            return new Autopsy(context, job, launcher, started).of(status);
        } catch (SpawnException e) {
            throw new TaskError(String.valueOf(e.getMessage()), "", true, e);
        } finally {
            started.over().run();
        }
    }

    private void farewell() {
        CompletableFuture<?>[] ends =
                started.companions().stream().map(Companion::finish).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ends).get(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // The task's end sees to it that they end; only what they would have told is missing.
        }
    }
}

package io.colla.mpi.launch;

import io.colla.binary.Failures;
import io.colla.binary.spawn.SpawnException;
import io.colla.binary.spawn.Spawner;
import io.colla.binary.spawn.Spawners;
import io.colla.platform.Errand;
import io.colla.platform.ExecutorHost;
import io.colla.platform.TaskContext;
import io.colla.platform.TaskError;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Starts the ranks of tasks: one for each executor of a kind of MPI tasks. The executor hands its errands to {@link #errand}. Safe for use by many threads.
 */
public final class MpiStarter implements AutoCloseable {

    /** The property that says how ranks are started; the environment variable COLLA_MPI does so too. */
    public static final String PROPERTY = "colla.mpi";

    private static final AtomicInteger JOBS = new AtomicInteger();

    private final ExecutorHost host;
    private @Nullable Tools tools;
    private boolean closed;

    /** What is made when the first job comes. */
    record Tools(Spawner spawner, Desk desk, Launchers launchers) {}

    public MpiStarter(ExecutorHost host) {
        this.host = host;
    }

    /** How the run starts ranks of tasks that say nothing about it: {@code auto}, {@code openmpi}, {@code srun}, {@code hydra} or a program. */
    static String setting() {
        String property = System.getProperty(PROPERTY);
        String chosen = property != null ? property : System.getenv("COLLA_MPI");
        return chosen == null || chosen.isBlank() ? Launchers.AUTO : chosen;
    }

    /**
     * Starts a job on the task's nodes and cores; it is ended with the task.
     *
     * @throws TaskError if it cannot be started: the message says what to do
     */
    public MpiRun start(MpiJob job, TaskContext context) throws TaskError, IOException {
        if (job.ranks() != context.ranks().stream().mapToInt(Integer::intValue).sum()) {
            throw new IllegalArgumentException(
                    "a job of " + job.ranks() + " ranks for a task with " + context.ranks() + " on its nodes");
        }
        Tools ready = tools();
        String wanted = job.launcher();
        MpiLauncher launcher = ready.launchers().get(setting(wanted));
        if (context.ended()) {
            throw Failures.ended(job.name(), "");
        }
        return new Beginning(host, ready, launcher, job, context, name("first", context.task(), context.attempt()))
                .start();
    }

    /** The program of a task that only says that it wants mpirun is the run's choice too. */
    private static String setting(@Nullable String wanted) {
        return wanted == null || wanted.equals("mpirun") || wanted.equals("mpiexec") ? setting() : wanted;
    }

    /** Does what the first node of a task has asked of this one; returns when it is over. */
    public void errand(Errand errand) throws Exception {
        errand(errand, Map.of());
    }

    /**
     * As {@link #errand(Errand)}.
     *
     * @param more variables for the ranks here, over those of the job
     */
    public void errand(Errand errand, Map<String, String> more) throws Exception {
        new NodeSide(host).run(errand, tools().spawner(), more);
    }

    static String name(String part, int task, int attempt) {
        return part + "-" + task + "-" + attempt + "-" + JOBS.incrementAndGet();
    }

    private synchronized Tools tools() throws TaskError, IOException {
        if (closed) {
            throw new TaskError("no MPI job can be started: the worker is ending", "", true, null);
        }
        Tools made = tools;
        if (made == null) {
            Spawner spawner = open();
            made = new Tools(spawner, Desk.open(host.scratch(), spawner), new Launchers(spawner, host.scratch()));
            tools = made;
        }
        return made;
    }

    private static Spawner open() throws TaskError {
        try {
            return Spawners.open();
        } catch (SpawnException e) {
            throw new TaskError(String.valueOf(e.getMessage()), "", true, e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        Tools made = tools;
        if (made != null) {
            made.spawner().close();
            made.desk().close();
        }
    }
}

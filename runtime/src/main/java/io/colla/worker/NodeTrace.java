package io.colla.worker;

import io.colla.api.spi.TraceSinks;
import io.colla.platform.NodeShare;
import io.colla.platform.ProgramTrace;
import io.colla.platform.TaskDefinition;
import io.colla.tracing.EventGroup;
import io.colla.tracing.EventTypes;
import io.colla.tracing.Records;
import io.colla.tracing.TraceFolder;
import io.colla.tracing.TraceSettings;
import io.colla.tracing.counters.NodeCounters;
import io.colla.tracing.log.Mirror;
import io.colla.tracing.log.ThreadLog;
import io.colla.tracing.log.TraceLog;
import io.colla.tracing.papi.HardwareCounters;
import io.colla.tracing.papi.ThreadCounters;
import io.colla.wire.Message.Needs;
import io.colla.wire.Message.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What a worker records of its tasks and transfers for the run's trace. Thread-safe. */
public final class NodeTrace implements AutoCloseable {
    private static final long MIB = 1 << 20;
    private static final int EXECUTOR = 8;
    /** Of {@link EventTypes#RUNTIME}. */
    private static final int RECEIVED_TASK = 13;

    private final TraceLog log;
    private final TraceSettings settings;
    private final Path logs;
    private final boolean tasks;
    private final boolean owned;
    private final int worker;
    private final AtomicInteger executors = new AtomicInteger();
    /** Rows that have no task. */
    private final Deque<Executor> forShares = new ArrayDeque<>();

    /** Of the thread that takes messages; used by one at a time. */
    private final @Nullable ThreadLog main;

    private final @Nullable ThreadLog transfers;
    private final @Nullable CompletableFuture<HardwareCounters> hardware;
    private volatile @Nullable NodeCounters counters;
    /** For programs of the run as a whole. */
    private volatile @Nullable ProgramTrace programs;

    private NodeTrace(TraceLog log, TraceSettings settings, Path logs, boolean owned, int worker) {
        this.log = log;
        this.settings = settings;
        this.logs = logs;
        this.tasks = settings.has(EventGroup.TASKS);
        this.owned = owned;
        this.worker = worker;
        this.hardware = settings.has(EventGroup.HARDWARE) && tasks ? hardware(log) : null;
        ThreadLog row = log.thread("worker", 1, worker);
        this.main = settings.has(EventGroup.RUNTIME) ? row : null;
        this.transfers = settings.has(EventGroup.TRANSFERS) ? log.thread("transfer", 1, worker) : null;
    }

    /**
     * That of a worker's own process.
     *
     * @param logs existing folder for the logs of this node's processes
     * @param mirror records too; null: none does
     */
    static NodeTrace ofProcess(TraceSettings settings, Path logs, NodeShare node, @Nullable Mirror mirror)
            throws IOException {
        Map<String, String> process =
                Map.of("role", "worker", "node", node.name(), "cpus", Integer.toString(node.cores()));
        TraceLog log = TraceLog.open(TraceFolder.log(logs, "worker-" + node.name()), process, mirror);
        if (settings.has(EventGroup.USER)) {
            TraceSinks.use(new UserEvents(new UserEvents.OfNode(log)));
        }
        return new NodeTrace(log, settings, logs, true, -1);
    }

    /** The node's use is recorded from now on, if it is to be. For one worker of a machine, and none where the master is, which does the same. */
    void countsNode() {
        if (settings.has(EventGroup.COUNTERS)) {
            counters = NodeCounters.start(log);
        }
    }

    /** Programs of tasks may leave traces of their own in the run's folder from now on. */
    public void seesRun(Path runFolder) {
        boolean inherits = settings.level() == TraceSettings.Level.EXTRAE;
        programs = new ProgramTrace(TraceFolder.extrae(runFolder), inherits);
    }

    /** What the program of an attempt may know; null if it cannot leave anything. */
    @Nullable
    ProgramTrace ofProgram(int task, int attempt) {
        ProgramTrace all = programs;
        return all == null
                ? null
                : new ProgramTrace(all.folder().resolve(TraceFolder.ofTask(task, attempt)), all.inherits());
    }

    /** That of a worker in the master's process, with the master's log. */
    public static NodeTrace inMaster(TraceLog log, TraceSettings settings, Path logs, int worker) {
        return new NodeTrace(log, settings, logs, false, worker);
    }

    /** What is to be recorded. */
    public TraceSettings settings() {
        return settings;
    }

    /** The folder of the logs of this node's processes. */
    Path logs() {
        return logs;
    }

    /** What the node's other processes are told, to record too. */
    Map<String, String> variables() {
        return TraceFolder.variables(settings, logs);
    }

    /** Whether tasks are recorded. */
    boolean recordsTasks() {
        return tasks;
    }

    void defined(int number, TaskDefinition definition) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("number", Integer.toString(number));
        values.put("name", definition.name());
        values.put(
                "type",
                Integer.toString(type(definition.implementations().get(0).kind())));
        log.describe("definition", values);
    }

    /** COMPSs' number of the type of task. */
    private static int type(String kind) {
        return switch (kind) {
            case "binary" -> 2;
            case "mpi" -> 3;
            case "mpi-python" -> 5;
            default -> kind.startsWith("mpi") ? 3 : 1;
        };
    }

    /** Opened beside all else, as that takes a tenth of a second. */
    private static CompletableFuture<HardwareCounters> hardware(TraceLog log) {
        CompletableFuture<HardwareCounters> opened = new CompletableFuture<>();
        Thread opener = new Thread(
                () -> {
                    HardwareCounters counters;
                    try {
                        counters = HardwareCounters.open();
                    } catch (RuntimeException | Error e) {
                        counters = HardwareCounters.none(String.valueOf(e.getMessage()));
                    }
                    if (!counters.absence().isEmpty()) {
                        log.describe("hardware", Map.of("absent", counters.absence()));
                    }
                    opened.complete(counters);
                },
                "colla-hardware-counters");
        opener.setDaemon(true);
        opener.start();
        return opened;
    }

    private @Nullable ThreadCounters begun() {
        return hardware == null ? null : hardware.join().begin();
    }

    /** The log of a thread that runs tasks, for it to call. */
    Executor executor() {
        return executor(begun());
    }

    private Executor executor(@Nullable ThreadCounters counted) {
        int index = executors.incrementAndGet();
        return new Executor(log.thread("executor", index, worker), index, counted);
    }

    /** Resources are set aside for a task whose first node is another. */
    Share holds(Job job, ResourcePool.Lease lease) {
        Executor row;
        synchronized (forShares) {
            row = forShares.isEmpty() ? executor(null) : forShares.pop();
        }
        return new Share(row, job, lease);
    }

    /**
     * What a node records of a task whose first node is another: the same as that one, in the row of an executor that has one such task at a time. It runs from when all its nodes hold what it
     * needs until this one is rid of it. Thread-safe.
     */
    final class Share {
        private final Executor row;
        private final Job job;
        private boolean begun;
        private boolean over;

        private Share(Executor row, Job job, ResourcePool.Lease lease) {
            this.row = row;
            this.job = job;
            row.taken(System.nanoTime(), job.task, job.heldFor, job.needs, lease);
        }

        synchronized void begins() {
            if (!begun && !over) {
                begun = true;
                row.begins(System.nanoTime(), job.task, job.heldFor, job.needs);
            }
        }

        synchronized void over() {
            if (over) {
                return;
            }
            over = true;
            if (begun) {
                row.ends(System.nanoTime(), job.task, false);
            }
            row.left(System.nanoTime(), job.task, job.heldFor);
            synchronized (forShares) {
                forShares.push(row);
            }
        }
    }

    /** The worker takes tasks from the master, until {@link #hasTaken}. By the thread that takes messages. */
    void takes() {
        if (main != null) {
            main.record(EventTypes.RUNTIME, RECEIVED_TASK);
        }
    }

    void hasTaken() {
        if (main != null) {
            main.record(EventTypes.RUNTIME, 0);
        }
    }

    /** Something has arrived. */
    void received(int from, int content, long bytes, long asked) {
        ThreadLog used = transfers;
        if (used == null) {
            return;
        }
        synchronized (used) {
            long now = System.nanoTime();
            used.record(now, Records.TRANSFER, from, bytes);
            used.record(now, Records.TRANSFER_OF, content, asked);
        }
    }

    @Override
    public void close() throws IOException {
        NodeCounters sampled = counters;
        if (sampled != null) {
            sampled.close();
        }
        if (owned) {
            TraceSinks.use(null);
            log.close();
        }
    }

    /** What a thread that runs tasks records. For that thread alone. */
    static final class Executor {
        private final ThreadLog log;
        private final @Nullable ThreadCounters hardware;
        private int core = -1;

        private Executor(ThreadLog log, int index, @Nullable ThreadCounters hardware) {
            this.log = log;
            this.hardware = hardware;
            log.record(EventTypes.THREAD_TYPE, EXECUTOR);
            log.record(EventTypes.EXECUTOR_ID, index);
            log.record(EventTypes.EXECUTOR_COUNT, 1);
        }

        /** The thread turns to a task. */
        void taken(long time, Run run, ResourcePool.@Nullable Lease lease) {
            taken(time, run.task(), run.definition(), run.needs(), lease);
        }

        private void taken(long time, int task, int definition, Needs needs, ResourcePool.@Nullable Lease lease) {
            if (lease != null && lease.slots().length > 0 && lease.slots()[0] != core) {
                core = lease.slots()[0];
                log.record(
                        time,
                        Records.CORE,
                        core,
                        lease.cpus().isEmpty() ? core : lease.cpus().get(0));
            }
            long memory = needs.memory();
            if (memory > 0) {
                log.record(time, Records.MEMORY, 0, Math.max(1, memory / MIB));
            }
            log.record(time, Records.TASK_TAKEN, definition, value(task, needs));
        }

        void begins(long time, Run run) {
            begins(time, run.task(), run.definition(), run.needs());
        }

        private void begins(long time, int task, int definition, Needs needs) {
            log.record(time, Records.TASK_BEGIN, definition, value(task, needs));
        }

        void ends(long time, Run run, boolean failed) {
            ends(time, run.task(), failed);
        }

        private void ends(long time, int task, boolean failed) {
            log.record(time, Records.TASK_END, failed ? 1 : 0, task);
        }

        /** The code of a task that runs on this very thread begins or has ended: what the processor has counted is recorded. */
        void counts(long time) {
            if (hardware != null) {
                hardware.record(log, time);
            }
        }

        void left(long time, Run run) {
            left(time, run.task(), run.definition());
        }

        private void left(long time, int task, int definition) {
            log.record(time, Records.TASK_LEFT, definition, task);
        }

        private static long value(int task, Needs needs) {
            int gpus = needs.resources().isEmpty() ? 0 : needs.resources().getOrDefault("gpu", 0);
            return Records.task(task, needs.cores(), gpus);
        }

        /** The application tells something. */
        void event(int type, long value) {
            log.record(type, value);
        }

        /** The thread ends. */
        void over() {
            if (hardware != null) {
                hardware.close();
            }
            log.record(EventTypes.EXECUTOR_COUNT, 0);
            log.record(EventTypes.EXECUTOR_ID, 0);
            log.record(EventTypes.THREAD_TYPE, 0);
        }
    }
}

package io.colla.master;

import io.colla.api.spi.TraceSink;
import io.colla.api.spi.TraceSinks;
import io.colla.platform.NodeShare;
import io.colla.tracing.EventGroup;
import io.colla.tracing.EventTypes;
import io.colla.tracing.Records;
import io.colla.tracing.TraceFolder;
import io.colla.tracing.TraceSettings;
import io.colla.tracing.counters.NodeCounters;
import io.colla.tracing.extrae.ExtraeRecorder;
import io.colla.tracing.log.Mirror;
import io.colla.tracing.log.ThreadLog;
import io.colla.tracing.log.TraceLog;
import io.colla.worker.UserEvents;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the master's process records for the run's trace: the application's calls, the workers and their clocks. Thread-safe. */
final class MasterTrace implements Closeable, TraceSink {
    private static final Logger LOG = LoggerFactory.getLogger(MasterTrace.class);
    private static final int MAIN = 1;
    /** Threads that get rows of their own for nothing but events. */
    private static final int MOST_ROWS = 16;

    private final TraceLog log;
    private final TraceSettings settings;
    private final Path logs;
    private final boolean calls;
    private final ThreadLog clocks;
    private final @Nullable NodeCounters counters;
    private final AtomicInteger callers = new AtomicInteger();
    /** The first caller's, whoever that will be. */
    private final CallTrace first;

    private final long opened;

    private final AtomicBoolean claimed = new AtomicBoolean();
    private final ThreadLocal<CallTrace> ofCaller = new ThreadLocal<>();
    private final UserEvents.OfNode ofOthers;
    private final @Nullable EngineTrace engine;

    private MasterTrace(TraceLog log, TraceSettings settings, Path logs) {
        this.log = log;
        this.settings = settings;
        this.logs = logs;
        this.calls = settings.has(EventGroup.API);
        this.first = caller();
        this.opened = System.nanoTime();
        this.engine = settings.has(EventGroup.RUNTIME) ? new EngineTrace(log) : null;
        this.clocks = log.thread("clock", 1);
        this.ofOthers = new UserEvents.OfNode(log);
        this.counters = settings.has(EventGroup.COUNTERS) ? NodeCounters.start(log) : null;
    }

    /** @return null if the run is not traced */
    static @Nullable MasterTrace open(Path runFolder, NodeShare first) throws IOException {
        TraceSettings settings = TraceFolder.settings(runFolder);
        if (settings == null) {
            return null;
        }
        Path logs = TraceFolder.logs(runFolder);
        Map<String, String> process =
                Map.of("role", "master", "node", first.name(), "cpus", Integer.toString(first.cores()));
        Mirror extrae = settings.level() == TraceSettings.Level.EXTRAE
                ? ExtraeRecorder.start(TraceFolder.extrae(runFolder), "master", LOG::warn)
                : null;
        TraceLog log = TraceLog.open(TraceFolder.log(logs, "master"), process, extrae);
        MasterTrace trace = new MasterTrace(log, settings, logs);
        if (settings.has(EventGroup.USER)) {
            TraceSinks.use(new UserEvents(trace));
        }
        return trace;
    }

    TraceLog log() {
        return log;
    }

    /** What is to be recorded. */
    TraceSettings settings() {
        return settings;
    }

    /** The folder of the run's logs. */
    Path logs() {
        return logs;
    }

    private CallTrace caller() {
        ThreadLog thread = log.thread("main", callers.incrementAndGet());
        thread.record(EventTypes.THREAD_TYPE, MAIN);
        return new CallTrace(thread);
    }

    /** For a program, or a thread of it, that has made no call yet. */
    private CallTrace program() {
        return claimed.compareAndSet(false, true) ? first : caller();
    }

    /** Where the calling thread's calls are recorded; null if they are not. */
    @Nullable
    CallTrace ofThisThread() {
        return calls ? mine() : null;
    }

    private CallTrace mine() {
        CallTrace known = ofCaller.get();
        if (known == null) {
            known = program();
            ofCaller.set(known);
        }
        return known;
    }

    /** The same for a program in another process. */
    @Nullable
    CallTrace ofProgram() {
        return calls ? program() : null;
    }

    /** Where the engine's work is recorded; null if it is not. */
    @Nullable
    EngineTrace engine() {
        return engine;
    }

    /** The run has started. */
    void started() {
        if (calls) {
            first.was(CallTrace.START, opened, System.nanoTime());
        }
    }

    /** The run is being ended. */
    void stops() {
        if (calls) {
            first.begins(CallTrace.STOP);
        }
    }

    void stopped() {
        if (calls) {
            first.ends();
        }
    }

    void joined(int worker, String node) {
        log.describe("worker", Map.of("number", Integer.toString(worker), "node", node));
    }

    /**
     * A worker has said what its clock is.
     *
     * @param asked when it was asked, by this process' clock
     */
    void clock(int worker, long asked, long said) {
        synchronized (clocks) {
            long now = System.nanoTime();
            // In the order of the answers, as records are in the order of time.
            clocks.record(now, Records.CLOCK, worker, said);
            clocks.record(now, Records.CLOCK_ERROR, 0, now - asked);
        }
    }

    /** Of the main program's threads, in the rows where they wait, too; those of many others have one together. */
    @Override
    public void event(int type, long value) {
        if (ofCaller.get() != null || callers.get() < MOST_ROWS) {
            mine().event(type, value);
        } else {
            ofOthers.event(type, value);
        }
    }

    @Override
    public void define(int type, String label, Map<Long, String> values) {
        UserEvents.describe(log, type, label, values);
    }

    @Override
    public void close() throws IOException {
        TraceSinks.use(null);
        if (counters != null) {
            counters.close();
        }
        log.close();
    }
}

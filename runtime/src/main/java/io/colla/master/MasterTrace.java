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
import io.colla.tracing.log.ThreadLog;
import io.colla.tracing.log.TraceLog;
import io.colla.worker.UserEvents;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What the master's process records for the run's trace: the application's calls, the workers and their clocks. Thread-safe. */
final class MasterTrace implements Closeable, TraceSink {
    /** Values of {@link EventTypes#API}. */
    static final int BARRIER = 6;

    static final int GET_FILE = 8;
    static final int GET_OBJECT = 9;

    private static final int MAIN = 1;

    private final TraceLog log;
    private final TraceSettings settings;
    private final Path logs;
    private final boolean calls;
    private final ThreadLog clocks;
    private final @Nullable NodeCounters counters;
    private final AtomicInteger callers = new AtomicInteger();
    private final ThreadLocal<ThreadLog> ofCaller = ThreadLocal.withInitial(this::caller);

    private MasterTrace(TraceLog log, TraceSettings settings, Path logs) {
        this.log = log;
        this.settings = settings;
        this.logs = logs;
        this.calls = settings.has(EventGroup.API);
        this.clocks = log.thread("clock", 1);
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
        MasterTrace trace = new MasterTrace(TraceLog.open(TraceFolder.log(logs, "master"), process), settings, logs);
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

    private ThreadLog caller() {
        ThreadLog thread = log.thread("main", callers.incrementAndGet());
        thread.record(EventTypes.THREAD_TYPE, MAIN);
        return thread;
    }

    /** The calling thread begins to wait for something. */
    void waits(int what) {
        if (calls) {
            ofCaller.get().record(EventTypes.API, what);
        }
    }

    void goesOn() {
        if (calls) {
            ofCaller.get().record(EventTypes.API, 0);
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

    /** Of the main program; it is where that waits, too. */
    @Override
    public void event(int type, long value) {
        ofCaller.get().record(type, value);
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

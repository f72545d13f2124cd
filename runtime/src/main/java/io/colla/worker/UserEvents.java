package io.colla.worker;

import io.colla.api.spi.TraceSink;
import io.colla.tracing.log.ThreadLog;
import io.colla.tracing.log.TraceLog;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events of the application, where they belong: those of a task in the row of its executor, others where the process has its own. Thread-safe. */
public final class UserEvents implements TraceSink {
    private final TraceSink others;

    /** @param others takes those of other threads */
    public UserEvents(TraceSink others) {
        this.others = others;
    }

    @Override
    public void event(int type, long value) {
        NodeTrace.Executor row = Thread.currentThread() instanceof TaskThread thread ? thread.row() : null;
        if (row == null) {
            others.event(type, value);
        } else {
            row.event(type, value);
        }
    }

    @Override
    public void define(int type, String label, Map<Long, String> values) {
        others.define(type, label, values);
    }

    /** Writes into a log what a type of the application's events and its values are called. */
    public static void describe(TraceLog log, int type, String label, Map<Long, String> values) {
        Map<String, String> described = new LinkedHashMap<>();
        described.put("type", Integer.toString(type));
        described.put("label", label);
        values.forEach((value, text) -> described.put("value." + value, text));
        log.describe("event-type", described);
    }

    /** Those of threads that have no row of their own, such as threads that a task has started: in one row, as there may be any number of them. */
    public static final class OfNode implements TraceSink {
        private final TraceLog log;
        private @Nullable ThreadLog row;

        public OfNode(TraceLog log) {
            this.log = log;
        }

        @Override
        public synchronized void event(int type, long value) {
            ThreadLog known = row;
            if (known == null) {
                known = log.thread("user", 1);
                row = known;
            }
            known.record(type, value);
        }

        @Override
        public void define(int type, String label, Map<Long, String> values) {
            describe(log, type, label, values);
        }
    }
}

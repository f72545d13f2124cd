package io.colla.tracing.log;

import java.io.Closeable;
import java.util.Map;

/** Another recorder, which is told all that a process' log records. Thread-safe. */
public interface Mirror extends Closeable {
    /** What a thread's log records, told by the thread that calls it, right then. */
    interface OfThread {
        /** As {@link ThreadLog#record(int, int, long)}. */
        void record(int type, int detail, long value);
    }

    /** The log of a thread has been made; the thread need not be the one that calls this. */
    OfThread thread(String kind, int index);

    /** As {@link TraceLog#describe}. */
    void described(String what, Map<String, String> values);

    /** Nothing more is recorded. */
    @Override
    void close();
}

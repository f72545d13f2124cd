package io.colla.api;

import io.colla.api.spi.TraceSink;
import io.colla.api.spi.TraceSinks;
import java.util.Map;

/**
 * The application's own events in the trace of its run ({@code colla run --trace}): in a task they are in the row of what executes it, in the main program in that of the calling thread.
 *
 * <pre>{@code
 * Trace.define(Trace.USER, "Phase", Map.of(1L, "assembly", 2L, "solve"));
 * Trace.event(1);
 * assemble();
 * Trace.event(0);
 * }</pre>
 *
 * An event says that from now on its type has this value in this thread; value 0 is the end of what was before. Without a trace, nothing happens, and it costs nothing. Thread-safe.
 */
public final class Trace {
    /** COMPSs' type of events of applications. */
    public static final int USER = 9_100_000;

    private static final int LEAST = 1000;
    private static final int COLLA = 8_000_000;
    private static final int BINDING = 9_000_000;
    /** Of the types from {@link #COLLA} and {@link #BINDING} on. */
    private static final int OURS = 10_000;

    private Trace() {}

    /** Whether such events are recorded. */
    public static boolean isOn() {
        return TraceSinks.current() != null;
    }

    /** {@link #event(int, long)} of the type {@link #USER}. */
    public static void event(long value) {
        event(USER, value);
    }

    /**
     * Records an event.
     *
     * @param type 1000 or more, and none of the runtime's own, which are 8000000 to 8009999 and 9000000 to 9009999
     * @param value not negative
     * @throws UsageException if the type is not one of these
     */
    public static void event(int type, long value) {
        TraceSink sink = TraceSinks.current();
        check(type);
        if (sink != null) {
            sink.event(type, value);
        }
    }

    /**
     * Gives a type, and some of its values, the names that they have in Paraver. May be called again for further values.
     *
     * @param label of the type; empty: as it is
     * @throws UsageException as {@link #event(int, long)}
     */
    public static void define(int type, String label, Map<Long, String> values) {
        TraceSink sink = TraceSinks.current();
        check(type);
        if (sink != null) {
            sink.define(type, label, values);
        }
    }

    private static void check(int type) {
        boolean reserved =
                (type >= COLLA && type < COLLA + OURS) || (type >= BINDING && type < BINDING + OURS) || type < LEAST;
        if (reserved) {
            throw new UsageException("an application's event cannot have the type " + type + ": use " + USER
                    + ", or another from 1000 up that is not 8000000 to 8009999 or 9000000 to 9009999");
        }
    }
}

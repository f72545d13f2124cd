package es.bsc.cepbatools.extrae;

import io.colla.api.Trace;
import java.util.HashMap;
import java.util.Map;

/**
 * The names by which Java programs call Extrae, so that those that record events of their own run as they are. The events go where those of {@link Trace} go; counters are recorded by the
 * runtime, and what is Extrae's own to decide does nothing here. Thread-safe.
 */
public final class Wrapper {
    private Wrapper() {}

    /** Does nothing: the run's trace begins with the run. */
    public static void Init() {}

    /** Does nothing: the run's trace ends with the run. */
    public static void Fini() {}

    /** {@link Trace#event(int, long)}. */
    public static void Event(int type, long value) {
        Trace.event(type, value);
    }

    /** As {@link #Event}. */
    public static void Eventandcounters(int type, long value) {
        Trace.event(type, value);
    }

    /** Several events; of arrays of different length, as many as the shorter has. */
    public static void nEvent(int[] types, long[] values) {
        for (int i = 0; i < Math.min(types.length, values.length); i++) {
            Trace.event(types[i], values[i]);
        }
    }

    /** As {@link #nEvent}. */
    public static void nEventandcounters(int[] types, long[] values) {
        nEvent(types, values);
    }

    /** {@link Trace#define}. */
    public static void defineEventType(int type, String description, long[] values, String[] descriptions) {
        Map<Long, String> labels = new HashMap<>();
        for (int i = 0; i < Math.min(values.length, descriptions.length); i++) {
            labels.put(values[i], descriptions[i]);
        }
        Trace.define(type, description, labels);
    }

    /** Does nothing: {@code colla run --trace-events} says what is recorded. */
    public static void SetOptions(int options) {}

    /** Does nothing. */
    public static void Shutdown() {}

    /** Does nothing. */
    public static void Restart() {}

    public static int GetPID() {
        return (int) ProcessHandle.current().pid();
    }

    /** 0: processes are numbered by the runtime. */
    public static int GetTaskID() {
        return 0;
    }

    /** 1, as {@link #GetTaskID}. */
    public static int GetNumTasks() {
        return 1;
    }

    /** Does nothing, as {@link #GetTaskID}. */
    public static void SetTaskID(int id) {}

    /** Does nothing, as {@link #GetTaskID}. */
    public static void SetNumTasks(int tasks) {}
}

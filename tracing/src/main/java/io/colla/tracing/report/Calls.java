package io.colla.tracing.report;

import java.util.Map;
import java.util.TreeMap;

/** The calls of the main program, by their value of the API event. */
final class Calls {
    private final Map<Long, long[]> byValue = new TreeMap<>();
    private long current;
    private long since;

    void event(long value, long time) {
        end(time);
        current = value;
        since = time;
    }

    /** The call under way; 0 if there is none. */
    long current() {
        return current;
    }

    /** When it began. */
    long since() {
        return since;
    }

    /** The trace or the call ends. */
    void end(long time) {
        if (current != 0) {
            long[] call = byValue.computeIfAbsent(current, v -> new long[2]);
            call[0]++;
            call[1] += time - since;
        }
        current = 0;
    }

    /** Count and time by value. */
    Map<Long, long[]> byValue() {
        return byValue;
    }
}

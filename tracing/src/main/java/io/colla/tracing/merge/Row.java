package io.colla.tracing.merge;

import io.colla.tracing.paraver.ThreadId;

/**
 * What a thread's records need to become the trace's.
 *
 * @param zero the master's time at which the trace begins
 * @param end when the last of its process was heard, from the trace's begin: what is under way then ends there
 */
record Row(RunLogs.Thread thread, ThreadId id, Clock clock, Rows rows, long zero, long end) {
    long time(long recorded) {
        return Math.max(0, clock.toMaster(recorded) - zero);
    }
}

package io.colla.master;

import io.colla.tracing.EventTypes;
import io.colla.tracing.log.ThreadLog;
import org.jspecify.annotations.Nullable;

/** What one thread of the main program, or a program of another process, calls and waits for. Calls may overlap, as a program may wait for many data at a time: the first counts until all are over. Thread-safe. */
final class CallTrace {
    /** Values of {@link EventTypes#API}. */
    static final int START = 2;

    static final int STOP = 3;
    static final int EXECUTE = 4;
    static final int END = 5;
    static final int BARRIER = 6;
    static final int GET_FILE = 8;
    static final int GET_OBJECT = 9;
    static final int DELETE_FILE = 12;
    static final int GET_FOLDER = 58;

    private final ThreadLog log;
    private int under;

    CallTrace(ThreadLog log) {
        this.log = log;
    }

    synchronized void begins(int call) {
        if (under++ == 0) {
            log.record(EventTypes.API, call);
        }
    }

    synchronized void ends() {
        if (--under == 0) {
            log.record(EventTypes.API, 0);
        }
    }

    /** A call that was over before. */
    synchronized void was(int call, long from, long to) {
        log.record(from, EventTypes.API, 0, call);
        log.record(to, EventTypes.API, 0, 0);
    }

    /** Something else that the thread has done. */
    synchronized void event(int type, long value) {
        log.record(type, value);
    }

    /** What waiting for a datum is called. */
    static int ofGet(@Nullable FileDatum file) {
        if (file == null) {
            return GET_OBJECT;
        }
        return file.folder() ? GET_FOLDER : GET_FILE;
    }
}

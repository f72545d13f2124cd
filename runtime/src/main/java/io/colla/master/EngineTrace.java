package io.colla.master;

import io.colla.tracing.EventTypes;
import io.colla.tracing.log.ThreadLog;
import io.colla.tracing.log.TraceLog;

/**
 * What the engine does, as the two threads do it in COMPSs whose rows people know: its "access processor" takes calls, reports and requests, its "task dispatcher" places tasks. Here one thread does both in
 * turns. Events of one kind after the other are one span, so that many cost little. Used by the thread that owns the engine.
 */
final class EngineTrace {
    /** Values of {@link EventTypes#RUNTIME}; those up to {@value #LAST_ACCESS} are the access processor's. */
    static final int ANALYSE_TASK = 18;

    static final int UPDATE_GRAPH = 19;
    static final int WAIT_FOR_DATA = 20;
    static final int REGISTER_DATA = 23;
    static final int TRANSFER_OBJECT = 26;
    static final int DELETE_FILE = 36;
    static final int FINISH_ACCESS = 37;
    static final int DEREGISTER_OBJECT = 40;
    static final int CANCEL_GROUP = 41;
    private static final int LAST_ACCESS = 42;
    static final int EXECUTE_TASKS = 47;
    static final int WORKER_UPDATE = 53;
    static final int CANCEL_ALL = 56;
    /** Nothing that is told. */
    static final int NOTHING = 0;

    /** Kinds of {@link EventTypes#THREAD_TYPE}. */
    private static final int ACCESS = 2;

    private static final int DISPATCH = 3;

    private final ThreadLog access;
    private final ThreadLog dispatch;
    private int phase;
    private long depth;

    EngineTrace(TraceLog log) {
        access = log.thread("access", 1);
        access.record(EventTypes.THREAD_TYPE, ACCESS);
        dispatch = log.thread("dispatch", 1);
        dispatch.record(EventTypes.THREAD_TYPE, DISPATCH);
    }

    /** The engine turns to something, which may be more of the same. */
    void does(int what, long now) {
        if (what == phase) {
            return;
        }
        if (phase != NOTHING) {
            row(phase).record(now, EventTypes.RUNTIME, 0, 0);
        }
        if (what != NOTHING) {
            row(what).record(now, EventTypes.RUNTIME, 0, what);
        }
        phase = what;
    }

    private ThreadLog row(int of) {
        return of <= LAST_ACCESS || of == CANCEL_ALL ? access : dispatch;
    }

    /** So many tasks are ready and not placed. */
    void ready(long count, long now) {
        if (count != depth) {
            depth = count;
            dispatch.record(now, EventTypes.READY_COUNT, 0, count);
        }
    }
}

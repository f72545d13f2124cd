package io.colla.python.worker;

/** Types of the frames of {@code docs/python-protocol.md} between a worker and its Python processes, and the signals that are sent to these. */
final class ExecutorFrames {
    /** The first of each connection. */
    static final int HELLO = 1;

    // To the zygote.
    static final int SETUP = 2;
    static final int FORK = 3;
    static final int KILL = 4;
    static final int PRELOAD = 5;

    // From the zygote.
    static final int READY = 2;
    static final int FORKED = 3;
    static final int EXITED = 4;

    // To an executor.
    static final int FUNCTION = 2;
    static final int TASK = 3;
    static final int ANSWER = 4;
    static final int CANCEL = 5;
    static final int RECALL = 6;
    /** To rank 0 of a function on ranks, before anything else. */
    static final int RANKS = 7;

    // From an executor.
    static final int DONE = 2;
    static final int FAILED = 3;
    static final int ASK = 4;
    static final int PRINTED = 5;
    static final int RETURNED = 6;

    /** Flags of an access. */
    static final int MAY_CHANGE = 1;

    static final int FILE = 2;
    static final int SHARED = 4;

    static final int SIGINT = 2;
    static final int SIGKILL = 9;
    /** Ignored by programs that do not know better, such as those that a task has started. */
    static final int SIGURG = 23;

    private ExecutorFrames() {}
}

package io.colla.master;

import io.colla.wire.Message;

/** The way to one worker. Used by the thread that owns the engine. */
interface WorkerLink {
    /** The node's name, for people. */
    String node();

    /** Hands a message over; it leaves with {@link #flush} at the latest. */
    void send(Message.ToWorker message);

    /** @param busy whether the worker has other tasks, so that a little delay costs nothing */
    void flush(boolean busy);

    /** Whether the worker sees the run's folder. */
    boolean seesRunFolder();

    /** Whether values must be serialized to get there. */
    boolean isRemote();
}

package io.colla.worker;

import io.colla.wire.Message;

/**
 * How a worker answers its master. Any thread of the worker calls, also several at once, and never with a lock held: an implementation in the master's own process may
 * run the engine on the calling thread, which may call {@link WorkerCore#accept} in turn. Neither method may block.
 */
public interface MasterLink {
    /** Takes a message for the master; it may stay here until {@link #flush}. */
    void send(Message.ToMaster message);

    /** Lets the master have what was sent. */
    void flush();
}

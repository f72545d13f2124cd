package io.colla.api;

import java.time.Duration;

/** Tasks that are waited for or cancelled together. Call them through the group; closing it waits for them. */
public interface TaskGroup extends Tasks, AutoCloseable {
    String name();

    /**
     * Waits for all tasks of the group.
     *
     * @throws TaskFailedException if one of them failed
     */
    void barrier();

    /**
     * As {@link #barrier()}, with a deadline.
     *
     * @throws WaitTimeoutException if it passes
     */
    void barrier(Duration timeout);

    /** Cancels the unfinished tasks of the group and those that depend on them. */
    void cancel();

    /** {@link #barrier()}. */
    @Override
    void close();
}

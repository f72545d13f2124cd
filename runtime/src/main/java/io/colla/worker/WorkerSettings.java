package io.colla.worker;

import io.colla.platform.NodeShare;
import io.colla.worker.store.ContentStore;
import io.colla.worker.store.ValueCodec;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a worker works with.
 *
 * @param node its part of the node; the {@linkplain NodeShare#cpus() cpus} must be those that this process may use, or empty when they are not known
 * @param store where its contents are; shared with the master if {@code fetcher} is null
 * @param codec serializes values and exceptions, with the application's classes
 * @param fetcher brings contents from elsewhere; null for a worker in the master's own process
 * @param application where the classes of tasks and of task executors are looked up
 * @param scratch an existing folder for the tasks' working folders
 * @param outputs folder, made when needed, for what failed tasks printed
 * @param clock nanoseconds that never go back
 * @param trace where tasks are recorded; null: nowhere
 */
public record WorkerSettings(
        NodeShare node,
        ContentStore store,
        ValueCodec codec,
        @Nullable Fetcher fetcher,
        ClassLoader application,
        Path scratch,
        Path outputs,
        LongSupplier clock,
        @Nullable NodeTrace trace) {
    /** Without trace. */
    public WorkerSettings(
            NodeShare node,
            ContentStore store,
            ValueCodec codec,
            @Nullable Fetcher fetcher,
            ClassLoader application,
            Path scratch,
            Path outputs,
            LongSupplier clock) {
        this(node, store, codec, fetcher, application, scratch, outputs, clock, null);
    }

    boolean isEmbedded() {
        return fetcher == null;
    }
}

package io.colla.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A handle on a datum that tasks read and write: the result of a call, an object or a file. The handle always stands for what the
 * tasks called so far will have made of it. A handle that is closed, or that nobody can reach any more, frees the datum everywhere
 * once the last task that reads it has run.
 *
 * @param <T> the content; {@link java.nio.file.Path} for a file
 */
public interface Data<T extends @Nullable Object> extends Arg.Handle<T>, AutoCloseable {
    /**
     * Waits for the tasks called so far that write this datum, and returns its content. The object is the caller's to read; changing it
     * does not change the datum. For a file, it is then complete at its own path.
     *
     * @throws TaskFailedException if a task that it depends on failed; its cause is the task's exception with the remote stack
     * @throws CancelledException if a task that it depends on was cancelled
     */
    T get();

    /**
     * As {@link #get()}, with a deadline.
     *
     * @throws WaitTimeoutException if it passes; the tasks go on
     */
    T get(Duration timeout);

    /**
     * Waits as {@link #get()} does, with the same errors, and returns nothing. Afterwards a file is complete at its own path.
     */
    void await();

    /**
     * As {@link #await()}, with a deadline.
     *
     * @throws WaitTimeoutException if it passes; the tasks go on
     */
    void await(Duration timeout);

    /**
     * {@link #get()} and {@link #close()} in one: the content is handed over without a copy where that is possible. The handle cannot be used
     * afterwards.
     */
    T take();

    /** Whether {@link #get()} would return, or throw, at once. */
    boolean isDone();

    /** Cancels the unfinished tasks that write this datum, and all tasks that depend on them. */
    void cancel();

    /** Says that the application will not use this handle again. Tasks called before still see the datum. */
    @Override
    void close();
}

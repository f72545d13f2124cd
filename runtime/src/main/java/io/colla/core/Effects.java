package io.colla.core;

import io.colla.scheduler.Requirement;
import org.jspecify.annotations.Nullable;

/** What the engine wants done; the shell around it does it, later and elsewhere. No method may call the engine back. */
public interface Effects {
    /** Sends a task to a worker. */
    void run(int worker, Assignment assignment);

    /** Ends a task on a worker. */
    void stop(int worker, int task, int attempt, String reason);

    /** Asks for a task that was sent in advance. */
    void giveBack(int worker, int task, int attempt);

    /** Sets resources aside on a further node of a task. */
    void hold(int worker, int task, int attempt, Requirement need);

    /** Ends {@link #hold}. */
    void release(int worker, int task, int attempt);

    /** All nodes of the task hold: it may begin. */
    void begin(int worker, int task, int attempt);

    /** Deletes a content from one worker's store. */
    void drop(int worker, int content);

    /** Deletes a file that every node sees. */
    void dropShared(int datum, int content, Place place);

    /** Brings a content to the master's store; answered by {@link Engine#fetched} for worker 0 or {@link Engine#unfetched}. */
    void bring(int content, boolean file, String name, int[] workers);

    /**
     * Brings a file to the user's path; answered by {@link Engine#published}.
     *
     * @param move whether the content may be moved; else it is copied
     */
    void publish(int wait, int datum, int content, Place place, boolean move);

    /** Makes a content that stands for "nothing" in the master's store (an object: null) or at its shared place (a file: empty if absent). */
    void provideNothing(int datum, int content, Place place);

    /** A wait of the application is over. */
    void waitDone(int wait, int content);

    void waitFailed(int wait, Failure failure);

    /** A task is over: done, failed or cancelled. Called once a task, and again after {@link #again}. */
    void ended(TaskRecord task, int worker, long runNanos, @Nullable Failure failure);

    /** A finished task runs once more, because its results were lost. */
    void again(TaskRecord task);

    /** An attempt failed, after so many nanoseconds, and another will be made. */
    void retried(TaskRecord task, int worker, long runNanos, Failure failure);

    /** A failure that ends all tasks of the application. */
    void failed(Failure failure);
}

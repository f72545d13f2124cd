package io.colla.platform;

import org.jspecify.annotations.Nullable;

/**
 * What the first node of a task hears of an {@linkplain TaskContext#errand errand}. Called by any thread, one call at a time for each errand, which must not be kept waiting. Not called any
 * more when the task's executor has returned, nor for a node that is lost: then the task is told to end.
 */
public interface ErrandListener {
    /** {@link Errand#say} on the other node. */
    void said(byte[] content);

    /**
     * The errand is over. The last call.
     *
     * @param error one sentence that says why it failed; null if it has returned in order
     */
    void ended(@Nullable String error);

    /** An errand that is under way. Thread-safe. */
    interface Handle {
        /** Ends the errand; {@link ErrandListener#ended} follows when its executor has returned. Does not block; without effect when it is over. */
        void end();
    }
}

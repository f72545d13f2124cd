package io.colla.core;

import org.jspecify.annotations.Nullable;

/**
 * Why a task, or a datum, will not come.
 *
 * @param kind whose failure it is
 * @param task name and number of the task, as {@code search #12}; empty when it is not about a task
 * @param node where it ran last; empty when nowhere
 * @param message one sentence
 * @param exception the serialized exception of the task's code; null when there is none
 * @param stack its printed stack, or the end of what the program printed
 */
public record Failure(Kind kind, String task, String node, String message, byte @Nullable [] exception, String stack) {
    /** Whose failure. */
    public enum Kind {
        /** The task's own code. */
        TASK,
        /** Cancelled, by the application or because of another task. */
        CANCELLED,
        /** A datum was only on nodes that are gone. */
        LOST,
        /** Colla itself. */
        INTERNAL,
        /** No node is left that could do it. */
        NODES
    }

    static Failure cancelled(String task, String message) {
        return new Failure(Kind.CANCELLED, task, "", message, null, "");
    }
}

package io.colla.platform;

import org.jspecify.annotations.Nullable;

/** A task's failure told in words rather than as an exception of its code. */
public final class TaskError extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean retriable;
    private final boolean endsGroup;
    private final String output;
    private final transient byte @Nullable [] exception;

    /**
     * @param message one sentence: what failed, and what to do where that is known
     * @param output where it failed, and the end of what the task printed; empty when nothing
     * @param retriable whether another attempt could do better (a missing program: no; an exit code: yes)
     */
    public TaskError(String message, String output, boolean retriable, @Nullable Throwable cause) {
        this(message, output, retriable, false, cause, null);
    }

    /** With the exception of another language's code, in that language's serialized form; null when there is none. */
    public static TaskError ofForeign(String message, String output, boolean retriable, byte @Nullable [] exception) {
        return new TaskError(message, output, retriable, false, null, exception);
    }

    /** As {@link #ofForeign}, of a task that asks for its group to be cancelled. */
    public static TaskError endingGroup(String message, String output, byte @Nullable [] exception) {
        return new TaskError(message, output, false, true, null, exception);
    }

    private TaskError(
            String message,
            String output,
            boolean retriable,
            boolean endsGroup,
            @Nullable Throwable cause,
            byte @Nullable [] exception) {
        super(message, cause, false, false);
        this.output = output;
        this.retriable = retriable;
        this.endsGroup = endsGroup;
        this.exception = exception;
    }

    /** The same failure with another {@link #output}. */
    public TaskError withOutput(String text) {
        return new TaskError(String.valueOf(getMessage()), text, retriable, endsGroup, getCause(), exception);
    }

    public boolean retriable() {
        return retriable;
    }

    /** Whether the other tasks of its group are to be cancelled, whatever happens to the run when a task fails. */
    public boolean endsGroup() {
        return endsGroup;
    }

    public String output() {
        return output;
    }

    public byte @Nullable [] exception() {
        return exception;
    }
}

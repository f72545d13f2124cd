package io.colla.platform;

import org.jspecify.annotations.Nullable;

/** A task's failure told in words rather than as an exception of its code. */
public final class TaskError extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean retriable;
    private final String output;

    /**
     * @param message one sentence: what failed, and what to do where that is known
     * @param output the end of what the task printed; empty when nothing
     * @param retriable whether another attempt could do better (a missing program: no; an exit code: yes)
     */
    public TaskError(String message, String output, boolean retriable, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.output = output;
        this.retriable = retriable;
    }

    public boolean retriable() {
        return retriable;
    }

    public String output() {
        return output;
    }
}

package io.colla.api;

import org.jspecify.annotations.Nullable;

/** A task failed and its policy did not mend it. The cause is the exception of the task's own code, with its stack on the node where it ran. */
public class TaskFailedException extends CollaException {
    private static final long serialVersionUID = 1L;

    private final String task;
    private final String node;
    private final String printed;

    public TaskFailedException(String message, String task, String node, @Nullable Throwable cause) {
        this(message, task, node, "", cause);
    }

    public TaskFailedException(String message, String task, String node, String printed, @Nullable Throwable cause) {
        super(message, cause);
        this.task = task;
        this.node = node;
        this.printed = printed;
    }

    /** The task's name and number, as {@code search #12}. */
    public String task() {
        return task;
    }

    /** The node where the last attempt ran. */
    public String node() {
        return node;
    }

    /** The end of what a program printed before it failed; empty for Java functions, whose cause tells more. */
    public String printed() {
        return printed;
    }
}

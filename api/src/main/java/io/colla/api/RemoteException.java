package io.colla.api;

import org.jspecify.annotations.Nullable;

/**
 * Stands for an exception of a task whose class could not travel to the application: it keeps the original's class name, message
 * and stack.
 */
public class RemoteException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String type;

    public RemoteException(
            String type, @Nullable String message, StackTraceElement[] stack, @Nullable Throwable cause) {
        super(message == null ? type : type + ": " + message, cause, false, true);
        this.type = type;
        setStackTrace(stack);
    }

    /** The class name of the original exception. */
    public String type() {
        return type;
    }
}

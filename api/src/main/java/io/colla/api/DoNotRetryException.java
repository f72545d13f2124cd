package io.colla.api;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by a task's own code, as it is, extended, or as the cause of what it throws: another attempt would fail in the same way. The task is
 * not tried again, whatever its {@linkplain TaskOptions#retries(int) retries}; then its {@link FailurePolicy} holds as after the last attempt.
 */
public class DoNotRetryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DoNotRetryException(String message) {
        super(message);
    }

    public DoNotRetryException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

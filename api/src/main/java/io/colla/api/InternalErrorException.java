package io.colla.api;

import org.jspecify.annotations.Nullable;

/** Colla itself is broken: please report it with the run's log. */
public class InternalErrorException extends CollaException {
    private static final long serialVersionUID = 1L;

    public InternalErrorException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

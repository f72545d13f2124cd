package io.colla.api;

import org.jspecify.annotations.Nullable;

/** The base of all errors that Colla throws into an application. Its message is one sentence that says what to do. */
public class CollaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CollaException(String message) {
        super(message);
    }

    public CollaException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

package io.colla.worker.store;

import io.colla.api.CollaException;

/** A content is not, or no longer, in this process' store, or what the store has of it cannot be read. */
public final class MissingContentException extends CollaException {
    private static final long serialVersionUID = 1L;

    public MissingContentException(int content) {
        super("content " + content + " is not in this process' store");
    }

    MissingContentException(String message, Throwable cause) {
        super(message, cause);
    }
}

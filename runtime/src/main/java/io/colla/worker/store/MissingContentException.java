package io.colla.worker.store;

import io.colla.api.CollaException;

/** A content is not, or no longer, in this process' store. */
public final class MissingContentException extends CollaException {
    private static final long serialVersionUID = 1L;

    MissingContentException(int content) {
        super("content " + content + " is not in this process' store");
    }
}

package io.colla.worker.store;

import io.colla.api.CollaException;

/** The disk of the scratch folder has no room for what must be written there. What the store had before, it still has. */
public final class StoreFullException extends CollaException {
    private static final long serialVersionUID = 1L;

    StoreFullException(String message, Throwable cause) {
        super(message, cause);
    }
}

package io.colla.worker.store;

import io.colla.api.CollaException;

/** An object does not fit into this process' heap, even after everything else went to disk. It is still on disk. */
public final class HeapFullException extends CollaException {
    private static final long serialVersionUID = 1L;

    HeapFullException(String message, Throwable cause) {
        super(message, cause);
    }
}

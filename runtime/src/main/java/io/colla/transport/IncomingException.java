package io.colla.transport;

import java.io.IOException;

/** A content that was being fetched could not be kept here: a full disk, say. Whoever sent it is not to blame. */
public final class IncomingException extends IOException {
    private static final long serialVersionUID = 1L;

    IncomingException(String message, Throwable cause) {
        super(message, cause);
    }
}

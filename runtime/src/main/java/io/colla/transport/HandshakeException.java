package io.colla.transport;

import java.io.IOException;

/** The other side is not a process of this run, or not one that this one can talk to. The message says which, in one sentence. */
public final class HandshakeException extends IOException {
    private static final long serialVersionUID = 1L;

    HandshakeException(String message) {
        super(message);
    }
}

package io.colla.python;

import java.io.IOException;

/** What came over a connection is no frame of the protocol: the connection is of no use any more. */
public final class FrameException extends IOException {
    private static final long serialVersionUID = 1L;

    public FrameException(String message) {
        super(message);
    }
}

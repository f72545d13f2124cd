package io.colla.wire;

import java.io.IOException;

/** What a peer sent is not what the protocol says. The message is one sentence that says what was wrong and where. */
public final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1L;

    public ProtocolException(String message) {
        super(message);
    }

    public ProtocolException(String message, Throwable cause) {
        super(message, cause);
    }

    /** For a peer of another release. */
    public static ProtocolException version(int theirs) {
        return new ProtocolException("the peer speaks protocol " + theirs + ", this process protocol "
                + Message.PROTOCOL + ": start both from the same release of Colla");
    }
}

package io.colla.api;

/** A wait's deadline passed; what was waited for may still come. */
public class WaitTimeoutException extends CollaException {
    private static final long serialVersionUID = 1L;

    public WaitTimeoutException(String message) {
        super(message);
    }
}

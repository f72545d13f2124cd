package io.colla.api;

/** What was waited for will not come, because its task was cancelled. */
public class CancelledException extends CollaException {
    private static final long serialVersionUID = 1L;

    public CancelledException(String message) {
        super(message);
    }
}

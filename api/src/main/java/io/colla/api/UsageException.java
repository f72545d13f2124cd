package io.colla.api;

/** The application, an option or a file asks for something that cannot be: an impossible constraint, a bad argument, a missing program. */
public class UsageException extends CollaException {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }

    public UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}

package io.colla.api;

/** A datum was only on nodes that are gone, and could not be computed again. */
public class DataLostException extends CollaException {
    private static final long serialVersionUID = 1L;

    public DataLostException(String message) {
        super(message);
    }
}

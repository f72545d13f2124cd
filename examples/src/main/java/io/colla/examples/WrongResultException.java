package io.colla.examples;

/** A check of an example's result found it wrong; the message says what was compared and how it differs. */
public class WrongResultException extends Exception {
    private static final long serialVersionUID = 1L;

    public WrongResultException(String message) {
        super(message);
    }
}

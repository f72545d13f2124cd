package io.colla.worker;

/** A task cannot begin: an input that was on this node is not there any more. Nothing of the task has happened yet. */
final class LostInputException extends Exception {
    private static final long serialVersionUID = 1L;

    final int content;

    /** @param parameter that the input is for */
    LostInputException(int content, String parameter, Throwable cause) {
        super("parameter " + parameter + " is not on this node any more: " + FailureReport.describe(cause), cause);
        this.content = content;
    }
}

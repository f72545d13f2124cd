package io.colla.launcher;

/** Ends the command with this code after one sentence for the person. */
final class ExitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode code;

    ExitException(ExitCode code, String sentence) {
        super(sentence);
        this.code = code;
    }

    ExitCode code() {
        return code;
    }
}

package io.colla.binary.spawn;

import java.io.IOException;

/** A program could not be started, or its end could not be learnt. The message is one sentence for the user. */
public final class SpawnException extends IOException {

    private static final long serialVersionUID = 1;

    /** What went wrong, for callers that decide by it. */
    public enum Reason {
        /** No such program at the path, or anywhere on PATH. */
        NOT_FOUND,
        /** The file is there, but is a folder, lacks the execute permission or is of no executable format. */
        NOT_EXECUTABLE,
        /** The interpreter that the script's first line or the program's header names is missing. */
        BAD_INTERPRETER,
        /** The working folder is missing, not a folder or may not be entered. */
        FOLDER,
        /** A file to redirect to or from cannot be opened. */
        REDIRECTION,
        /** Arguments and environment are larger than the kernel takes. */
        TOO_LONG,
        /** The kernel refuses for want of a right. */
        PERMISSION,
        /** A limit on processes, open files or memory has been reached: worth another try later. */
        LIMIT,
        /** The CPUs to bind to are not available to this process. */
        BINDING,
        /** The program's supervisor was lost, and with it the program's end. */
        LOST,
        /** The spawner is closed, or cannot work here. */
        UNAVAILABLE,
        /** Anything else; see the errno. */
        OTHER
    }

    private final Reason reason;
    private final int errno;

    SpawnException(Reason reason, int errno, String sentence) {
        super(sentence);
        this.reason = reason;
        this.errno = errno;
    }

    public Reason reason() {
        return reason;
    }

    /** The kernel's error number, 0 where there is none. */
    public int errno() {
        return errno;
    }

    /** Whether a file could not be made for want of space, or of the user's share of it. */
    public boolean deviceFull() {
        return errno == Errno.ENOSPC || errno == Errno.EDQUOT;
    }
}

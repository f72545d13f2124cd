package io.colla.python.worker;

import io.colla.python.FrameException;
import io.colla.python.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * How a process ended.
 *
 * @param code exit code; -1 if a signal ended it, or it never was
 * @param signal 0 if none
 * @param error in words, where neither tells; else null
 */
record Ending(int code, int signal, boolean core, @Nullable String error) {
    /** When nobody could tell. */
    static final Ending UNKNOWN = new Ending(-1, 0, false, null);

    private static final int SIGILL = 4;
    private static final int SIGABRT = 6;
    private static final int SIGBUS = 7;
    private static final int SIGFPE = 8;
    private static final int SIGKILL = 9;
    private static final int SIGSEGV = 11;
    private static final int SIGTERM = 15;

    static Ending of(JsonObject told) throws FrameException {
        String error = told.text("error");
        return new Ending(
                (int) told.number("code", -1),
                (int) told.number("signal", 0),
                told.flag("core", false),
                error == null ? null : "could not be started: " + error);
    }

    /** It is gone because its zygote is. */
    static Ending withZygote() {
        return new Ending(
                -1,
                0,
                false,
                "ended because the process that it was forked from (python -m colla.worker) was killed or crashed");
    }

    /** What follows "the Python process that ran the task". */
    String sentence() {
        String dump = core ? "; it left a core dump" : "";
        if (error != null) {
            return error;
        }
        if (signal == SIGKILL) {
            return "was killed (SIGKILL), probably because the node or the job ran out of memory" + dump;
        }
        if (signal != 0) {
            return "crashed: " + crash() + dump;
        }
        if (code >= 0) {
            return "ended with exit code " + code
                    + " in the middle of the task: the task, or a library that it uses, ended the process (os._exit)";
        }
        return "ended in the middle of the task";
    }

    private String crash() {
        return switch (signal) {
            case SIGSEGV -> "segmentation fault (SIGSEGV), an error in compiled code that the task uses";
            case SIGBUS ->
                "bus error (SIGBUS), an error in compiled code, or a file that became shorter while it was mapped";
            case SIGABRT -> "aborted (SIGABRT), which compiled code does when it finds an error of its own";
            case SIGILL -> "illegal instruction (SIGILL): a library was compiled for another processor";
            case SIGFPE -> "arithmetic error (SIGFPE) in compiled code that the task uses";
            case SIGTERM -> "somebody sent it SIGTERM";
            default -> "signal " + signal;
        };
    }
}

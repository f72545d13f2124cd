package io.colla.binary;

import io.colla.api.Memory;
import io.colla.binary.spawn.ExitStatus;
import io.colla.binary.spawn.SpawnException;
import io.colla.binary.spawn.SpawnException.Reason;
import io.colla.platform.TaskError;
import java.nio.file.Path;
import java.util.List;

/** The errors of tasks that run programs, in words. */
public final class Failures {

    /** Names of the signals 1 to 31 on Linux (signal(7); x86-64, AArch64 and POWER agree on these). */
    private static final List<String> SIGNALS = List.of(
            "SIGHUP",
            "SIGINT",
            "SIGQUIT",
            "SIGILL",
            "SIGTRAP",
            "SIGABRT",
            "SIGBUS",
            "SIGFPE",
            "SIGKILL",
            "SIGUSR1",
            "SIGSEGV",
            "SIGUSR2",
            "SIGPIPE",
            "SIGALRM",
            "SIGTERM",
            "SIGSTKFLT",
            "SIGCHLD",
            "SIGCONT",
            "SIGSTOP",
            "SIGTSTP",
            "SIGTTIN",
            "SIGTTOU",
            "SIGURG",
            "SIGXCPU",
            "SIGXFSZ",
            "SIGVTALRM",
            "SIGPROF",
            "SIGWINCH",
            "SIGIO",
            "SIGPWR",
            "SIGSYS");

    private static final int SIGABRT = 6;
    private static final int SIGBUS = 7;
    private static final int SIGKILL = 9;
    private static final int SIGSEGV = 11;
    private static final int SIGXCPU = 24;
    private static final int SIGXFSZ = 25;

    private Failures() {}

    /** A mistake in how the task was called: no other attempt does better. */
    public static TaskError usage(String sentence) {
        return new TaskError(sentence, "", false, null);
    }

    /** A program that was ended with its task. */
    public static TaskError ended(String program, String output) {
        return new TaskError(
                program + " was ended because its task was cancelled or its time was over", output, true, null);
    }

    /** A program that ended, but not well. */
    static TaskError of(ExitStatus status, String program, long memory, String output) {
        String sentence = sentence(status, program, memory);
        return new TaskError(sentence, output, true, null);
    }

    /**
     * How a program ended, as the start of a sentence.
     *
     * @param memory bytes that the task asked for, 0 when it did not: some signals come from too little of it
     */
    public static String sentence(ExitStatus status, String program, long memory) {
        if (status instanceof ExitStatus.Killed killed) {
            int signal = killed.signal();
            return program + " was killed by " + signal(signal) + hint(signal, memory);
        }
        return program + " exited with code " + ((ExitStatus.Exited) status).code();
    }

    /** A signal in words: {@code signal 9 (SIGKILL)}. */
    public static String signal(int number) {
        return "signal " + number
                + (number >= 1 && number <= SIGNALS.size() ? " (" + SIGNALS.get(number - 1) + ")" : "");
    }

    private static String hint(int signal, long memory) {
        return switch (signal) {
            case SIGKILL -> ", perhaps for using too much memory";
            case SIGXCPU -> ": the limit on CPU time (ulimit -t) was reached";
            case SIGXFSZ -> ": the limit on the size of files (ulimit -f) was reached";
            case SIGABRT, SIGBUS, SIGSEGV ->
                memory > 0
                        ? ", perhaps because it got no more memory: the task's limit is " + Memory.format(memory)
                        : "";
            default -> "";
        };
    }

    /** A program that could not start, or whose end could not be learnt. */
    public static TaskError of(SpawnException e, Invocation invocation) throws TaskError {
        boolean retriable =
                switch (e.reason()) {
                    case LIMIT, LOST, BINDING, UNAVAILABLE, OTHER -> true;
                    case REDIRECTION -> e.deviceFull();
                    case NOT_FOUND, NOT_EXECUTABLE, BAD_INTERPRETER, FOLDER, TOO_LONG, PERMISSION -> false;
                };
        String sentence = String.valueOf(e.getMessage());
        if (e.reason() == Reason.TOO_LONG) {
            sentence = LongArguments.explain(invocation);
        } else if (e.reason() == Reason.NOT_FOUND && startsInFreshFolder(invocation)) {
            sentence += "; a relative path starts in the task's own folder, which is fresh: give the whole path";
        }
        return new TaskError(sentence, "", retriable, e);
    }

    private static boolean startsInFreshFolder(Invocation invocation) {
        String program = invocation.command().program();
        return invocation.program().folder() == null
                && program.indexOf('/') >= 0
                && !Path.of(program).isAbsolute();
    }
}

package io.colla.launcher;

import io.colla.api.CancelledException;
import io.colla.api.CollaException;
import io.colla.api.DataLostException;
import io.colla.api.InternalErrorException;
import io.colla.api.NodesLostException;
import io.colla.api.TaskFailedException;
import io.colla.api.UsageException;
import io.colla.core.Failure;
import io.colla.launcher.app.Application;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a run came to its end.
 *
 * @param code to exit with
 * @param outcome in words, for the summary
 * @param message for the person, at once: a sentence, or a stack trace as java prints it; empty when there is nothing to say
 * @param cause what the application threw; null when it did not
 * @param isTrace whether the message is a stack trace
 * @param early whether the application was still running
 */
record Ending(int code, String outcome, String message, @Nullable Throwable cause, boolean isTrace, boolean early) {
    static Ending finished() {
        return new Ending(ExitCode.OK.number(), "finished", "", null, false, false);
    }

    static Ending timeLimit(Duration limit) {
        String outcome = "ended at its time limit of " + Words.time(limit);
        return new Ending(ExitCode.TIME_LIMIT.number(), outcome, outcome, null, false, true);
    }

    /** The job's time is nearly over. @param sentence why, and what is left undone */
    static Ending jobEnds(String sentence) {
        return new Ending(
                ExitCode.TIME_LIMIT.number(), "ended before its job's time was over", sentence, null, false, true);
    }

    static Ending signal(ExitCode code) {
        String what = code.meaning().substring(0, code.meaning().indexOf(':'));
        String outcome = "ended by " + what;
        return new Ending(code.number(), outcome, outcome, null, false, true);
    }

    /** Tasks in this process called {@link System#exit}, which is not theirs to do. */
    static Ending taskExited(List<String> tasks) {
        String outcome = "task " + String.join(", ", tasks) + " called System.exit; a task must return or throw";
        return new Ending(ExitCode.TASK_FAILED.number(), outcome, outcome, null, false, true);
    }

    /**
     * The program's process has ended with a code of its own, and has said itself what there was to say.
     *
     * @param signal the name of the one that probably ended it; empty when none did
     */
    static Ending exited(int code, String signal) {
        String outcome = "the program ended with exit code " + code;
        if (signal.isEmpty()) {
            return new Ending(code, outcome, "", null, false, false);
        }
        String killed = "the program was ended by " + signal;
        return new Ending(code, killed, killed, null, false, false);
    }

    /** The program has ended as if all were well, without having heard of its tasks' failure. */
    static Ending unheard(Failure failure) {
        String printed = failure.stack().stripTrailing();
        String message = failure.message() + (printed.isEmpty() ? "" : "\n" + printed);
        return new Ending(ExitCode.TASK_FAILED.number(), "a task failed", message, null, false, false);
    }

    /** As {@link #unheard}, for a program that tells the person itself. */
    static Ending toldFailure(Failure failure) {
        return new Ending(ExitCode.TASK_FAILED.number(), failure.message(), "", null, false, false);
    }

    /** A program that joined from outside has gone without a word, and needs nothing any more. */
    static Ending left() {
        return new Ending(ExitCode.OK.number(), "ended with the program that used it", "", null, false, true);
    }

    /** The application threw. Errors that Colla words itself are told as sentences; the application's own with their stack trace, as java does. */
    static Ending thrown(Throwable thrown) {
        if (thrown instanceof UnsupportedClassVersionError e) {
            return sentence(ExitCode.USAGE, Application.newerJava(e), e);
        }
        if (thrown instanceof UsageException e) {
            return sentence(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
        if (thrown instanceof DataLostException || thrown instanceof NodesLostException) {
            return sentence(ExitCode.NODES_LOST, String.valueOf(thrown.getMessage()), thrown);
        }
        if (thrown instanceof InternalErrorException e) {
            return sentence(ExitCode.INTERNAL, String.valueOf(e.getMessage()), e);
        }
        if (thrown instanceof TaskFailedException e) {
            return new Ending(ExitCode.TASK_FAILED.number(), "a task failed", Traces.taskFailure(e), e, false, false);
        }
        if (thrown instanceof CancelledException e) {
            return sentence(ExitCode.TASK_FAILED, String.valueOf(e.getMessage()), e);
        }
        if (thrown instanceof CollaException e) {
            return sentence(ExitCode.APPLICATION_THREW, String.valueOf(e.getMessage()), e);
        }
        String outcome = "the application threw " + thrown.getClass().getName();
        return new Ending(
                ExitCode.APPLICATION_THREW.number(), outcome, Traces.ofApplication(thrown), thrown, true, false);
    }

    private static Ending sentence(ExitCode code, String sentence, Throwable cause) {
        return new Ending(code.number(), sentence, sentence, cause, false, false);
    }
}

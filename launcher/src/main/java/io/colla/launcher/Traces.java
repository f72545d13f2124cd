package io.colla.launcher;

import io.colla.api.TaskFailedException;
import java.io.PrintWriter;
import java.io.StringWriter;

/** Stack traces as far as they are the user's. */
final class Traces {
    private static final String OURS = "io.colla.launcher.";
    private static final String CALL = "reflect.";
    private static final int MOST_LINES = 30;

    private Traces() {}

    /** As java prints an uncaught exception, without the frames that are the launcher's. */
    static String ofApplication(Throwable thrown) {
        return "Exception in thread \"" + Thread.currentThread().getName() + "\" " + trace(thrown);
    }

    /** The sentence, and the exception of the task's code with its stack on the node where it ran. */
    static String taskFailure(TaskFailedException failure) {
        Throwable cause = failure.getCause();
        return cause == null ? String.valueOf(failure.getMessage()) : failure.getMessage() + "\n" + trace(cause);
    }

    private static String trace(Throwable thrown) {
        StringWriter all = new StringWriter();
        thrown.printStackTrace(new PrintWriter(all));
        StringBuilder kept = new StringBuilder();
        int lines = 0;
        for (String line : all.toString().split("\n")) {
            boolean frame = line.stripLeading().startsWith("at ");
            if (frame && isMachinery(line)) {
                continue;
            }
            if (frame && ++lines > MOST_LINES) {
                continue;
            }
            kept.append(kept.isEmpty() ? "" : "\n").append(line);
        }
        return kept.toString();
    }

    private static boolean isMachinery(String frame) {
        return frame.contains(OURS) || frame.contains("java.base/") && (frame.contains(CALL) || frame.contains("java.lang.Thread.run"));
    }
}

package io.colla.launcher;

import io.colla.api.TaskFailedException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** Stack traces as far as they are the user's. */
final class Traces {
    private static final List<String> OURS =
            List.of("io.colla.launcher.JavaMain.", "io.colla.launcher.app.Application.");
    private static final List<String> CALL = List.of("reflect.", "java.lang.Thread.run");
    private static final int MOST_LINES = 30;

    private Traces() {}

    /** As java prints an uncaught exception, without the frames that are the launcher's. */
    static String ofApplication(Throwable thrown) {
        return "Exception in thread \"" + Thread.currentThread().getName() + "\" " + trace(thrown);
    }

    /** The sentence, and the exception of the task's code with its stack on the node where it ran, or the end of what the program printed. */
    static String taskFailure(TaskFailedException failure) {
        Throwable cause = failure.getCause();
        String more = cause == null ? failure.printed().stripTrailing() : trace(cause);
        return failure.getMessage() + (more.isEmpty() ? "" : "\n" + more);
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
        return OURS.stream().anyMatch(frame::contains)
                || (frame.contains("java.base/") && CALL.stream().anyMatch(frame::contains));
    }
}

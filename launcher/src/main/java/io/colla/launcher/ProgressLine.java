package io.colla.launcher;

import io.colla.master.RunStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Renders how far a run is. */
final class ProgressLine {
    private static final String SEPARATOR = "  ";

    private ProgressLine() {}

    /** One line of at most {@code width} characters, without colours or control characters; what matters least is left off first. */
    static String of(RunStatus status, Duration elapsed, int width) {
        List<String> parts = new ArrayList<>();
        parts.add(status.done() + " done");
        parts.add(status.running() + " running");
        parts.add(status.waiting() + " waiting");
        if (!status.waitsFor().isEmpty()) {
            parts.add("waiting for " + status.waitsFor());
        }
        if (status.failed() > 0) {
            parts.add(status.failed() + " failed");
        }
        parts.add(Words.clock(elapsed));
        parts.add(status.coresBusy() + "/" + Words.plural(status.coresTotal(), "core"));
        parts.add(Words.plural(status.nodes(), "node"));
        if (status.cancelled() > 0) {
            parts.add(status.cancelled() + " cancelled");
        }
        String line = String.join(SEPARATOR, parts);
        while (line.length() > width && parts.size() > 1) {
            parts.remove(parts.size() - 1);
            line = String.join(SEPARATOR, parts);
        }
        return Words.cut(line, width);
    }
}

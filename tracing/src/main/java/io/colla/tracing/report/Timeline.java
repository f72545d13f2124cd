package io.colla.tracing.report;

import java.util.List;

/** What ran when and where in a trace: what a picture of it is made from. */
public final class Timeline {
    private final Analysis read;
    private final List<Integer> path;

    Timeline(Analysis read, List<Integer> path) {
        this.read = read;
        this.path = path;
    }

    Analysis read() {
        return read;
    }

    /** Places of the tasks on the critical path. */
    List<Integer> path() {
        return path;
    }
}

package io.colla.core;

import io.colla.api.Direction;
import java.util.List;

/**
 * A task as it is sent to a worker.
 *
 * @param gang workers of a task on several nodes, the first being its own; else empty
 * @param accesses one per access of the submission
 */
public record Assignment(TaskRecord task, int attempt, int implementation, int[] gang, List<PlannedAccess> accesses) {

    /** What becomes of an input's content. */
    public enum Mode {
        KEEP,
        CONSUME,
        COPY,
        SHARE
    }

    /**
     * One access with its contents.
     *
     * @param input content that is read; -1 for none
     * @param output content that is written; -1 for none
     * @param inputPlace where a file's input is
     * @param outputPlace where a file's output goes
     * @param workers those that have the input
     */
    public record PlannedAccess(
            int datum,
            Direction direction,
            int input,
            int output,
            Mode mode,
            Place inputPlace,
            Place outputPlace,
            int[] workers) {}
}

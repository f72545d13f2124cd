package io.colla.core;

import io.colla.api.Direction;
import io.colla.scheduler.Gang;
import io.colla.scheduler.Requirement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task as it is sent to a worker.
 *
 * @param gang workers of a task with ranks or on several nodes, the first being its own; else null
 * @param accesses one per access of the submission
 */
public record Assignment(
        TaskRecord task, int attempt, int implementation, @Nullable Gang gang, List<PlannedAccess> accesses) {
    /** What the task takes of its own worker. */
    public Requirement need() {
        return gang == null ? task.template().implementations().get(implementation) : gang.needs()[0];
    }

    /** Whether it waits for {@link Effects#begin}. */
    public boolean hasOtherNodes() {
        return gang != null && gang.size() > 1;
    }

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

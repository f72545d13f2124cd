package io.colla.core;

import java.util.EnumSet;
import java.util.Set;

/** The life of a task. */
public enum TaskState {
    /** Some of its data are not there yet. */
    WAITING,
    /** Its data are there, but another task holds a datum that both update commutatively. */
    PARKED,
    /** Queued for a worker. */
    READY,
    /** Sent to a worker. */
    ASSIGNED,
    /** To be ended on its worker, which has not confirmed yet: cancelled, or one of its nodes was lost. */
    STOPPING,
    /** Finished, or failed and ignored. Kept while its results could have to be computed again. */
    DONE,
    FAILED,
    CANCELLED;

    private Set<TaskState> next = Set.of();

    static {
        WAITING.next = EnumSet.of(PARKED, READY, DONE, CANCELLED);
        PARKED.next = EnumSet.of(WAITING, CANCELLED);
        READY.next = EnumSet.of(WAITING, ASSIGNED, CANCELLED);
        ASSIGNED.next = EnumSet.of(WAITING, STOPPING, DONE, FAILED);
        STOPPING.next = EnumSet.of(WAITING, FAILED, CANCELLED);
        DONE.next = EnumSet.of(WAITING);
    }

    /** The declared transitions; the engine refuses any other. */
    public Set<TaskState> successors() {
        return next;
    }

    boolean isOver() {
        return this == DONE || this == FAILED || this == CANCELLED;
    }
}

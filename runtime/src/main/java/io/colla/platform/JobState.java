package io.colla.platform;

/** What became of a batch job, in words that all batch systems share. */
public enum JobState {
    /** Waits for resources, or is about to start (again). */
    QUEUED,
    /** Waits until somebody or something releases it. */
    HELD,
    /** Has its resources: starting, running or ending. */
    RUNNING,
    /** Started, but its processes are stopped. */
    SUSPENDED,
    /** Ended with exit code 0. */
    SUCCEEDED,
    /** Ended by its own fault: an exit code, a signal, too much memory. */
    FAILED,
    /** Ended by a person or by the system's policy. */
    CANCELLED,
    /** Ended by its time limit or deadline. */
    TIMED_OUT,
    /** Ended because a node or its boot failed. */
    NODE_FAILED,
    /** The batch system does not know the job, does not answer, or says something that Colla does not know. Never a synonym of success. */
    UNKNOWN;

    /** Whether the job will not run any more; false for {@link #UNKNOWN}. */
    public boolean ended() {
        return switch (this) {
            case SUCCEEDED, FAILED, CANCELLED, TIMED_OUT, NODE_FAILED -> true;
            case QUEUED, HELD, RUNNING, SUSPENDED, UNKNOWN -> false;
        };
    }
}

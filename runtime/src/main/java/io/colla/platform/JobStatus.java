package io.colla.platform;

import java.util.List;
import java.util.Optional;

/**
 * What a batch system says of a job.
 *
 * @param state the whole job's; a job of several parts (heterogeneous, array) has succeeded when all have
 * @param word the system's own; empty when it said none
 * @param reason why it waits or ended in the system's words, or why the state is not known; may be empty
 */
public record JobStatus(JobState state, String word, String reason) {
    /** The first of these that a part is in speaks for the whole: running parts first, success only when all succeeded. */
    private static final List<JobState> PRECEDENCE = List.of(
            JobState.RUNNING,
            JobState.SUSPENDED,
            JobState.QUEUED,
            JobState.HELD,
            JobState.UNKNOWN,
            JobState.NODE_FAILED,
            JobState.TIMED_OUT,
            JobState.FAILED,
            JobState.CANCELLED,
            JobState.SUCCEEDED);

    /** The part that speaks for the whole job; empty when there is none. */
    public static Optional<JobStatus> ofParts(List<JobStatus> parts) {
        for (JobState state : PRECEDENCE) {
            for (JobStatus part : parts) {
                if (part.state() == state) {
                    return Optional.of(part);
                }
            }
        }
        return Optional.empty();
    }
}

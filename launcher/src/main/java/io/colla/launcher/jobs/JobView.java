package io.colla.launcher.jobs;

import io.colla.platform.JobInfo;
import io.colla.platform.JobState;
import org.jspecify.annotations.Nullable;

/**
 * A job as it stands: what the batch system says, with what the job itself has left in its folder.
 *
 * @param record null for a job that Colla did not submit
 */
public record JobView(@Nullable JobRecord record, JobInfo info) {
    /** With this, {@code colla wait} ends when the job has been killed by its time limit. */
    public static final int TIMED_OUT = 124;

    private static final int CANCELLED = 143;
    private static final int NODE_FAILED = 72;

    public String id() {
        return record == null ? info.id() : record.id();
    }

    public String name() {
        return record == null ? info.name() : record.name();
    }

    public JobState state() {
        return info.state();
    }

    /** What a process that stands for this job would end with; {@code unknown} when nobody knows, never 0. */
    public int exitCode(int unknown) {
        Integer code = info.exitCode();
        return switch (info.state()) {
            case SUCCEEDED -> 0;
            case FAILED -> code == null || code == 0 ? 1 : code;
            case CANCELLED -> CANCELLED;
            case TIMED_OUT -> TIMED_OUT;
            case NODE_FAILED -> NODE_FAILED;
            default -> unknown;
        };
    }
}

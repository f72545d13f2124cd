package io.colla.pbs;

import io.colla.platform.Commands.CommandException;
import io.colla.platform.JobState;
import io.colla.platform.JobStatus;
import java.util.Map;

/** Asks PBS what became of a job. OpenPBS tells of ended jobs where the site keeps a history, Torque for some minutes. */
public final class JobStates {
    private final Qstat qstat;

    public JobStates(Map<String, String> environment) {
        this.qstat = new Qstat(environment);
    }

    /**
     * Never fails: a job that nobody knows, or a PBS that does not answer, is {@link JobState#UNKNOWN} with a reason. Blocks for 30 s at most.
     */
    public JobStatus query(String job) {
        try {
            return JobStatus.ofParts(qstat.jobs(job, true).stream()
                            .map(PbsJobState::meaning)
                            .toList())
                    .orElseThrow();
        } catch (CommandException e) {
            return new JobStatus(JobState.UNKNOWN, "", String.valueOf(e.getMessage()));
        }
    }
}

package io.colla.slurm;

import io.colla.platform.JobState;
import java.util.Locale;
import java.util.Optional;

/** Every state that squeue(1) and sacct(1) document, releases 20.11 to 25.05, with its compact code, if it has one, and what it means to Colla. */
enum SlurmJobState {
    BOOT_FAIL("BF", JobState.NODE_FAILED),
    CANCELLED("CA", JobState.CANCELLED),
    COMPLETED("CD", JobState.SUCCEEDED),
    CONFIGURING("CF", JobState.RUNNING),
    COMPLETING("CG", JobState.RUNNING),
    DEADLINE("DL", JobState.TIMED_OUT),
    EXPEDITING("", JobState.QUEUED),
    FAILED("F", JobState.FAILED),
    LAUNCH_FAILED("", JobState.NODE_FAILED),
    NODE_FAIL("NF", JobState.NODE_FAILED),
    OUT_OF_MEMORY("OOM", JobState.FAILED),
    PENDING("PD", JobState.QUEUED),
    POWER_UP_NODE("", JobState.RUNNING),
    PREEMPTED("PR", JobState.CANCELLED),
    RECONFIG_FAIL("", JobState.NODE_FAILED),
    RESV_DEL_HOLD("RD", JobState.HELD),
    REQUEUE_FED("RF", JobState.QUEUED),
    REQUEUE_HOLD("RH", JobState.HELD),
    REQUEUED("RQ", JobState.QUEUED),
    RESIZING("RS", JobState.RUNNING),
    /** Taken off this cluster because another cluster of the federation runs it: this one cannot say what becomes of it. */
    REVOKED("RV", JobState.UNKNOWN),
    RUNNING("R", JobState.RUNNING),
    SIGNALING("SI", JobState.RUNNING),
    /** Put back into the queue by its own exit code, and held there. */
    SPECIAL_EXIT("SE", JobState.HELD),
    STAGE_OUT("SO", JobState.RUNNING),
    STOPPED("ST", JobState.SUSPENDED),
    SUSPENDED("S", JobState.SUSPENDED),
    TIMEOUT("TO", JobState.TIMED_OUT),
    /** Ended jobs keep their accounting waiting for a moment; the base state follows. */
    UPDATE_DB("", JobState.RUNNING);

    private final String code;
    private final JobState state;

    SlurmJobState(String code, JobState state) {
        this.code = code;
        this.state = state;
    }

    String code() {
        return code;
    }

    JobState state() {
        return state;
    }

    /** By name or compact code; {@code CANCELLED by 1000}, {@code CANCELLED+} and other additions are understood. */
    static Optional<SlurmJobState> of(String text) {
        String word = text.strip().toUpperCase(Locale.ROOT).split("[\\s+*,]", 2)[0];
        for (SlurmJobState each : values()) {
            if (each.name().equals(word) || (!word.isEmpty() && each.code.equals(word))) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /** Total: a word that is not Slurm's is {@link JobState#UNKNOWN}. A pending job is held if its reason says so. */
    static JobState meaning(String text, String reason) {
        JobState state = of(text).map(SlurmJobState::state).orElse(JobState.UNKNOWN);
        return state == JobState.QUEUED && reason.startsWith("JobHeld") ? JobState.HELD : state;
    }
}

package io.colla.pbs;

import io.colla.platform.JobState;
import io.colla.platform.JobStatus;
import java.util.Map;
import java.util.Optional;

/** Every letter that qstat(1) of OpenPBS and of Torque documents for a job's state. */
enum PbsJobState {
    /** An array of which a part has started. */
    B(JobState.RUNNING),
    /** Torque: completed. */
    C(JobState.UNKNOWN),
    /** Exiting. */
    E(JobState.RUNNING),
    /** OpenPBS: finished. */
    F(JobState.UNKNOWN),
    H(JobState.HELD),
    /** Moved to another server: this one cannot say what becomes of it. */
    M(JobState.UNKNOWN),
    Q(JobState.QUEUED),
    R(JobState.RUNNING),
    S(JobState.SUSPENDED),
    /** In transit between servers. */
    T(JobState.QUEUED),
    /** Suspended because the owner of the workstation is back. */
    U(JobState.SUSPENDED),
    /** Waits for its time to come. */
    W(JobState.QUEUED),
    /** A part of an array that has ended. */
    X(JobState.UNKNOWN);

    /** Killed by SIGTERM: the end of a job that was deleted. */
    private static final int DELETED = 256 + 15;

    /** Exit codes that OpenPBS itself gives (job.h), with the word for each; others below 0 are failures of the start. */
    private static final Map<Integer, String> PBS_CODES = Map.ofEntries(
            Map.entry(-29, "killed at its walltime"),
            Map.entry(-28, "used more CPU time than asked for"),
            Map.entry(-27, "used more memory than asked for"),
            Map.entry(-26, "used more virtual memory than asked for"),
            Map.entry(-25, "used more CPUs than asked for"),
            Map.entry(-24, "used more CPUs than asked for"),
            Map.entry(-20, "lost its first node"),
            Map.entry(-19, "deleted by a hook of the site"),
            Map.entry(-17, "deleted by a hook of the site"),
            Map.entry(-14, "lost a node"));

    /** Exit codes that Torque itself gives. */
    private static final Map<Integer, String> TORQUE_CODES = Map.of(
            -10, "used more memory than asked for",
            -11, "killed at its walltime",
            -12, "used more CPU time than asked for");

    private final JobState state;

    PbsJobState(JobState state) {
        this.state = state;
    }

    static Optional<PbsJobState> of(String letter) {
        for (PbsJobState each : values()) {
            if (each.name().equals(letter)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /** Total: what is not PBS's, or does not tell how a job ended, is {@link JobState#UNKNOWN}, with a reason. */
    static JobStatus meaning(PbsJob job) {
        String letter = job.get("job_state");
        PbsJobState known = of(letter).orElse(null);
        if (known == null) {
            return new JobStatus(JobState.UNKNOWN, letter, "Colla does not know PBS's state '" + letter + "'");
        }
        return switch (known) {
            case C, F, X -> ended(job, known);
            case M -> new JobStatus(JobState.UNKNOWN, letter, "it was moved to another server, which must be asked");
            default -> new JobStatus(known.state, letter, job.get("comment"));
        };
    }

    private static JobStatus ended(PbsJob job, PbsJobState letter) {
        String text = job.get("Exit_status").isEmpty() ? job.get("exit_status") : job.get("Exit_status");
        if (!text.matches("-?\\d{1,6}")) {
            // A job that was deleted before it ran has no exit code: substate 91 is "terminated" (job.h).
            boolean deleted = job.get("substate").equals("91");
            return deleted
                    ? new JobStatus(JobState.CANCELLED, letter.name(), job.get("comment"))
                    : new JobStatus(JobState.UNKNOWN, letter.name(), "it has ended, and PBS gives no exit code");
        }
        int code = Integer.parseInt(text);
        if (letter == C && code > 256 && isOverTime(job)) {
            return new JobStatus(JobState.TIMED_OUT, letter.name(), "killed at its walltime");
        }
        Map<Integer, String> own = letter == C ? TORQUE_CODES : PBS_CODES;
        return new JobStatus(state(code, letter), letter.name(), own.getOrDefault(code, words(code)));
    }

    /** Torque's exit code for a job that was deleted and for one that was too long is the same. */
    private static boolean isOverTime(PbsJob job) {
        long limit = Sizes.seconds(job.get("Resource_List.walltime"));
        return limit > 0 && Sizes.seconds(job.get("resources_used.walltime")) >= limit;
    }

    private static JobState state(int code, PbsJobState letter) {
        if (code == 0) {
            return JobState.SUCCEEDED;
        }
        if (code == DELETED) {
            return JobState.CANCELLED;
        }
        if (letter == C) {
            return code == -11 ? JobState.TIMED_OUT : JobState.FAILED;
        }
        return switch (code) {
            case -29 -> JobState.TIMED_OUT;
            case -20, -14 -> JobState.NODE_FAILED;
            case -19, -17 -> JobState.CANCELLED;
            default -> JobState.FAILED;
        };
    }

    private static String words(int code) {
        if (code == 0) {
            return "";
        }
        if (code < 0) {
            return "PBS could not run it (" + code + ")";
        }
        return code > 256 ? "killed by signal " + (code - 256) : "exit code " + code;
    }
}

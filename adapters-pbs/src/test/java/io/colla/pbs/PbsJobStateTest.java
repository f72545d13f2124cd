package io.colla.pbs;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.platform.JobState;
import io.colla.platform.JobStatus;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PbsJobStateTest {
    private static PbsJob job(String letter, String... attributes) {
        Map<String, String> all = new HashMap<>(Map.of("job_state", letter));
        for (int i = 0; i < attributes.length; i += 2) {
            all.put(attributes[i], attributes[i + 1]);
        }
        return new PbsJob("1", all);
    }

    /** qstat(1) of OpenPBS, and Torque's C. */
    @Test
    void knowsEveryLetter() {
        assertThat(Arrays.stream(PbsJobState.values()).map(Enum::name))
                .containsExactly("B", "C", "E", "F", "H", "M", "Q", "R", "S", "T", "U", "W", "X");
    }

    @ParameterizedTest
    @CsvSource({
        "Q, QUEUED",
        "W, QUEUED",
        "T, QUEUED",
        "H, HELD",
        "R, RUNNING",
        "B, RUNNING",
        "E, RUNNING",
        "S, SUSPENDED",
        "U, SUSPENDED",
        "M, UNKNOWN",
        "Z, UNKNOWN",
        "'', UNKNOWN"
    })
    void mapsWhatHasNotEnded(String letter, JobState state) {
        JobStatus status = PbsJobState.meaning(job(letter));
        assertThat(status.state()).isEqualTo(state);
        assertThat(status.word()).isEqualTo(letter);
        assertThat(status.state() == JobState.UNKNOWN)
                .isEqualTo(!status.reason().isEmpty());
    }

    @Test
    void givesPbssCommentAsTheReason() {
        assertThat(PbsJobState.meaning(job("Q", "comment", "Can Never Run: Insufficient amount of resource: ncpus")))
                .isEqualTo(
                        new JobStatus(JobState.QUEUED, "Q", "Can Never Run: Insufficient amount of resource: ncpus"));
    }

    @ParameterizedTest
    @CsvSource({
        "F, 0, SUCCEEDED, ''",
        "X, 0, SUCCEEDED, ''",
        "C, 0, SUCCEEDED, ''",
        "F, 3, FAILED, exit code 3",
        "F, 271, CANCELLED, killed by signal 15",
        "F, 265, FAILED, killed by signal 9",
        "F, -29, TIMED_OUT, killed at its walltime",
        "F, -27, FAILED, used more memory than asked for",
        "F, -20, NODE_FAILED, lost its first node",
        "F, -17, CANCELLED, deleted by a hook of the site",
        "F, -3, FAILED, PBS could not run it (-3)",
        "F, -11, FAILED, PBS could not run it (-11)",
        "C, -11, TIMED_OUT, killed at its walltime",
        "C, -10, FAILED, used more memory than asked for",
        "C, 271, CANCELLED, killed by signal 15",
    })
    void tellsHowItEnded(String letter, String code, JobState state, String reason) {
        assertThat(PbsJobState.meaning(job(letter, "Exit_status", code)))
                .isEqualTo(new JobStatus(state, letter, reason));
    }

    @Test
    void tellsTorquesLongJobsFromItsDeletedOnes() {
        PbsJob late = job(
                "C", "exit_status", "271", "Resource_List.walltime", "00:10:00", "resources_used.walltime", "00:10:04");
        assertThat(PbsJobState.meaning(late).state()).isEqualTo(JobState.TIMED_OUT);
        PbsJob deleted = job(
                "C", "exit_status", "271", "Resource_List.walltime", "00:10:00", "resources_used.walltime", "00:02:00");
        assertThat(PbsJobState.meaning(deleted).state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void neverTakesAnUnknownEndForSuccess() {
        assertThat(PbsJobState.meaning(job("F")))
                .isEqualTo(new JobStatus(JobState.UNKNOWN, "F", "it has ended, and PBS gives no exit code"));
        assertThat(PbsJobState.meaning(job("F", "substate", "91")).state()).isEqualTo(JobState.CANCELLED);
    }
}

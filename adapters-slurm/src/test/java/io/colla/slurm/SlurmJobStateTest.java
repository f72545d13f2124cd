package io.colla.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.platform.JobState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlurmJobStateTest {
    /** squeue(1) of 22.05, "JOB STATE CODES". */
    private static final List<String> DOCUMENTED = List.of(
            "BF BOOT_FAIL",
            "CA CANCELLED",
            "CD COMPLETED",
            "CF CONFIGURING",
            "CG COMPLETING",
            "DL DEADLINE",
            "F FAILED",
            "NF NODE_FAIL",
            "OOM OUT_OF_MEMORY",
            "PD PENDING",
            "PR PREEMPTED",
            "R RUNNING",
            "RD RESV_DEL_HOLD",
            "RF REQUEUE_FED",
            "RH REQUEUE_HOLD",
            "RQ REQUEUED",
            "RS RESIZING",
            "RV REVOKED",
            "SI SIGNALING",
            "SE SPECIAL_EXIT",
            "SO STAGE_OUT",
            "ST STOPPED",
            "S SUSPENDED",
            "TO TIMEOUT");

    @Test
    void knowsEveryDocumentedStateByNameAndCode() {
        for (String state : DOCUMENTED) {
            String[] words = state.split(" ");
            assertThat(SlurmJobState.of(words[0])).as(state).isPresent().isEqualTo(SlurmJobState.of(words[1]));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "COMPLETED,SUCCEEDED",
        "CD,SUCCEEDED",
        "FAILED,FAILED",
        "OUT_OF_MEMORY,FAILED",
        "OOM,FAILED",
        "DEADLINE,TIMED_OUT",
        "TIMEOUT,TIMED_OUT",
        "NODE_FAIL,NODE_FAILED",
        "BOOT_FAIL,NODE_FAILED",
        "PREEMPTED,CANCELLED",
        "CANCELLED by 1000,CANCELLED",
        "CANCELLED+,CANCELLED",
        "REQUEUED,QUEUED",
        "SPECIAL_EXIT,HELD",
        "SUSPENDED,SUSPENDED",
        "STOPPED,SUSPENDED",
        "COMPLETING,RUNNING",
        "STAGE_OUT,RUNNING",
        "REVOKED,UNKNOWN",
        "completed,SUCCEEDED",
        "FROBNICATED,UNKNOWN",
        "'',UNKNOWN",
        "C,UNKNOWN",
        "COMPLET,UNKNOWN"
    })
    void meansOneThing(String word, JobState meaning) {
        assertThat(SlurmJobState.meaning(word, "")).isEqualTo(meaning);
    }

    @Test
    void isHeldWhenTheReasonSaysSo() {
        assertThat(SlurmJobState.meaning("PENDING", "JobHeldUser")).isEqualTo(JobState.HELD);
        assertThat(SlurmJobState.meaning("PENDING", "JobHeldAdmin")).isEqualTo(JobState.HELD);
        assertThat(SlurmJobState.meaning("PENDING", "Resources")).isEqualTo(JobState.QUEUED);
    }
}

package io.colla.launcher.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.platform.JobInfo;
import io.colla.platform.JobState;
import io.colla.platform.JobStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobTracesTest {
    @TempDir
    Path folder;

    private JobRecord record(String array) {
        return new JobRecord("slurm", "12", "app", folder.toString(), folder + "/out-%a", array, Instant.EPOCH);
    }

    private static JobInfo told(String id, JobState state, @Nullable Integer code) {
        return new JobInfo(id, "app", new JobStatus(state, "", ""), code, "q", 1, null, List.of());
    }

    @Test
    void theFolderKnowsWhatTheBatchSystemHasForgotten() throws IOException {
        JobInfo unknown = JobInfo.unknown("12", "gone");
        assertThat(JobTraces.complete(record(""), unknown).state()).isEqualTo(JobState.UNKNOWN);
        Files.writeString(folder.resolve("exit-code"), "3\n");
        assertThat(JobTraces.complete(record(""), unknown).state()).isEqualTo(JobState.FAILED);
        assertThat(JobTraces.complete(record(""), unknown).exitCode()).isEqualTo(3);
        Files.writeString(folder.resolve("exit-code"), "0\n");
        assertThat(JobTraces.complete(record(""), unknown).state()).isEqualTo(JobState.SUCCEEDED);
        Files.writeString(folder.resolve("exit-code"), "");
        assertThat(JobTraces.complete(record(""), unknown).state()).isEqualTo(JobState.UNKNOWN);
    }

    @Test
    void theBatchSystemWeighsMore() throws IOException {
        Files.writeString(folder.resolve("exit-code"), "143\n");
        JobInfo late = JobTraces.complete(record(""), told("12", JobState.TIMED_OUT, null));
        assertThat(late.state()).isEqualTo(JobState.TIMED_OUT);
        assertThat(late.exitCode()).isEqualTo(143);
        assertThat(JobTraces.complete(record(""), told("12", JobState.RUNNING, null))
                        .state())
                .isEqualTo(JobState.RUNNING);
    }

    @Test
    void aJobThatWasToldToEndIsCancelled() throws IOException {
        JobOrders.prepare(folder);
        JobInfo ended = told("12", JobState.FAILED, 143);
        assertThat(JobTraces.complete(record(""), ended).state()).isEqualTo(JobState.FAILED);
        JobOrders.tellToEnd(folder);
        assertThat(JobTraces.complete(record(""), ended).state()).isEqualTo(JobState.CANCELLED);
        assertThat(JobTraces.complete(record(""), told("12", JobState.FAILED, 3))
                        .state())
                .isEqualTo(JobState.FAILED);
        assertThat(JobTraces.complete(record(""), told("12", JobState.SUCCEEDED, 0))
                        .state())
                .isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void anArrayHasSucceededOnlyIfAllItsPartsHave() throws IOException {
        JobInfo unknown = JobInfo.unknown("12", "gone");
        Files.writeString(folder.resolve("exit-code.1"), "0\n");
        Files.writeString(folder.resolve("exit-code.3"), "0\n");
        assertThat(JobTraces.complete(record("1-5:2"), unknown).state()).isEqualTo(JobState.UNKNOWN);
        Files.writeString(folder.resolve("exit-code.5"), "0\n");
        assertThat(JobTraces.complete(record("1-5:2"), unknown).state()).isEqualTo(JobState.SUCCEEDED);
        Files.writeString(folder.resolve("exit-code.3"), "4\n");
        assertThat(JobTraces.complete(record("1-5:2"), unknown).state()).isEqualTo(JobState.FAILED);
        assertThat(JobTraces.complete(record("1-5:2"), unknown).exitCode()).isEqualTo(4);
    }

    @Test
    void knowsIndices() {
        assertThat(JobTraces.indices("1-9:4,20,30-31%2")).containsExactly(1, 5, 9, 20, 30, 31);
        assertThat(JobTraces.indexOf("12_3")).isEqualTo("3");
        assertThat(JobTraces.indexOf("12[3].head")).isEqualTo("3");
        assertThat(JobTraces.indexOf("12.head-1")).isEmpty();
        assertThat(JobTraces.indexOf("12[].head")).isEmpty();
        assertThat(JobTraces.indexOf("12_[4-6]")).isEmpty();
    }

    @Test
    void namesOfOutputFilesAreThoseOfTheParts() {
        JobRecord record = new JobRecord("pbs", "12[].head", "a", "/f", "/o/%j-%a 100%%.txt", "1-2", Instant.EPOCH);
        assertThat(record.outputFile("2")).isEqualTo(Path.of("/o/12-2 100%.txt"));
    }
}

package io.colla.pbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.colla.platform.Commands.CommandException;
import io.colla.platform.JobControl;
import io.colla.platform.JobInfo;
import io.colla.platform.JobState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of real jobs of the stand-in. */
@Tag("process")
@Timeout(120)
class PbsJobsTest {
    @TempDir
    Path folder;

    private FakePbs pbs;
    private JobControl jobs;

    private JobInfo info(String job) {
        return jobs.query(List.of(job)).getOrDefault(job, JobInfo.unknown(job, "no answer"));
    }

    private String submit(String script, String... options) throws Exception {
        return pbs.submit(Files.writeString(folder.resolve("script"), script + "\n"), options);
    }

    private void awaitState(String job, JobState state) {
        await(job + " being " + state)
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(info(job).state()).as(info(job).toString()).isEqualTo(state));
    }

    @ParameterizedTest
    @ValueSource(strings = {"openpbs", "torque"})
    void followsAJobToItsEnd(String flavour) throws Exception {
        pbs = new FakePbs(folder, "--flavour", flavour);
        Map<String, String> environment = new HashMap<>(Map.of("PATH", pbs.state.resolve("bin") + ":/usr/bin:/bin"));
        jobs = new PbsSystem().jobs(environment).orElseThrow();
        String running = submit("exec sleep 600");
        awaitState(running, JobState.RUNNING);
        awaitState(submit("true"), JobState.SUCCEEDED);
        String failing = submit("exit 3");
        awaitState(failing, JobState.FAILED);
        assertThat(info(failing).exitCode()).isEqualTo(3);
        assertThat(info(running).end()).isNotNull();
        assertThat(info(running).nodes()).isEqualTo(1);
        assertThat(jobs.mine()).extracting(JobInfo::id).containsExactly(running);
        assertThat(jobs.query(List.of(failing, "99", running)).values())
                .extracting(JobInfo::state)
                .containsExactly(JobState.FAILED, JobState.UNKNOWN, JobState.RUNNING);
        awaitState(submit("exec sleep 600", "-l", "walltime=1"), JobState.TIMED_OUT);
        String impossible = submit("true", "-l", "select=1:ncpus=99");
        awaitState(impossible, JobState.QUEUED);
        assertThat(info(impossible).status().reason()).startsWith("Can Never Run");
        jobs.cancel(running);
        awaitState(running, JobState.CANCELLED);
        assertThat(jobs.cancelInOrder(impossible)).isTrue();
        awaitState(impossible, flavour.equals("torque") ? JobState.UNKNOWN : JobState.CANCELLED);
        assertThat(info("99.fakepbs").state()).isEqualTo(JobState.UNKNOWN);
        assertThat(info("99.fakepbs").status().reason()).contains("Unknown Job Id");
        pbs.close();
    }

    @Test
    void refusalsAreInPbssWords() throws Exception {
        pbs = new FakePbs(folder);
        jobs = new PbsSystem()
                .jobs(Map.of("PATH", pbs.state.resolve("bin") + ":/usr/bin:/bin"))
                .orElseThrow();
        Path script = Files.writeString(folder.resolve("script"), "#PBS -q nope\ntrue\n");
        assertThatThrownBy(() -> jobs.submit(script))
                .isInstanceOf(CommandException.class)
                .hasMessage("PBS refused the job: Unknown queue");
        pbs.close();
    }
}

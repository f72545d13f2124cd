package io.colla.pbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.colla.platform.JobState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of real jobs of the stand-in. */
@Tag("process")
@Timeout(120)
class JobStatesTest {
    @TempDir
    Path folder;

    private FakePbs pbs;
    private JobStates states;

    private String submit(String script, String... options) throws Exception {
        return pbs.submit(Files.writeString(folder.resolve("script"), script + "\n"), options);
    }

    private void awaitState(String job, JobState state) {
        await(job + " being " + state).atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(
                        states.query(job).state())
                .as(states.query(job).toString())
                .isEqualTo(state));
    }

    @ParameterizedTest
    @ValueSource(strings = {"openpbs", "torque"})
    void followsAJobToItsEnd(String flavour) throws Exception {
        pbs = new FakePbs(folder, "--flavour", flavour);
        Map<String, String> environment = new HashMap<>(Map.of("PATH", pbs.state.resolve("bin") + ":/usr/bin:/bin"));
        states = new JobStates(environment);
        String running = submit("exec sleep 600");
        awaitState(running, JobState.RUNNING);
        awaitState(submit("true"), JobState.SUCCEEDED);
        awaitState(submit("exit 3"), JobState.FAILED);
        awaitState(submit("exec sleep 600", "-l", "walltime=1"), JobState.TIMED_OUT);
        String impossible = submit("true", "-l", "select=1:ncpus=99");
        awaitState(impossible, JobState.QUEUED);
        assertThat(states.query(impossible).reason()).startsWith("Can Never Run");
        pbs.delete(running);
        awaitState(running, JobState.CANCELLED);
        pbs.delete(impossible);
        awaitState(impossible, flavour.equals("torque") ? JobState.UNKNOWN : JobState.CANCELLED);
        assertThat(states.query("99.fakepbs").state()).isEqualTo(JobState.UNKNOWN);
        assertThat(states.query("99.fakepbs").reason()).contains("Unknown Job Id");
        pbs.close();
    }
}

package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code colla submit} and what looks after its jobs, with a PBS that behaves as PBS was seen to. */
@Tag("process")
@Timeout(180)
class SubmitToPbsTest extends ThisMachine {
    private FakePbs pbs;
    private Path home;

    @BeforeEach
    void makePbs() throws Exception {
        home = Files.createDirectory(folder.resolve("home"));
        Files.writeString(
                work.resolve("show.py"),
                """
                import os, sys
                print(sys.argv[1:], "index", os.environ["COLLA_ARRAY_INDEX"], flush=True)
                sys.exit(int(os.environ.get("CODE", "0")))
                """);
    }

    private void pbs(String... options) throws Exception {
        pbs = new FakePbs(folder.resolve("pbs"), options);
    }

    private Launched colla(String command, Object... words) {
        List<String> line = new ArrayList<>(List.of(Home.command(), command));
        if (command.equals("submit")) {
            line.addAll(List.of("--pbs", "--quiet"));
            line.addAll(List.of("--before", "export TMPDIR=" + temporary + " " + Marked.VARIABLE + "=" + mark.value()));
        }
        for (Object word : words) {
            line.add(word.toString());
        }
        Map<String, String> environment = new HashMap<>();
        environment.put("HOME", home.toString());
        environment.put("PATH", pbs.state.resolve("bin") + ":" + System.getenv("PATH"));
        return start(line, environment);
    }

    private String submit(Object... words) {
        return colla("submit", words).await().hasCode(0).out().strip();
    }

    @ParameterizedTest
    @ValueSource(strings = {"openpbs", "torque"})
    void runsWhatWasSubmittedWithTheSameWords(String flavour) throws Exception {
        pbs("--flavour", flavour);
        String job = submit(
                "--nodes",
                2,
                "--cpus-per-node",
                2,
                "--name",
                "my job's name",
                "show.py",
                "a b",
                "it's",
                "$HOME",
                "x\ny");
        assertThat(job).isEqualTo("1.fakepbs");
        colla("logs", "-f", job)
                .await()
                .hasCode(0)
                .prints("['a b', \"it's\", '$HOME', 'x\\ny'] index")
                .says("has succeeded");
        colla("wait", "1").await().hasCode(0);
        colla("jobs").await().hasCode(0).prints("1.fakepbs", "my job's name", "succeeded");
    }

    @Test
    void usesTheNodesThatItAskedFor() throws Exception {
        pbs();
        List<Object> words =
                new ArrayList<>(List.of("--part", "nodes=1,cpus-per-node=3", "--part", "nodes=2,cpus-per-node=1"));
        words.addAll(List.of("-cp", Home.CLASSES, "io.colla.systemtest.apps.Occupancy", work, 5));
        String job = submit(words.toArray());
        colla("logs", "-f", job).await().hasCode(0).prints("cores: 5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openpbs", "torque"})
    void jobsThatDependOnOthersWait(String flavour) throws Exception {
        pbs("--flavour", flavour);
        String first = submit("--before", "export CODE=3", "show.py", "first");
        String never = submit("--depends-on", first, "show.py", "never");
        String then = submit("--depends-on", "afternotok:" + first, "show.py", "then");
        colla("wait", first).await().hasCode(3).says("has failed: exit code 3");
        colla("wait", then).await().hasCode(0);
        int code = colla("wait", never).await().code();
        // Torque tells nothing of a job that never ran; then nobody knows, which is no success.
        assertThat(code).isEqualTo(flavour.equals("torque") ? 74 : 143);
        colla("logs", never).await().hasCode(0).says("has printed nothing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openpbs", "torque"})
    void runsEachPartOfAnArray(String flavour) throws Exception {
        pbs("--flavour", flavour);
        String job =
                submit("--array", "1-3", "--before", "[ \"$COLLA_ARRAY_INDEX\" != 2 ] || export CODE=5", "show.py");
        assertThat(job).isEqualTo("1[].fakepbs");
        colla("wait", job).await().hasCode(5).says("1 failed", "2 succeeded");
        colla("logs", job).await().hasCode(0).prints("==> 1 <==", "index 1", "==> 2 <==", "index 2", "index 3");
        colla("logs", "1[2]").await().hasCode(0).prints("index 2");
        colla("wait", "1[3]").await().hasCode(0);
    }

    @Test
    void cancelsInOrder() throws Exception {
        pbs();
        String job = submit("--cpus-per-node", 2, "-cp", Home.CLASSES, "io.colla.systemtest.apps.Ends", work, 1);
        String waiting = submit("--depends-on", job, "show.py");
        Path began = work.resolve("began-java");
        org.awaitility.Awaitility.await()
                .atMost(java.time.Duration.ofSeconds(60))
                .until(() -> Files.exists(began));
        colla("jobs", "--json").await().hasCode(0).prints("\"state\": \"running\"", "\"state\": \"held\"");
        colla("wait", "--timeout", "300ms", job).await().hasCode(75).says("is still running");
        colla("cancel", job, waiting)
                .await()
                .hasCode(0)
                .says("job " + job + " has ended in order", "job " + waiting + " was taken out of the queue");
        colla("wait", job).await().hasCode(143).says("was cancelled: ended by colla cancel");
        assertThat(Files.readString(work.resolve("colla-jobs/Ends-1/output.txt")))
                .contains("ended by SIGTERM");
        colla("cancel", job).await().hasCode(0).says("is over already");
    }

    @Test
    void answersFromTheFolderWhenPbsHasForgotten() throws Exception {
        pbs();
        String bad = submit("--before", "export CODE=4", "show.py");
        String good = submit("show.py");
        colla("wait", bad, good).await().hasCode(4);
        forget(bad);
        forget(good);
        colla("wait", bad).await().hasCode(4).says("has failed: exit code 4");
        colla("wait", good).await().hasCode(0);
        Files.delete(work.resolve("colla-jobs/show-2/exit-code"));
        colla("wait", good).await().hasCode(74).says("is not known");
    }

    private void forget(String job) throws IOException {
        Files.move(pbs.state.resolve("jobs").resolve(job), folder.resolve("forgotten-" + job));
    }

    @Test
    void showsPbssOwnWordsWhenItRefuses() throws Exception {
        pbs();
        colla("submit", "--queue", "nope", "show.py").await().hasCode(73).says("PBS refused the job: Unknown queue");
        colla("jobs").await().hasCode(0).prints("no jobs");
    }
}

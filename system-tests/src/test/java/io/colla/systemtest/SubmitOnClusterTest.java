package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code colla submit} and what looks after its jobs, on a real Slurm, by a plain user. */
@Tag("cluster")
@Timeout(240)
class SubmitOnClusterTest extends Cluster {
    @BeforeEach
    void makeProgram() throws Exception {
        Files.writeString(
                work.resolve("show.py"),
                """
                import os, sys
                from pycompss.api.api import compss_wait_on
                from pycompss.api.task import task

                @task(returns=int)
                def add(a, b):
                    return a + b

                print(sys.argv[1:], "index", os.environ["COLLA_ARRAY_INDEX"], compss_wait_on(add(40, 2)), "nodes", os.environ["SLURM_JOB_NUM_NODES"], flush=True)
                sys.exit(int(os.environ.get("CODE", "0")))
                """);
    }

    private Launched colla(String command, Object... words) {
        List<String> line = new ArrayList<>(List.of(Home.command(), command));
        if (command.equals("submit")) {
            line.addAll(List.of("--before", "export " + Marked.VARIABLE + "=" + mark.value()));
        }
        for (Object word : words) {
            line.add(word.toString());
        }
        return on("ctl", line);
    }

    private String submit(Object... words) {
        return colla("submit", words).await(JOB_ENDS).hasCode(0).out().strip();
    }

    @Test
    void submitsPythonAndFollowsIt() {
        String job = submit(
                "--nodes",
                2,
                "--cpus-per-node",
                2,
                "--time",
                "10m",
                "--name",
                "a b'c\"$HOME\\x %j",
                "show.py",
                "a b",
                "it's",
                "$HOME",
                "x\ny",
                "ü");
        colla("logs", "-f", job)
                .await(JOB_ENDS)
                .hasCode(0)
                .prints("['a b', \"it's\", '$HOME', 'x\\ny', 'ü'] index  42 nodes 2", "finished")
                .says("has succeeded");
        colla("jobs").await().hasCode(0).prints(job, "a b'c\"$HOME\\x %j", "succeeded");
    }

    @Test
    void submitsJavaInPartsThatDiffer() {
        String job = submit(
                "--part",
                "nodes=1,cpus-per-node=3,mem-per-node=600m",
                "--part",
                "nodes=2,cpus-per-node=1",
                "--time",
                "5m",
                "-cp",
                classes,
                "io.colla.systemtest.apps.Occupancy",
                work,
                5);
        colla("logs", "-f", job).await(JOB_ENDS).hasCode(0).prints("cores: 5").says("has succeeded");
        colla("wait", job).await(JOB_ENDS).hasCode(0);
    }

    @Test
    void jobsThatDependOnOthersWait() {
        String first = submit("--before", "export CODE=3", "show.py", "first");
        String never = submit("--depends-on", first, "show.py", "never");
        String then = submit("--depends-on", "afterany:" + first, "show.py", "then");
        colla("wait", first, then, never)
                .await(JOB_ENDS)
                .hasCode(3)
                .says(
                        "job " + first + " has failed: exit code 3",
                        "job " + then + " has succeeded",
                        "job " + never + " was cancelled");
        colla("wait", never).await().hasCode(143);
        colla("logs", never).await().hasCode(0).says("has printed nothing", "DependencyNeverSatisfied");
    }

    @Test
    void runsEachPartOfAnArray() {
        String job =
                submit("--array", "1-3%2", "--before", "[ \"$COLLA_ARRAY_INDEX\" != 2 ] || export CODE=5", "show.py");
        colla("logs", "-f", job).await(JOB_ENDS).hasCode(0).prints("index 1 42", "index 2 42", "index 3 42");
        colla("wait", job).await(JOB_ENDS).hasCode(5).says("1 failed", "2 succeeded");
        colla("wait", job + "_3").await(JOB_ENDS).hasCode(0);
        colla("logs", job + "_2").await().hasCode(0).prints("index 2 42");
    }

    @Test
    void cancelsInOrder() throws Exception {
        String job = submit("--nodes", 3, "-cp", classes, "io.colla.systemtest.apps.Ends", work, 2);
        Awaitility.await().atMost(JOB_ENDS).until(() -> Files.exists(work.resolve("began-java")));
        colla("wait", "--timeout", "300ms", job).await().hasCode(75).says("is still running");
        colla("cancel", job).await(JOB_ENDS).hasCode(0).says("has ended in order");
        colla("wait", job).await(JOB_ENDS).hasCode(143).says("was cancelled: ended by colla cancel");
        Path output = work.resolve("colla-jobs/Ends-1/output.txt");
        assertThat(Files.readString(output)).contains("colla: ended by SIGTERM");
    }

    @Test
    void followsAJobThatWaitsInTheQueue() throws Exception {
        String blocker = submit("--nodes", 3, "--exclusive", "-cp", classes, "io.colla.systemtest.apps.Ends", work, 0);
        Awaitility.await().atMost(JOB_ENDS).until(() -> Files.exists(work.resolve("began-java")));
        String job = submit("show.py", "patient");
        Launched logs = colla("logs", "-f", job);
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(logs.err())
                .contains("the job is queued", "waiting for its output"));
        colla("cancel", "--now", blocker).await(JOB_ENDS).hasCode(0).says("was ended by the batch system");
        logs.await(JOB_ENDS).hasCode(0).prints("['patient']").says("has succeeded");
    }

    @Test
    void aRequeuedJobGoesOnInTheSameOutput() throws Exception {
        String job = submit("--requeue", "-cp", classes, "io.colla.systemtest.apps.Ends", work, 0);
        Path began = work.resolve("began-java");
        Awaitility.await().atMost(JOB_ENDS).until(() -> Files.exists(began));
        Files.delete(began);
        on("ctl", List.of("scontrol", "requeue", job)).await().hasCode(0);
        Awaitility.await()
                .atMost(Duration.ofSeconds(150))
                .until(() -> Files.exists(began)); // Slurm waits before it starts a job again
        Files.createFile(work.resolve("go"));
        colla("wait", job).await(JOB_ENDS).hasCode(0);
    }

    @Test
    void showsSlurmsOwnWordsWhenItRefuses() {
        colla("submit", "--queue", "nope", "show.py").await().hasCode(73).says("Slurm refused the job:", "nope");
        colla("wait", "999999").await().hasCode(74).says("neither squeue nor sacct knows it");
    }

    /** The cluster has PBS's commands, which are Slurm's. */
    @Test
    void isNotTakenInByImitationsOfPbs() {
        colla("submit", "--pbs", "show.py").await().hasCode(2).says("no qsub of PBS found");
        colla("submit", "--dry-run", "show.py").await().hasCode(0).prints("#SBATCH");
    }
}

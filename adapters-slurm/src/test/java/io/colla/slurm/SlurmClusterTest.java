package io.colla.slurm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.colla.platform.JobInfo;
import io.colla.platform.JobState;
import io.colla.platform.JobStatus;
import io.colla.slurm.TestCluster.Session;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of a real Slurm: what Colla sees in them, and that its workers start, end and die as they should. */
@Tag("cluster")
@Timeout(180)
class SlurmClusterTest {
    private static TestCluster cluster;

    private final String mark = "mark-" + UUID.randomUUID();

    @BeforeAll
    static void findCluster() throws Exception {
        cluster = new TestCluster();
        cluster.run("wait");
    }

    @AfterAll
    static void removeFiles() throws Exception {
        cluster.close();
    }

    /** Runs the probe in a batch job and gives what it printed. */
    private List<String> batch(String directives, String commands) throws Exception {
        Path script = Files.createTempFile(cluster.folder, "job", ".sh");
        Path output = Path.of(script + ".out");
        Files.writeString(
                script,
                "#!/bin/sh\n" + directives + "printf '" + commands + "' | " + quoted(cluster.probe(mark)) + "\n");
        script.toFile().setReadable(true, false);
        cluster.run(
                "on",
                "ctl",
                "--user",
                TestCluster.USER,
                "sbatch",
                "--wait",
                "--time=2",
                "--output=" + output,
                script.toString());
        return Files.readAllLines(output);
    }

    /** Runs the probe, or a script that contains its command, in an interactive allocation. */
    private Session interactive(List<String> options, String script) throws IOException {
        List<String> words = new ArrayList<>(List.of("on", "ctl", "--user", TestCluster.USER, "salloc", "--time=3"));
        words.addAll(options);
        words.addAll(List.of("sh", "-c", script));
        return cluster.start(words.toArray(String[]::new));
    }

    private static String quoted(List<String> words) {
        return String.join(" ", words.stream().map(word -> "'" + word + "'").toList());
    }

    private static List<String> starting(List<String> lines, String start) {
        return lines.stream().filter(line -> line.startsWith(start)).toList();
    }

    private static List<String> printed(List<String> lines) {
        return lines.stream()
                .filter(line -> line.contains(" printed node"))
                .map(line -> line.replaceFirst("^\\d+ printed ", ""))
                .toList();
    }

    @Test
    void usesAMixedLayoutAsItIs() throws Exception {
        List<String> lines = batch("#SBATCH -N3 -n7 --mem=600\n", "stop\\n");
        assertThat(starting(lines, "node"))
                .containsExactly(
                        "node node1 cores 4 memory 600 arch x86_64",
                        "node node2 cores 2 memory 600 arch x86_64",
                        "node node3 cores 1 memory 600 arch x86_64");
        assertThat(lines).contains("source slurm ends true", "left []");
        assertThat(printed(lines))
                .contains(
                        "node1: started on node1 with 4 cpus in /",
                        "node2: started on node2 with 2 cpus in /",
                        "node3: started on node3 with 1 cpus in /",
                        "node1: got the secret",
                        "node2: got the secret",
                        "node3: got the secret",
                        "node1: end of input",
                        "node2: end of input",
                        "node3: end of input");
        assertThat(starting(lines, "ended"))
                .containsExactlyInAnyOrder(
                        "ended node1: it ended with exit code 0",
                        "ended node2: it ended with exit code 0",
                        "ended node3: it ended with exit code 0");
        assertThat(starting(lines, "note")).isEmpty();
    }

    @Test
    void countsMemoryPerCpu() throws Exception {
        List<String> lines = batch("#SBATCH -N2 --ntasks-per-node=3 --mem-per-cpu=150\n", "stop\\n");
        assertThat(starting(lines, "node"))
                .containsExactly(
                        "node node1 cores 3 memory 450 arch x86_64", "node node2 cores 3 memory 450 arch x86_64");
        assertThat(printed(lines))
                .contains("node1: started on node1 with 3 cpus in /", "node2: started on node2 with 3 cpus in /");
    }

    @Test
    void isNotMisledByTheJobsRequests() throws Exception {
        List<String> lines = batch(
                "#SBATCH -N2 --ntasks-per-node=2 --cpus-per-task=2 --mem-per-cpu=100 --hint=nomultithread\nexport SRUN_CPUS_PER_TASK=2\n",
                "stop\\n");
        assertThat(printed(lines))
                .contains("node1: started on node1 with 4 cpus in /", "node2: started on node2 with 4 cpus in /");
    }

    @Test
    void usesAllComponentsOfAHeterogeneousJob() throws Exception {
        List<String> lines =
                batch("#SBATCH -n3 -N1 --mem-per-cpu=100\n#SBATCH hetjob\n#SBATCH -N2 -n4 --mem=300\n", "stop\\n");
        assertThat(starting(lines, "node"))
                .containsExactly(
                        "node node1 cores 3 memory 300 arch x86_64",
                        "node node2 cores 3 memory 300 arch x86_64",
                        "node node3 cores 1 memory 300 arch x86_64");
        assertThat(printed(lines))
                .contains(
                        "node1: started on node1 with 3 cpus in /",
                        "node2: started on node2 with 3 cpus in /",
                        "node3: started on node3 with 1 cpus in /",
                        "node1: end of input",
                        "node3: end of input");
        assertThat(lines).contains("left []");
    }

    @Test
    void worksFromOutsideTheJobsNodes() throws Exception {
        try (Session session = interactive(List.of("-N2", "-n2"), quoted(cluster.probe(mark)))) {
            session.await("note colla itself runs outside of the job's nodes");
            session.await(".* printed node1: got the secret");
            session.await(".* printed node2: got the secret");
            session.send("stop");
            session.await("left \\[]");
        }
        assertThat(cluster.runs("node1", mark)).isFalse();
    }

    @Test
    void usesTheWholeJobInsideAStep() throws Exception {
        try (Session session =
                interactive(List.of("-N2", "-n4"), "srun --overlap -N1 -n1 -w node1 " + quoted(cluster.probe(mark)))) {
            session.await("note colla was started by srun in step 0.*");
            session.await(".* printed node2: got the secret");
            session.send("stop");
            session.await("left \\[]");
            assertThat(starting(session.lines(), "node ")).hasSize(2);
        }
    }

    @Test
    void refusesToBeStartedByEveryTask() throws Exception {
        try (Session session = interactive(List.of("-N2", "-n2"), "srun " + quoted(cluster.probe(mark)))) {
            session.await(".*srun started 2 copies of colla in step 0; start it once.*");
        }
    }

    @RepeatedTest(3) // that worker may end before the others have started, or after
    void tellsOfOneWorkersEndWhileOthersRun() throws Exception {
        String worker = "[ $COLLA_NODE = node2 ] && kill -KILL $$; echo up; while read line; do :; done";
        try (Session session = interactive(List.of("-N3", "-n3"), quoted(cluster.probe(mark, worker)))) {
            session.await("ended node2: it was killed by signal 9 \\(KILL\\)");
            session.await(".* printed node1: up");
            session.await(".* printed node3: up");
            assertThat(cluster.runs("node1", mark)).isTrue();
            assertThat(cluster.runs("node3", mark)).isTrue();
            assertThat(starting(session.lines(), "ended")).hasSize(1);
            session.send("stop");
            session.await("left \\[]");
        }
    }

    @Test
    void endsWorkersThatDoNotWantToEnd() throws Exception {
        String worker = "trap '' TERM INT HUP; echo ready; while :; do read line || sleep 1; done";
        try (Session session = interactive(List.of("-N2", "-n2"), quoted(cluster.probe(mark, worker)))) {
            session.await(".* printed node1: ready");
            session.await(".* printed node2: ready");
            session.send("stop");
            session.await("left \\[]");
            assertThat(cluster.runs("node1", mark)).isFalse();
            assertThat(cluster.runs("node2", mark)).isFalse();
        }
    }

    @Test
    void leavesNothingBehindWhenTheLauncherIsKilled() throws Exception {
        try (Session session =
                interactive(List.of("-N2", "-n2"), quoted(cluster.probe(mark)) + "; echo launcher gone; read line")) {
            session.await(".* printed node1: got the secret");
            session.await(".* printed node2: got the secret");
            assertThat(cluster.runs("node2", mark)).isTrue();
            session.send("halt");
            session.await("launcher gone");
            await("the end of all workers and of srun")
                    .atMost(Duration.ofSeconds(20))
                    .until(() ->
                            !cluster.runs("node1", mark) && !cluster.runs("node2", mark) && !cluster.runs("ctl", mark));
            assertThat(cluster.run("on", "ctl", "squeue", "--steps", "--noheader", "--format=%i %j")
                            .lines())
                    .noneMatch(step -> step.contains("colla-workers"));
        }
    }

    @Test
    void endsWorkersWhoseSrunWasKilled() throws Exception {
        try (Session session = interactive(List.of("-N2", "-n2"), quoted(cluster.probe(mark)))) {
            session.await(".* printed node1: got the secret");
            session.await(".* printed node2: got the secret");
            cluster.run("on", "ctl", "pkill", "-KILL", "-f", "[s]run --job-name=colla-workers.*" + mark);
            session.await("ended node1: its step ended: srun was killed by signal 9 \\(KILL\\)");
            await("the end of all workers")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> !cluster.runs("node1", mark) && !cluster.runs("node2", mark));
        }
    }

    @Test
    void survivesTheCrashOfANode() throws Exception {
        try (Session session = interactive(List.of("-N3", "-n3", "--no-kill"), quoted(cluster.probe(mark)))) {
            session.await(".* printed node3: got the secret");
            session.await(".* printed node1: got the secret");
            cluster.run("kill-node", "node3");
            session.await("ended node3: .*");
            assertThat(starting(session.lines(), "ended")).hasSize(1);
            assertThat(cluster.runs("node1", mark)).isTrue();
            assertThat(cluster.runs("node2", mark)).isTrue();
            session.send("stop");
            session.await("left \\[]");
            assertThat(session.lines()).contains("ended node1: it ended with exit code 0");
        } finally {
            cluster.run("boot", "node3");
            cluster.run("wait");
        }
    }

    private String submit(String... options) throws Exception {
        List<String> words = new ArrayList<>(
                List.of("on", "ctl", "--user", TestCluster.USER, "sbatch", "--parsable", "--output=/dev/null"));
        words.addAll(List.of(options));
        return cluster.run(words.toArray(String[]::new)).strip();
    }

    @Test
    void tellsWhatBecameOfJobs(@TempDir Path folder) throws Exception {
        FakePrograms programs = new FakePrograms(folder);
        cluster.forward(programs, "squeue", "sacct", "scontrol");
        SlurmQueue queue = new SlurmQueue(SlurmCommands.in(programs.environment()));
        Function<String, JobInfo> states = job -> queue.query(List.of(job)).get(job);
        String succeeding = submit("--wrap=true");
        String failing = submit("--wrap=exit 3");
        String held = submit("--hold", "--wrap=true");
        String running = submit("--wrap=sleep 100");
        await().atMost(Duration.ofSeconds(30)).until(() -> states.apply(running).state() == JobState.RUNNING);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> states.apply(succeeding).state().ended());
        await().atMost(Duration.ofSeconds(30))
                .until(() -> states.apply(failing).state().ended());
        assertThat(states.apply(succeeding).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(states.apply(failing).status())
                .isEqualTo(new JobStatus(JobState.FAILED, "FAILED", "NonZeroExitCode"));
        assertThat(states.apply(failing).exitCode()).isEqualTo(3);
        assertThat(states.apply(held).status()).isEqualTo(new JobStatus(JobState.HELD, "PENDING", "JobHeldUser"));
        cluster.run("on", "ctl", "scancel", running, held);
        await().atMost(Duration.ofSeconds(30)).until(() -> states.apply(running).state() == JobState.CANCELLED);
        JobStatus nobodys = states.apply("999999").status();
        assertThat(nobodys.state()).isEqualTo(JobState.UNKNOWN);
        assertThat(nobodys.reason()).startsWith("neither squeue nor sacct knows it");
    }

    @Test
    void expandsNamesAsScontrolDoes() throws Exception {
        StringBuilder script = new StringBuilder();
        List<HostListTest.Expression> expressions = new ArrayList<>();
        for (int seed = 0; seed < 150; seed++) {
            HostListTest.Expression expression = HostListTest.Expression.random(new Random(seed));
            expressions.add(expression);
            script.append("scontrol show hostnames '").append(expression.text()).append("' | tr '\\n' ' '; echo\n");
        }
        Path file = Files.createTempFile(cluster.folder, "names", ".sh");
        Files.writeString(file, script, StandardCharsets.UTF_8);
        List<String> answers =
                cluster.run("on", "ctl", "sh", file.toString()).lines().toList();
        assertThat(answers).hasSameSizeAs(expressions);
        for (int i = 0; i < answers.size(); i++) {
            assertThat(HostList.expand(expressions.get(i).text()))
                    .as(expressions.get(i).text())
                    .containsExactly(answers.get(i).strip().split(" "));
        }
    }
}

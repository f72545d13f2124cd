package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code colla run} in jobs of a PBS that behaves as PBS was seen to, on hosts that are all this machine. */
@Tag("process")
@Timeout(120)
class PbsTest extends ThisMachine {
    private FakePbs pbs;

    private FakePbs pbs(String... options) throws Exception {
        pbs = new FakePbs(folder.resolve("pbs"), options);
        return pbs;
    }

    /** {@code qsub} of a script with one command; ends with the job, and with its exit code. The output is in the file {@code out}. */
    private Launched submit(List<String> options, List<String> command) throws IOException {
        return submitLine(options, "exec " + quoted(command));
    }

    private static String quoted(List<String> command) {
        return String.join(" ", command.stream().map(word -> "'" + word + "'").toList());
    }

    private Launched submitLine(List<String> options, String line) throws IOException {
        String java = System.getenv("JAVA_HOME") == null ? "" : "export JAVA_HOME=" + System.getenv("JAVA_HOME") + "\n";
        Path script = Files.writeString(work.resolve("job.sh"), java + "cd $PBS_O_WORKDIR\n" + line + "\n");
        List<String> words = new ArrayList<>(List.of(
                pbs.command("qsub"), "-W", "block=true", "-j", "oe", "-o", "out", "-v", "TMPDIR," + Marked.VARIABLE));
        words.addAll(options);
        words.add(script.toString());
        Path home = folder.resolve("home");
        Files.createDirectories(home);
        return start(words, Map.of("HOME", home.toString()));
    }

    private Launched app(String resources, List<String> options, String name, Object... arguments) throws IOException {
        List<String> requests = new ArrayList<>();
        for (String request : resources.split(" ")) {
            requests.addAll(List.of("-l", request));
        }
        return submit(requests, Home.run(options, Home.CLASSES, name, arguments));
    }

    private String out() throws IOException {
        return Files.readString(work.resolve("out"));
    }

    private TreeSet<String> nodesThatWorked() throws IOException {
        return placements().stream()
                .skip(1)
                .map(row -> row.split(",")[1])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The last row's first host has no line in the node file; the row before it has a host of two vnodes. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "openpbs | select=1:ncpus=3+2:ncpus=2 place=scatter | node1 node2 node3 | 7",
                "torque | nodes=2:ppn=2 | node1 node2 | 4",
                "openpbs | select=1:ncpus=3:host=node3 | node3 | 3",
                "openpbs | select=1:ncpus=1:mpiprocs=0+2:ncpus=2:mpiprocs=2 place=scatter | node1 node2 node3 | 5",
            })
    void usesAllCoresOfTheJobAndNoMore(String flavour, String resources, String nodes, int cores) throws Exception {
        pbs("--flavour", flavour);
        app(resources, List.of(), "Occupancy", work, cores).await().hasCode(0);
        assertThat(out()).contains("cores: " + cores, "finished");
        assertThat(String.join(" ", nodesThatWorked())).isEqualTo(nodes);
    }

    @Test
    void showsTheAllocationOfEachPartOfAnArray() throws Exception {
        pbs();
        submit(List.of("-J", "1-2", "-l", "select=1:ncpus=2:mem=300mb"), List.of(Home.command(), "alloc"))
                .await()
                .hasCode(0);
        assertThat(out())
                .contains("pbs job 1[1].fakepbs: 1 node, 2 cores", "pbs job 1[2].fakepbs: 1 node, 2 cores", "300 MiB");
    }

    @Test
    void noticesAQstatThatIsNotPbss() throws Exception {
        pbs().replace("qstat", "# queries slurm jobs in familiar PBS format\nexit 1");
        submit(List.of("-l", "select=2:ncpus=2:mpiprocs=2"), List.of(Home.command(), "alloc"))
                .await()
                .hasCode(0);
        assertThat(out()).contains("1 node, 4 cores", "Slurm's imitation of it");
    }

    /** Of PBS's two signals, the first reaches this run only, and no worker elsewhere. */
    @Test
    void aDeletedJobEndsInOrder() throws Exception {
        pbs();
        Launched job = app("select=2:ncpus=2 place=scatter", List.of("--heartbeat", "500ms"), "Ends", work, 2);
        job.awaitFiles(work, "began-*", 3);
        start(List.of(pbs.command("qdel"), "1.fakepbs")).await().hasCode(0);
        job.await(Duration.ofSeconds(20));
        assertThat(pbs.exitStatus("1.fakepbs")).isEqualTo("271");
        assertThat(out()).contains("ended by SIGTERM", "10 tasks done, 3 cancelled");
    }

    @Test
    void aJobThatIsTooLongEndsInOrder() throws Exception {
        pbs();
        Launched job = app(
                "select=2:ncpus=2 place=scatter walltime=00:00:12", List.of("--heartbeat", "500ms"), "Ends", work, 2);
        job.await(Duration.ofSeconds(40));
        assertThat(pbs.exitStatus("1.fakepbs")).isEqualTo("124"); // before PBS ends it
        assertThat(out()).contains("the run ends in order, since job 1.fakepbs ends at", "10 tasks done");
    }

    @Test
    void aLauncherThatIsKilledLeavesNothing() throws Exception {
        pbs();
        killed = true;
        Launched job = app("select=2:ncpus=2 place=scatter", List.of("--heartbeat", "500ms"), "Ends", work, 2);
        job.awaitFiles(work, "began-*", 3);
        mark.processes(Marked.Found::isLauncher).get(0).signal("KILL");
        job.await(Duration.ofSeconds(20));
        assertThat(pbs.exitStatus("1.fakepbs")).isEqualTo("265");
    }

    /** As long as the job's script goes on, PBS ends nothing. */
    @Test
    void workersThatLostTheirMasterEndByThemselves() throws Exception {
        pbs();
        killed = true;
        List<String> command = Home.run(List.of("--heartbeat", "500ms"), Home.CLASSES, "Ends", work, 2);
        Launched job = submitLine(
                List.of("-l", "select=2:ncpus=2", "-l", "place=scatter"),
                quoted(command) + "; until [ -e go ]; do sleep 0.05; done");
        job.awaitFiles(work, "began-*", 3);
        mark.processes(Marked.Found::isLauncher).get(0).signal("KILL");
        await("the end of the workers and their programs")
                .atMost(Duration.ofSeconds(20))
                .until(() -> mark.processes(
                                found -> found.isWorker() || found.command().contains("302"))
                        .isEmpty());
        assertThat(job.isAlive()).isTrue();
        Files.createFile(work.resolve("go"));
        job.await(Duration.ofSeconds(20)).hasCode(0);
    }

    /** PBS lets a task run on whose client was killed. */
    @Test
    void aKilledClientCostsOneNode() throws Exception {
        pbs();
        Launched job = app("select=3:ncpus=1 place=scatter", List.of("--heartbeat", "500ms"), "Chains", work, 3, 6);
        job.awaitFiles(work, "began-*", 3);
        client("node2").signal("KILL");
        Files.createFile(work.resolve("go"));
        job.await().hasCode(0);
        assertThat(out()).contains("the result is right", "node2 was lost");
    }

    private Marked.Found client(String host) {
        return mark.processes(found -> found.command().contains("pbs_tmrsh")
                        && found.command().contains(host)
                        && ProcessHandle.of(found.pid())
                                .flatMap(ProcessHandle::parent)
                                .map(parent -> mark.processes(Marked.Found::isLauncher)
                                                .get(0)
                                                .pid()
                                        == parent.pid())
                                .orElse(false))
                .get(0);
    }

    @Test
    void aDeadDaemonDoesNotHoldTheRunUp() throws Exception {
        pbs();
        Launched job = app("select=2:ncpus=2 place=scatter", List.of("--heartbeat", "500ms"), "Chains", work, 2, 4);
        job.awaitFiles(work, "began-*", 2);
        pbs.kill("node2");
        Files.createFile(work.resolve("go"));
        job.await(Duration.ofSeconds(40)).hasCode(0);
        assertThat(out()).contains("the result is right", "finished");
    }
}

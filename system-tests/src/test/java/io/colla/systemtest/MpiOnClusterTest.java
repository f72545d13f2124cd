package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** MPI tasks on three nodes, as a plain user: where ranks run, what happens when one of them or what started them is killed. What is left is looked for after each test. */
@Tag("cluster")
@Timeout(180)
class MpiOnClusterTest extends Cluster {
    private static final String THREE_NODES = "-N3 -n3 -c4 --time=4";
    /** The hosts of the cluster share the few cores of this machine. */
    private static final List<String> PATIENT = List.of("--env", "OMPI_MCA_mpi_yield_when_idle=1");

    private Path program;
    private Path files;

    @BeforeEach
    void compile() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mpicc")), "no mpicc on this machine");
        Path source = work.resolve("ranks.c");
        try (InputStream in = MpiOnClusterTest.class.getResourceAsStream("ranks.c")) {
            Files.write(source, in.readAllBytes());
        }
        program = work.resolve("ranks");
        Process compiler = new ProcessBuilder("mpicc", "-o", program.toString(), source.toString())
                .inheritIO()
                .start();
        assertThat(compiler.waitFor(60, TimeUnit.SECONDS) && compiler.exitValue() == 0)
                .isTrue();
        files = Files.createDirectory(work.resolve("files"));
        Files.setPosixFilePermissions(files, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private List<String> runs(int tasks, int ranks, int perNode, String fill, String launcher, Object... words) {
        Object[] all = new Object[7 + words.length];
        System.arraycopy(new Object[] {tasks, ranks, perNode, fill, launcher, program, files}, 0, all, 0, 7);
        System.arraycopy(words, 0, all, 7, words.length);
        return app(PATIENT, "MpiRuns", all);
    }

    @Test
    void ranksArePackedOnAsFewNodesAsHaveTheCores() throws Exception {
        Launched.Ended ended =
                batch(THREE_NODES, runs(1, 6, 0, "packed", "auto", "where")).await();
        ended.hasCode(0);
        assertThat(ended.out().lines().filter(line -> line.endsWith("sum 15")))
                .as(ended.out())
                .hasSize(6);
        assertThat(hosts(ended.out())).as(ended.out()).isEqualTo(2);
    }

    @Test
    void ranksAreSpreadOverAllNodes() throws Exception {
        Launched.Ended ended =
                batch(THREE_NODES, runs(1, 3, 0, "spread", "auto", "where")).await();
        ended.hasCode(0).prints("rank 0 of 3 on node").prints("sum 3");
        assertThat(hosts(ended.out())).as(ended.out()).isEqualTo(3);
    }

    @Test
    void ranksAreNumberedNodeByNode() throws Exception {
        batch(THREE_NODES, runs(1, 5, 2, "packed", "openmpi", "where"))
                .await()
                .hasCode(0)
                .prints("rank 4 of 5 on node");
    }

    @Test
    void srunStartsThemToo() throws Exception {
        Launched.Ended ended =
                batch(THREE_NODES, runs(1, 5, 2, "packed", "srun", "where")).await();
        ended.hasCode(0);
        assertThat(hosts(ended.out())).as(ended.out()).isEqualTo(3);
        assertThat(ended.out().lines().filter(line -> line.startsWith("rank ") && line.endsWith("sum 10")))
                .as(ended.out())
                .hasSize(5);
    }

    @Test
    void overSshTheyNeedNoBatchSystem() throws Exception {
        Path hosts = Files.writeString(work.resolve("hosts"), "node1 cores=2\nnode2 cores=2\nnode3 cores=2\n");
        List<String> words = runs(1, 6, 2, "packed", "auto", "where");
        words.addAll(2, List.of("--hosts", hosts.toString()));
        Launched.Ended ended = on("node1", words).await();
        ended.hasCode(0);
        assertThat(hosts(ended.out())).as(ended.out()).isEqualTo(3);
    }

    /** Each waits for the ranks of all, so they can only end if they run at once. */
    @Test
    void tasksOfSeveralNodesRunSideBySide() throws Exception {
        Launched.Ended ended =
                batch(THREE_NODES, runs(2, 6, 2, "packed", "auto", "meet", 12)).await();
        ended.hasCode(0);
        assertThat(ended.out().lines().filter("rank 5 has met all"::equals)).hasSize(2);
    }

    @Test
    void aRankThatFailsIsNamedWithItsNodeAndItsWords() throws Exception {
        batch(THREE_NODES, runs(1, 6, 2, "packed", "auto", "exit", 5, 9))
                .await()
                .says("rank 5 of " + program + " on node node")
                .says("exited with code 9")
                .says("rank 5 says why");
    }

    @Test
    void aKilledRankEndsAllOthers() throws Exception {
        Job job = hanging(6);
        job.awaitProcesses("ranks on node3", 2, found -> found.isProgram("ranks") && isOn("node3", found))
                .get(0)
                .signal("KILL");
        job.await().says("was killed by signal 9 (SIGKILL)");
    }

    @Test
    void aKilledDaemonEndsTheRanks() throws Exception {
        Job job = hanging(6);
        job.awaitProcesses("daemons", 2, found -> found.isProgram("orted"))
                .get(0)
                .signal("KILL");
        job.await().says("the launcher's daemon on node node", "exited with code 137");
    }

    @Test
    void aKilledLauncherEndsTheRanks() throws Exception {
        Job job = hanging(6);
        job.awaitProcesses("mpirun", 1, found -> found.isProgram("mpirun"))
                .get(0)
                .signal("KILL");
        job.await().says("mpirun of " + program + " was killed by signal 9 (SIGKILL)");
    }

    @Test
    void aTimeLimitEndsTheRanks() throws Exception {
        List<String> words = runs(1, 6, 2, "packed", "auto", "hang");
        words.addAll(2, List.of("--time-limit", "12s"));
        batch(THREE_NODES, words).await().hasCode(124);
    }

    private Job hanging(int ranks) throws Exception {
        Job job = batch(THREE_NODES, runs(1, ranks, 2, "packed", "auto", "hang"));
        waitForRanks(job, ranks);
        return job;
    }

    private void waitForRanks(Job job, int ranks) {
        job.awaitProcesses("ranks", ranks, found -> found.isProgram("ranks") && met(ranks));
    }

    private boolean met(int ranks) {
        try (var all = Files.list(files)) {
            return all.count() >= ranks;
        } catch (IOException e) {
            return false;
        }
    }

    private static long hosts(String out) {
        return out.lines()
                .filter(line -> line.contains(" on node"))
                .map(line -> line.replaceAll(".* on (node\\d+),.*", "$1"))
                .distinct()
                .count();
    }
}

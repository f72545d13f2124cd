package io.colla.mpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.colla.api.BinaryTask;
import io.colla.api.MpmdTask;
import io.colla.api.Ranks;
import io.colla.platform.TaskError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MPI programs with the real mpirun, on nodes that are all this machine. */
@Tag("process")
class MpiExecutorTest {

    private static final String MARK =
            "COLLA_MPI_TEST_" + ProcessHandle.current().pid();
    private static final Path MEMORY =
            Path.of("/dev/shm/colla-test-" + ProcessHandle.current().pid());

    @TempDir
    static Path root;

    private static Path program;
    private static FakeNodes nodes;

    @BeforeAll
    static void compile() throws Exception {
        assumeTrue(runs("mpicc", "--version") && runs("mpirun", "--version"), "no Open MPI on this machine");
        program = root.resolve("ranks");
        Path source = root.resolve("ranks.c");
        try (InputStream in = MpiExecutorTest.class.getResourceAsStream("ranks.c")) {
            Files.write(source, in.readAllBytes());
        }
        assertThat(runs("mpicc", "-o", program.toString(), source.toString())).isTrue();
        nodes = new FakeNodes(root, 3, MpiExecutor::new);
    }

    private static boolean runs(String... words) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @AfterAll
    static void close() {
        if (nodes != null) {
            nodes.close();
        }
        for (int node = 0; node < 3; node++) {
            MEMORY.resolve(FakeNodes.name(node)).toFile().delete();
        }
        MEMORY.toFile().delete();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        await("processes of the test to be gone")
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(marked()).isEmpty());
        try (Stream<Path> files = Files.exists(MEMORY) ? Files.walk(MEMORY) : Stream.empty()) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
        for (int node = 0; node < 3; node++) {
            try (Stream<Path> files = Files.list(root.resolve("scratch-" + node))) {
                assertThat(files.filter(file -> file.getFileName().toString().startsWith("mpi-")))
                        .isEmpty();
            }
        }
    }

    /** Processes that have the test's variable. */
    private static List<Long> marked() {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(MpiExecutorTest::isMarked)
                .toList();
    }

    private static boolean isMarked(long pid) {
        try {
            byte[] environment = Files.readAllBytes(Path.of("/proc/" + pid + "/environ"));
            return new String(environment, StandardCharsets.ISO_8859_1).contains(MARK + "=");
        } catch (IOException e) {
            return false;
        }
    }

    private static BinaryTask task(int ranks, String... arguments) {
        return BinaryTask.of(program.toString(), arguments)
                .stdout("{{out}}")
                .environment(MARK, "1")
                .environment("OMPI_MCA_mpi_yield_when_idle", "1")
                .ranks(Ranks.of(ranks));
    }

    private static Object run(FakeTask task) throws Exception {
        return nodes.first().execute(task);
    }

    private static TaskError failure(FakeTask task) {
        return catchThrowableOfType(TaskError.class, () -> run(task));
    }

    @Test
    void ranksOfOneNodeFindEachOther() throws Exception {
        FakeTask task = new FakeTask(nodes, task(2, "sum"), 2);
        assertThat(run(task)).isEqualTo(0);
        assertThat(task.out().lines()).containsExactlyInAnyOrder("rank 0 of 2 sum 1", "rank 1 of 2 sum 1");
    }

    @Test
    void ranksOfSeveralNodesFindEachOtherWithoutSsh() throws Exception {
        FakeTask task = new FakeTask(nodes, task(4, "sum"), 2, 1, 1);
        assertThat(run(task)).isEqualTo(0);
        assertThat(task.out().lines())
                .contains("rank 0 of 4 sum 6", "rank 3 of 4 sum 6")
                .hasSize(4);
    }

    @Test
    void eachRankIsInItsNodesFolderOnItsOwnCore() throws Exception {
        BinaryTask show = new BinaryTask(
                "sh",
                List.of(
                        "-c",
                        "echo \"$OMPI_COMM_WORLD_RANK $(sed -n 's/^Cpus_allowed_list:.//p' /proc/self/status) $OMP_NUM_THREADS"
                                + " $(pwd) ${COLLA_MPI_MASKS-none}\""),
                null,
                "{{out}}",
                null,
                null,
                task(3).environment(),
                true,
                task(3).options());
        FakeTask task = new FakeTask(nodes, show, 2, 1).cpus(0, 1);
        run(task);
        assertThat(task.out().lines())
                .containsExactlyInAnyOrder(
                        "0 0 1 " + root.resolve("work-" + task.task()) + " none",
                        "1 1 1 " + root.resolve("work-" + task.task()) + " none",
                        "2 0-1 1 " + root.resolve("work-" + task.task() + "-1") + " none");
    }

    @Test
    void severalProgramsAreOneJob() throws Exception {
        BinaryTask ocean = BinaryTask.of(program.toString(), "sum")
                .environment(MARK, "1")
                .environment("OMPI_MCA_mpi_yield_when_idle", "1");
        MpmdTask job = MpmdTask.of(
                        ocean.ranks(Ranks.of(2)), ocean.args("two words").ranks(Ranks.of(1)))
                .stdout("{{out}}");
        FakeTask task = new FakeTask(nodes, job, 2, 1);
        run(task);
        assertThat(task.out().lines())
                .containsExactlyInAnyOrder("rank 0 of 3 sum 3", "rank 1 of 3 sum 3", "rank 2 of 3 sum 3 two words");
    }

    @Test
    void anExitCodeNamesItsRankAndShowsWhatThatWrote() {
        TaskError error = failure(new FakeTask(nodes, task(3, "exit", "2", "5"), 1, 1, 1));
        assertThat(error).hasMessage("rank 2 of " + program + " on node fake-3 exited with code 5");
        assertThat(error.output()).isEqualTo("rank 2 says why");
        assertThat(error.retriable()).isTrue();
    }

    @Test
    void anAbortNamesItsRank() {
        TaskError error = failure(new FakeTask(nodes, task(3, "abort", "1", "5"), 2, 1));
        assertThat(error).hasMessage("rank 1 of " + program + " on node fake-1 called MPI_Abort with code 5");
        assertThat(error.output()).contains("rank 1 says why");
    }

    @Test
    void aKilledRankEndsAllOthers() {
        TaskError error = failure(new FakeTask(nodes, task(3, "kill", "1", "9"), 1, 2));
        assertThat(error).hasMessage("rank 1 of " + program + " on node fake-2 was killed by signal 9 (SIGKILL)");
        assertThat(error.output()).isEqualTo("rank 1 says why");
    }

    @Test
    void theCodeIsTheResultWhereTheTaskSaysSo() throws Exception {
        FakeTask task = new FakeTask(nodes, task(2, "exit", "1", "5").exitCodeIsResult(), 1, 1);
        assertThat(run(task)).isEqualTo(5);
        FakeTask killed = new FakeTask(nodes, task(2, "kill", "1", "9").exitCodeIsResult(), 1, 1);
        assertThatThrownBy(() -> run(killed)).hasMessageContaining("was killed by signal 9");
    }

    @Test
    void aMissingProgramIsNamedAndNotTriedAgain() {
        BinaryTask task =
                BinaryTask.of("no-such-program").environment(MARK, "1").ranks(Ranks.of(2));
        TaskError error = failure(new FakeTask(nodes, task, 1, 1));
        assertThat(error).hasMessageStartingWith("program 'no-such-program' was not found on its PATH (");
        assertThat(error.retriable()).isFalse();
    }

    @Test
    void aMissingLauncherIsNamed() {
        BinaryTask task = task(2, "sum").ranks(Ranks.of(2).launcher("no-such-mpirun"));
        TaskError error = failure(new FakeTask(nodes, task, 2));
        assertThat(error)
                .hasMessageStartingWith("MPI launcher 'no-such-mpirun' is not on the PATH of the worker (")
                .hasMessageEndingWith("load the site's MPI module before the run, or name its mpirun with --mpi PATH");
        assertThat(error.retriable()).isFalse();
    }

    @Test
    void optionsForSshDoNotReachTheAgent() throws Exception {
        BinaryTask task = task(2, "sum").environment("OMPI_MCA_plm_rsh_args", "-o StrictHostKeyChecking=no");
        FakeTask two = new FakeTask(nodes, task, 1, 1);
        assertThat(run(two)).isEqualTo(0);
        assertThat(two.out()).contains("rank 1 of 2 sum 1");
    }

    @Test
    void aDaemonOnAnotherHostIsRefused() {
        BinaryTask task = task(2, "sum").environment("OMPI_MCA_orte_default_hostfile", "/dev/null");
        BinaryTask elsewhere = task.ranks(Ranks.of(2).flags("--host", "localhost:1,elsewhere:1"));
        assertThat(failure(new FakeTask(nodes, elsewhere, 1, 1)))
                .hasMessageContaining(
                        "mpirun asked for a daemon on 'elsewhere', which is none of the task's nodes [fake-1, fake-2]");
    }

    @Test
    void aTaskThatIsEndedTakesAllItsRanksWithIt() throws Exception {
        FakeTask task = new FakeTask(nodes, task(3, "hang"), 1, 1, 1);
        CompletableFuture<TaskError> end = CompletableFuture.supplyAsync(() -> failure(task));
        await("all ranks to be there").atMost(Duration.ofSeconds(60)).until(() -> Stream.of(0, 1, 2)
                .allMatch(rank -> Files.exists(root.resolve("hangs-" + rank))));
        task.end();
        assertThat(end.get(30, TimeUnit.SECONDS)).hasMessageContaining("was ended because its task was cancelled");
        Stream.of(0, 1, 2)
                .forEach(rank -> root.resolve("hangs-" + rank).toFile().delete());
    }

    @Test
    void aKilledDaemonEndsTheJob() throws Exception {
        FakeTask task = new FakeTask(nodes, task(2, "hang"), 1, 1);
        CompletableFuture<TaskError> end = CompletableFuture.supplyAsync(() -> failure(task));
        await("all ranks to be there").atMost(Duration.ofSeconds(60)).until(() -> Stream.of(0, 1)
                .allMatch(rank -> Files.exists(root.resolve("hangs-" + rank))));
        List<ProcessHandle> daemons = ProcessHandle.allProcesses()
                .filter(process -> isMarked(process.pid()))
                .filter(process -> process.info().command().orElse("").endsWith("orted"))
                .toList();
        assertThat(daemons).isNotEmpty();
        daemons.forEach(ProcessHandle::destroyForcibly);
        assertThat(end.get(60, TimeUnit.SECONDS)).hasMessageContaining("on node fake-2");
        Stream.of(0, 1).forEach(rank -> root.resolve("hangs-" + rank).toFile().delete());
    }

    @Test
    void aKilledLauncherEndsTheJob() throws Exception {
        FakeTask task = new FakeTask(nodes, task(2, "hang"), 1, 1);
        CompletableFuture<TaskError> end = CompletableFuture.supplyAsync(() -> failure(task));
        await("all ranks to be there").atMost(Duration.ofSeconds(60)).until(() -> Stream.of(0, 1)
                .allMatch(rank -> Files.exists(root.resolve("hangs-" + rank))));
        ProcessHandle.allProcesses()
                .filter(process -> isMarked(process.pid()))
                .filter(process -> process.info().command().orElse("").matches(".*/(mpirun|orterun)[^/]*"))
                .forEach(ProcessHandle::destroyForcibly);
        assertThat(end.get(60, TimeUnit.SECONDS))
                .hasMessageContaining("mpirun of " + program + " was killed by signal 9 (SIGKILL)");
        Stream.of(0, 1).forEach(rank -> root.resolve("hangs-" + rank).toFile().delete());
    }
}

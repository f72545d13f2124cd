package io.colla.pbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.colla.platform.Allocation;
import io.colla.platform.NodeLauncher;
import io.colla.platform.NodeLauncher.WorkerCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers in jobs of a PBS that behaves as PBS was seen to behave, on hosts that are all this machine. */
@Tag("process")
@Timeout(120)
class PbsLauncherTest {
    private static final String TWO = "select=2:ncpus=3";
    private static final Duration GRACE = Duration.ofSeconds(20);

    /** Says what it was given, and lives until a file is there; a worker's input never ends here. */
    private static final String WORKER =
            "echo on $COLLA_NODE; read line; echo got $line; until [ -e \"$GATE\" ]; do sleep 0.05; done; exit 0";

    @TempDir
    Path folder;

    private FakePbs pbs;
    private NodeLauncher launcher;
    private Allocation allocation;
    private Map<String, String> job;
    private Path run;
    private final Recorder recorder = new Recorder();

    private void inJob(FakePbs system, String... resources) throws Exception {
        pbs = system;
        run = Files.createDirectory(folder.resolve("run folder"));
        job = new HashMap<>(pbs.job(resources));
        job.put("LOADED_IN_JOB", "it's \"loaded\"\nover lines");
        job.put("BASH_FUNC_module%%", "() { :; }");
        use();
    }

    private void use() {
        allocation = new PbsSystem().allocation(job).orElseThrow();
        launcher = new PbsSystem().launcher(allocation, job);
    }

    @AfterEach
    void end() throws Exception {
        Files.createFile(folder.resolve("gate"));
        if (launcher != null) {
            launcher.stop(Duration.ofSeconds(10));
        }
        if (pbs != null) {
            pbs.close();
        }
    }

    private WorkerCommand worker(String script) {
        return new WorkerCommand(
                List.of("/bin/sh", "-c", script),
                "the-secret\nmore\n".getBytes(StandardCharsets.UTF_8),
                Map.of("GATE", folder.resolve("gate").toString(), "COLLA_TEST", "a,b 'c'"),
                folder.toString(),
                run);
    }

    private void launch(String script) {
        launcher.launch(allocation.nodes(), worker(script), recorder);
    }

    private Path files() {
        try (Stream<Path> all = Files.list(run)) {
            return all.findFirst().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitFile(Path file) {
        await(file.toString()).atMost(Duration.ofSeconds(30)).until(() -> Files.exists(file));
    }

    private void openGate() throws IOException {
        Files.createFile(folder.resolve("opened"));
        Files.move(folder.resolve("opened"), folder.resolve("gate"));
    }

    private void awaitEndThroughGate(String... nodes) throws Exception {
        openGate();
        recorder.awaitEnd(nodes);
        Files.delete(folder.resolve("gate"));
    }

    /** OpenPBS has both programs; Torque has pbsdsh only. */
    @ParameterizedTest
    @ValueSource(strings = {"openpbs", "torque"})
    void startsAWorkerOnEachNodeAndTellsOfItsEnd(String flavour) throws Exception {
        inJob(new FakePbs(folder, "--flavour", flavour), flavour.equals("torque") ? "nodes=2:ppn=3" : TWO);
        assertThat(allocation.nodes()).extracting("name").containsExactly("node1", "node2");
        launch(WORKER + "; exit 0");
        awaitFile(files().resolve("node2.pid"));
        awaitEndThroughGate("node1", "node2");
        assertThat(recorder.lines())
                .contains("node1: on node1", "node1: got the-secret", "node2: on node2", "node2: got the-secret");
        assertThat(recorder.ended())
                .isEqualTo(Map.of("node1", "it ended with exit code 0", "node2", "it ended with exit code 0"));
        assertThat(launcher.stop(GRACE)).isEmpty();
        assertThat(run).isEmptyDirectory();
    }

    @Test
    void keepsTheSecretBetweenTheUsersOwnProcesses() throws Exception {
        inJob(new FakePbs(folder), TWO);
        launch("until [ -e \"$GATE\" ]; do sleep 0.05; done");
        Path exchange = files();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(exchange)))
                .isEqualTo("rwx------");
        awaitFile(exchange.resolve("node1.pid"));
        awaitFile(exchange.resolve("node2.pid"));
        await("the input having been read")
                .atMost(Duration.ofSeconds(20))
                .until(() ->
                        Files.notExists(exchange.resolve("node1.in")) && Files.notExists(exchange.resolve("node2.in")));
        try (Stream<Path> all = Files.list(exchange)) {
            assertThat(all)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
        assertThat(ProcessHandle.allProcesses()
                        .map(process -> process.info().commandLine().orElse(""))
                        .filter(line -> line.contains("the-secret")))
                .isEmpty();
        awaitEndThroughGate("node1", "node2");
    }

    @Test
    void handsTheJobsEnvironmentOn() throws Exception {
        inJob(new FakePbs(folder), "select=1:ncpus=2");
        job.put("CUDA_VISIBLE_DEVICES", "0");
        job.put("PBS_NODENUM", "7");
        use();
        launch("env; pwd; exit 0");
        recorder.awaitEnd("node1");
        assertThat(recorder.lines())
                .contains(
                        "node1: FROM_QSUB=yes",
                        "node1: LOADED_IN_JOB=it's \"loaded\"",
                        "node1: COLLA_TEST=a,b 'c'",
                        "node1: COLLA_NODE=node1",
                        "node1: PBS_NODENUM=0",
                        "node1: PATH=" + job.get("PATH"),
                        "node1: " + folder)
                .noneMatch(line -> line.contains("CUDA_VISIBLE_DEVICES") || line.contains("BASH_FUNC"));
        assertThat(pbs.output()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pbs_tmrsh", "pbsdsh"})
    void tellsHowAWorkerEnded(String client) throws Exception {
        inJob(new FakePbs(folder), "select=1:ncpus=4+1:ncpus=1");
        if (client.equals("pbsdsh")) {
            pbs.remove("pbs_tmrsh");
            use();
        }
        launch("case $COLLA_NODE in node1) exit 3;; esac; kill -KILL $$");
        recorder.awaitEnd("node1", "node2");
        assertThat(recorder.ended())
                .isEqualTo(Map.of("node1", "it ended with exit code 3", "node2", "it was killed by signal 9 (KILL)"));
    }

    @Test
    void letsTheWorkerDecideWhatSigtermMeans() throws Exception {
        inJob(new FakePbs(folder), TWO);
        launch("trap 'echo orderly; exit 0' TERM; echo ready; while :; do sleep 0.05; done");
        awaitFile(files().resolve("node1.pid"));
        awaitFile(files().resolve("node2.pid"));
        assertThat(launcher.stop(Duration.ofSeconds(5))).isEmpty();
        assertThat(recorder.lines()).contains("node1: orderly", "node2: orderly");
        assertThat(recorder.ended())
                .isEqualTo(Map.of("node1", "it ended with exit code 0", "node2", "it ended with exit code 0"));
    }

    @Test
    void killsWorkersThatDoNotWantToEnd() throws Exception {
        inJob(new FakePbs(folder), TWO);
        launch("trap '' TERM INT HUP; echo ready; while :; do sleep 0.05; done");
        awaitFile(files().resolve("node1.pid"));
        awaitFile(files().resolve("node2.pid"));
        assertThat(launcher.stop(Duration.ofSeconds(1))).isEmpty();
        assertThat(recorder.ended())
                .isEqualTo(Map.of(
                        "node1", "it was killed by signal 9 (KILL)", "node2", "it was killed by signal 9 (KILL)"));
        assertThat(run).isEmptyDirectory();
    }

    @Test
    void tellsOfAClientThatWasKilled() throws Exception {
        inJob(new FakePbs(folder), "select=1:ncpus=1");
        launch(WORKER);
        awaitFile(files().resolve("node1.pid"));
        long worker =
                Long.parseLong(Files.readString(files().resolve("node1.pid")).strip());
        ProcessHandle.current()
                .children()
                .filter(child -> child.info().commandLine().orElse("").contains("pbs_tmrsh"))
                .forEach(ProcessHandle::destroyForcibly);
        recorder.awaitEnd("node1");
        assertThat(recorder.ended().get("node1"))
                .startsWith("pbs_tmrsh lost it: pbs_tmrsh was killed by signal 9 (KILL)");
        assertThat(ProcessHandle.of(worker)).isPresent(); // as PBS lets it; its connection tells it to end
    }

    @Test
    void doesNotWaitForAClientThatNobodyTellsOfTheEnd() throws Exception {
        inJob(new FakePbs(folder), TWO);
        launch(WORKER);
        awaitFile(files().resolve("node1.pid"));
        awaitFile(files().resolve("node2.pid"));
        pbs.kill("node2");
        openGate();
        recorder.awaitEnd("node1");
        awaitFile(files().resolve("node2.code"));
        assertThat(recorder.ended()).doesNotContainKey("node2");
        assertThat(launcher.stop(Duration.ofSeconds(1))).isEmpty();
        assertThat(recorder.ended()).containsEntry("node2", "it ended with exit code 0");
        Files.delete(folder.resolve("gate"));
    }

    @Test
    void saysThatANodeWithoutPbssDaemonCannotBeReached() throws Exception {
        inJob(new FakePbs(folder), TWO);
        launch(WORKER);
        awaitFile(files().resolve("node1.pid"));
        awaitFile(files().resolve("node2.pid"));
        pbs.kill("node2");
        assertThat(launcher.stop(Duration.ofSeconds(1)))
                .containsExactly(
                        "the worker on node2 could not be sent SIGKILL through pbs_tmrsh; it ends when it notices that its master is gone");
    }

    @Test
    void triesTheNextWayWhereOneDoesNotWork() throws Exception {
        inJob(new FakePbs(folder), TWO);
        pbs.replace("pbs_tmrsh", "echo 'pbs_tmrsh: tm_init: System error' >&2; exit 255");
        use();
        launch(WORKER);
        recorder.awaitLine("node1: pbs_tmrsh: tm_init: System error");
        awaitEndThroughGate("node1", "node2");
        assertThat(recorder.ended())
                .isEqualTo(Map.of("node1", "it ended with exit code 0", "node2", "it ended with exit code 0"));
        assertThat(recorder.lines()).contains("node1: got the-secret", "node2: got the-secret");
    }

    @Test
    void usesSshWhereNothingElseWorks() throws Exception {
        inJob(new FakePbs(folder), TWO);
        Path ssh = Files.writeString(
                folder.resolve("ssh"),
                "#!/bin/sh\nwhile [ \"$1\" != -- ]; do shift; done\n[ $2 = node1 ] || { echo 'ssh: no' >&2; exit 255; }\nshift 2\nunset FROM_QSUB\nexec sh -c \"$*\"\n");
        assertThat(ssh.toFile().setExecutable(true)).isTrue();
        for (String client : List.of("pbs_tmrsh", "pbsdsh")) {
            pbs.replace(client, "echo " + client + " broken; exit 1");
        }
        job.put("COLLA_SSH", ssh.toString());
        use();
        launch("echo from $FROM_QSUB; read line; echo got $line; read rest; read rest; exit 0");
        recorder.awaitLine("node1: got the-secret");
        assertThat(recorder.lines()).contains("node1: from yes");
        recorder.awaitEnd("node2");
        assertThat(recorder.ended().get("node2"))
                .startsWith("ssh could not start it: ssh: no")
                .contains(
                        "(before: pbs_tmrsh: it could not be started: pbs_tmrsh broken",
                        "pbsdsh: it could not be started");
        assertThat(launcher.stop(GRACE)).isEmpty();
    }

    /** The node file leaves out a host without MPI processes, and the task manager's clients know only that file. */
    @Test
    void startsTheFirstNodeHereWhenTheNodeFileLeavesItOut() throws Exception {
        inJob(new FakePbs(folder), "select=1:ncpus=1:mpiprocs=0+2:ncpus=2:mpiprocs=2", "place=scatter");
        assertThat(Files.readAllLines(Path.of(job.get("PBS_NODEFILE")))).doesNotContain("node1");
        launch("echo on $COLLA_NODE; read line; echo got $line; exit 0");
        recorder.awaitEnd("node1", "node2", "node3");
        assertThat(recorder.lines())
                .contains("node1: got the-secret", "node2: got the-secret", "node3: got the-secret");
    }

    @Test
    void saysThatTheFolderCannotBeReached() throws Exception {
        inJob(new FakePbs(folder), "select=1:ncpus=1");
        WorkerCommand command = worker(WORKER);
        List<String> commandWords = new ArrayList<>(command.argv());
        launcher.launch(
                allocation.nodes(),
                new WorkerCommand(commandWords, command.input(), command.environment(), "/no/such/folder", run),
                recorder);
        recorder.awaitEnd("node1");
        assertThat(recorder.ended().get("node1"))
                .isEqualTo("it could not be started: the folder /no/such/folder is not there");
    }

    @Test
    void startsAWorkerThatReadsMuch() throws Exception {
        inJob(new FakePbs(folder), "select=1:ncpus=1");
        byte[] input = ("x".repeat(1000) + "\n").repeat(300).getBytes(StandardCharsets.UTF_8);
        launcher.launch(
                allocation.nodes(),
                new WorkerCommand(
                        List.of("/bin/sh", "-c", "head -n 300 | wc -c; exit 0"),
                        input,
                        Map.of(),
                        folder.toString(),
                        run),
                recorder);
        recorder.awaitEnd("node1");
        assertThat(recorder.lines()).contains("node1: 300300");
    }
}

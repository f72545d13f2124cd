package io.colla.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.platform.Allocation;
import io.colla.platform.NodeLauncher.WorkerCommand;
import io.colla.platform.NodeShare;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With an srun that starts its tasks on this machine, tells of them as Slurm does and, like Slurm, does not number them in the order asked for. */
@Tag("process")
class SlurmLauncherTest {
    private static final String SRUN =
            """
            for word; do case $word in --nodelist=*) nodes=$(echo "${word#--nodelist=}" | tr , '\\n' | sort -r);; esac; done
            while [ "$1" != /bin/sh ]; do shift; done
            echo 'srun: cluster configuration lacks support for cpu binding' >&2
            input=$(mktemp); exec 9<&0; cat <&9 >"$input.in" & cat_pid=$!
            task=0
            export SLURM_JOB_ID=5 SLURM_STEP_ID=3
            for node in $nodes; do
                fifo=$input.$task; mkfifo "$fifo"
                { SLURMD_NODENAME=$node "$@" <"$fifo" 2>&1; code=$?; [ $code = 0 ] || echo "srun: error: $node: task $task: Exited with exit code $code" >&2; } |
                    sed -u "s/^/$task: /" &
                eval "exec $((task + 3))>\\"\\$fifo\\""
                task=$((task + 1))
            done
            wait $cat_pid
            n=0; while [ $n -lt $task ]; do cat "$input.in" >&$((n + 3)); eval "exec $((n + 3))>&-"; n=$((n + 1)); done
            wait
            rm -f "$input"*
            """;

    @TempDir
    Path folder;

    private FakePrograms programs;
    private SlurmLauncher launcher;
    private final Recorder recorder = new Recorder();

    @BeforeEach
    void makeLauncher() {
        programs = new FakePrograms(folder);
        launcher = launcher();
    }

    private SlurmLauncher launcher(String... variables) {
        Allocation allocation = new Allocation("slurm", "5", List.of(new NodeShare("node1", 4, 0)), null, List.of());
        return new SlurmLauncher(allocation, programs.environment(variables));
    }

    @AfterEach
    void stop() {
        assertThat(launcher.stop(Duration.ofSeconds(5))).isEmpty();
    }

    private static List<NodeShare> nodes(String... names) {
        return Arrays.stream(names).map(name -> new NodeShare(name, 1, 0)).toList();
    }

    private static WorkerCommand worker(String script) {
        return new WorkerCommand(
                List.of("/bin/sh", "-c", script),
                "secret\n".getBytes(StandardCharsets.UTF_8),
                Map.of("COLLA_TEST", "a,b"),
                null);
    }

    @Test
    void asksSrunForAllThatTheJobHasOnEachNode() throws Exception {
        programs.add("srun", "cat >/dev/null");
        launcher.launch(
                nodes("node1", "node2", "node3"),
                new WorkerCommand(List.of("/opt/worker", "a b"), new byte[0], Map.of(), "/shared"),
                recorder);
        launcher.stop(Duration.ofSeconds(20));
        List<String> call = programs.calls().get(0);
        String mark = call.get(21);
        assertThat(mark).startsWith("colla-");
        assertThat(call)
                .containsExactly(
                        "srun",
                        "--job-name=colla-workers",
                        "--nodes=3",
                        "--ntasks=3",
                        "--ntasks-per-node=1",
                        "--nodelist=node1,node2,node3",
                        "--overlap",
                        "--mem=0",
                        "--cpu-bind=none",
                        "--mpi=none",
                        "--kill-on-bad-exit=0",
                        "--no-kill",
                        "--wait=0",
                        "--input=all",
                        "--label",
                        "--export=ALL",
                        "--chdir=/shared",
                        "/bin/sh",
                        "-c",
                        SrunCommand.AROUND,
                        "colla-worker",
                        mark,
                        "/opt/worker",
                        "a b");
    }

    @Test
    void startsOneStepForEachComponent() throws Exception {
        programs.add("srun", "cat >/dev/null");
        NodeShare first = new NodeShare("node1", 1, List.of(), 0, Map.of(), Map.of("slurm.het-group", "0"));
        NodeShare second = new NodeShare("node2", 1, List.of(), 0, Map.of(), Map.of("slurm.het-group", "1"));
        launcher.launch(List.of(first, second), worker("cat"), recorder);
        launcher.stop(Duration.ofSeconds(20));
        assertThat(programs.calls())
                .extracting(call -> call.subList(1, 7))
                .containsExactlyInAnyOrder(
                        List.of(
                                "--het-group=0",
                                "--job-name=colla-workers",
                                "--nodes=1",
                                "--ntasks=1",
                                "--ntasks-per-node=1",
                                "--nodelist=node1"),
                        List.of(
                                "--het-group=1",
                                "--job-name=colla-workers",
                                "--nodes=1",
                                "--ntasks=1",
                                "--ntasks-per-node=1",
                                "--nodelist=node2"));
    }

    @Test
    void keepsTheJobsRequestsFromSrun() throws Exception {
        programs.add("srun", "env; cat >/dev/null");
        launcher = launcher(
                "SLURM_MEM_PER_CPU",
                "100",
                "SLURM_CPUS_PER_TASK",
                "2",
                "SLURM_EXACT",
                "1",
                "SLURM_STDOUTMODE",
                "/x",
                "SLURM_JOB_ID",
                "5",
                "SLURM_WAIT",
                "30");
        launcher.launch(nodes("node1"), worker("cat"), recorder);
        launcher.stop(Duration.ofSeconds(20));
        assertThat(recorder.lines())
                .contains(": SLURM_JOB_ID=5", ": COLLA_TEST=a,b")
                .noneMatch(line -> line.matches(": SLURM_(MEM|CPUS|EXACT|STDOUT|WAIT).*"));
    }

    @Test
    void endsWorkersByTheEndOfTheirInput() throws Exception {
        programs.add("srun", SRUN);
        launcher.launch(
                nodes("node1", "node2"),
                worker("echo on $COLLA_NODE; read line; echo $line; read line; exit 0"),
                recorder);
        recorder.awaitLine("node1: on node1");
        recorder.awaitLine("node2: on node2");
        assertThat(launcher.stop(Duration.ofSeconds(20))).isEmpty();
        assertThat(recorder.lines()).contains("node1: secret", "node2: secret");
        assertThat(recorder.ended())
                .isEqualTo(Map.of("node1", "it ended with exit code 0", "node2", "it ended with exit code 0"));
    }

    @Test
    void tellsWhichWorkerEnded() throws Exception {
        programs.add("srun", SRUN);
        launcher.launch(
                nodes("node1", "node2", "node3"),
                worker("case $COLLA_NODE in node1) exit 3;; node2) kill -KILL $$;; esac; cat"),
                recorder);
        recorder.awaitEnd("node1", "node2");
        assertThat(recorder.ended())
                .isEqualTo(Map.of("node1", "it ended with exit code 3", "node2", "it was killed by signal 9 (KILL)"));
    }

    @Test
    void letsTheWorkerDecideWhatSigtermMeans() throws Exception {
        programs.add("srun", SRUN);
        launcher.launch(
                nodes("node1"),
                worker("trap 'echo orderly; exit 0' TERM; echo ready; kill -TERM $PPID; kill -TERM $$; cat"),
                recorder);
        recorder.awaitLine("node1: orderly");
        recorder.awaitEnd("node1");
        assertThat(recorder.ended()).containsEntry("node1", "it ended with exit code 0");
    }

    @Test
    void passesOnWhatSrunSaysOfItsFailure() throws Exception {
        programs.add(
                "srun",
                "echo 'srun: error: Unable to create step for job 5: Requested node configuration is not available' >&2; exit 1");
        launcher.launch(nodes("node1", "node2"), worker("cat"), recorder);
        recorder.awaitEnd("node1", "node2");
        assertThat(recorder.ended())
                .containsEntry(
                        "node1",
                        "srun did not start it: srun: error: Unable to create step for job 5: Requested node configuration is not available");
    }

    @Test
    void saysThatThereIsNoSrun() {
        SlurmLauncher none = new SlurmLauncher(
                new Allocation("slurm", "5", nodes("node1"), null, List.of()), Map.of("PATH", folder.toString()));
        none.launch(nodes("node1"), worker("cat"), recorder);
        assertThat(recorder.ended())
                .containsEntry("node1", "it could not be started: there is no program srun on the PATH");
    }

    @Test
    void cancelsAStepThatLostItsSrun() throws Exception {
        programs.add("scancel", "");
        programs.add(
                "srun",
                "while [ \"$1\" != colla-worker ]; do shift; done; echo \"0: $2 started node1 3\"; kill -KILL $$");
        launcher.launch(nodes("node1"), worker("cat"), recorder);
        recorder.awaitEnd("node1");
        assertThat(launcher.stop(Duration.ofSeconds(20))).isEmpty();
        assertThat(recorder.ended()).isEqualTo(Map.of("node1", "its step ended: srun was killed by signal 9 (KILL)"));
        assertThat(programs.calls()).contains(List.of("scancel", "--signal=KILL", "5.3"));
    }

    @Test
    void cancelsItsOwnStepOnlyWhenNothingElseHelps() throws Exception {
        programs.add(
                "srun",
                "trap '' TERM; while [ \"$1\" != colla-worker ]; do shift; done; echo $$ >" + folder
                        + "/pid; echo \"0: $2 started node1 3\"; echo '0: ready'; exec sleep 100");
        programs.add("scancel", "kill -KILL $(cat " + folder + "/pid)");
        launcher.launch(nodes("node1"), worker("cat"), recorder);
        recorder.awaitLine("node1: ready");
        assertThat(launcher.stop(Duration.ofMillis(300))).isEmpty();
        assertThat(programs.calls()).contains(List.of("scancel", "--signal=KILL", "5.3"));
        assertThat(recorder.ended()).containsKey("node1");
    }
}

package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What COMPSs' users type, profiles of sites, and the batch scripts to copy: on a real Slurm, by a plain user. */
@Tag("cluster")
@Timeout(240)
class EnqueueOnClusterTest extends Cluster {
    private static final Path WRAPPERS =
            Path.of("..", "scripts", "wrappers").toAbsolutePath().normalize();

    @BeforeEach
    void makeProgram() throws Exception {
        Files.writeString(
                work.resolve("app.py"),
                """
                import os, socket, sys, time
                from pycompss.api.api import compss_wait_on
                from pycompss.api.task import task

                @task(returns=str)
                def where(x):
                    time.sleep(0.4)
                    return socket.gethostname()

                hosts = compss_wait_on([where(x) for x in range(36)])
                print("tasks ran on", " ".join(sorted(set(hosts))))
                print("here is", os.environ.get("GREETING"), sys.argv[1:], sys.path[1:].count("/opt/mine"))
                """);
        Files.setPosixFilePermissions(
                work.resolve("app.py"), java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
    }

    private Launched user(Object... words) {
        List<String> line = new ArrayList<>(List.of("env", "HOME=" + work, "COLLA_HOME=" + Home.FOLDER));
        for (Object word : words) {
            line.add(word.toString());
        }
        return on("ctl", line);
    }

    private String bin(String command) {
        return Home.FOLDER.resolve("bin").resolve(command).toString();
    }

    /** The job's output, when it has ended. */
    private String outputOf(String job) {
        return user(bin("colla"), "logs", "-f", job).await(JOB_ENDS).hasCode(0).out();
    }

    private String marking() {
        return "--prolog=export," + Marked.VARIABLE + "=" + mark.value();
    }

    @Test
    void aTypicalLineRunsAPyCompssProgramOnAllNodes() throws Exception {
        Files.writeString(work.resolve("env.sh"), "export GREETING=hello\n");
        String said = user(
                        bin("enqueue_compss"),
                        "--job_name=test",
                        "--exec_time=10",
                        "--num_nodes=3",
                        "--cpus_per_node=4",
                        "--worker_in_master_cpus=0",
                        "--scheduler=es.bsc.compss.scheduler.fifodatalocation.FIFODataLocationScheduler",
                        "--worker_working_dir=local_disk",
                        "--lang=python",
                        "--env_script=env.sh",
                        "--pythonpath=/opt/mine",
                        "--network=infiniband",
                        marking(),
                        "--epilog=echo,it,is,over",
                        "-g",
                        "--provenance",
                        "app.py",
                        "two words")
                .await()
                .hasCode(0)
                .says("enqueue_compss: --provenance has no effect")
                .out()
                .strip();
        assertThat(said).matches("Submitted batch job \\d+");
        String out = outputOf(said.replaceFirst(".* ", ""));
        assertThat(out)
                .contains("here is hello ['two words'] 1", "tasks ran on ", "it is over", "8 cores on 2 nodes")
                .containsPattern("tasks ran on node\\d node\\d\n");
    }

    @Test
    void aRunInAJobKeepsToItsNodes() throws Exception {
        String said = user(
                        bin("enqueue_compss"), "--num_nodes=2", "--exec_time=5", "--tracing=false", marking(), "app.py")
                .await()
                .hasCode(0)
                .out()
                .strip();
        assertThat(outputOf(said.replaceFirst(".* ", "")))
                .contains("8 cores on 2 nodes"); // whole nodes, as nobody asked for less
    }

    @Test
    void aProfileOfThisSiteIsWrittenAndUsed() throws Exception {
        String file = user(bin("colla"), "site", "new").await().hasCode(0).out().strip();
        assertThat(file).isEqualTo(work + "/.colla/sites/testcluster.yaml");
        assertThat(Files.readString(Path.of(file))).contains("hosts: [ctl]", "  cores: 4", "  queue: debug");
        user(bin("colla"), "site").await().hasCode(0).prints("* testcluster");
        user(bin("colla"), "site", "new").await().hasCode(2).says("there is a profile");
        user(bin("colla"), "submit", "--cpus-per-node", "5", "app.py")
                .await()
                .hasCode(2)
                .says("--cpus-per-node 5 exceeds the 4 cores of a node in queue debug");
        user(bin("colla"), "submit", "--dry-run", "app.py")
                .await()
                .hasCode(0)
                .prints("#SBATCH --partition=debug", "#SBATCH --cpus-per-task=4", "export COLLA_SITE=" + file);
        user(bin("enqueue_compss"), "--sc_cfg=testcluster.cfg", "--dry-run", "--num_nodes=1", "app.py")
                .await()
                .hasCode(0)
                .prints("#SBATCH --partition=debug");
    }

    private String submitted(String wrapper, String... arguments) throws Exception {
        Files.copy(WRAPPERS.resolve(wrapper), work.resolve(wrapper), StandardCopyOption.REPLACE_EXISTING);
        List<Object> line = new ArrayList<>(List.of("sbatch", "--parsable", "--open-mode=append", wrapper));
        line.addAll(List.of(arguments));
        String job = user(line.toArray()).await().hasCode(0).out().strip();
        Path out = work.resolve("app-" + job + ".out");
        Awaitility.await("the end of job " + job).atMost(JOB_ENDS).until(() -> !user(
                        "squeue", "-h", "-j", job, "-t", "PD,R,CG")
                .await()
                .out()
                .contains(job));
        return Files.readString(out);
    }

    @Test
    void theScriptForPythonRunsAsItStands() throws Exception {
        assertThat(submitted("python.sbatch", "input.txt"))
                .contains("here is None ['input.txt']", "8 cores on 2 nodes");
    }

    @Test
    void theScriptForDifferentNodesRunsAsItStands() throws Exception {
        assertThat(submitted("different-nodes.sbatch"))
                .contains("tasks ran on node1 node2 node3", "8 cores on 3 nodes");
    }

    @Test
    void theScriptForJavaRunsAsItStands() throws Exception {
        Files.copy(Home.EXAMPLES, work.resolve("app.jar"));
        Files.createDirectory(work.resolve("texts"));
        Files.writeString(work.resolve("texts/one.txt"), "one two two\n");
        assertThat(submitted("java.sbatch", "wordcount", "texts", "--verify")).contains("verified", "app: finished");
    }
}

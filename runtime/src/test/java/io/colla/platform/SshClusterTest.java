package io.colla.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.UsageException;
import io.colla.platform.NodeLauncher.WorkerCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real ssh between the hosts of the test cluster (started with --ssh): from ctl, as a plain user. */
@Tag("cluster")
@Timeout(120)
class SshClusterTest {
    private final String mark = "mark-" + UUID.randomUUID();
    private final Events events = new Events();
    private final Map<String, String> environment = new HashMap<>(System.getenv());
    private Path cluster = Path.of("");
    private SshLauncher launcher = new SshLauncher(Map.of());

    @BeforeEach
    void findCluster() {
        String state = System.getenv("COLLA_TESTCLUSTER");
        if (state == null || !Files.exists(Path.of(state, "ssh"))) {
            throw new IllegalStateException(
                    "no test cluster with ssh: run scripts/testcluster/cluster up --ssh and set COLLA_TESTCLUSTER");
        }
        cluster = Path.of(state, "cluster");
        environment.put("COLLA_SSH", cluster + " on ctl --user colla-test ssh");
        launcher = new SshLauncher(environment);
    }

    @AfterEach
    void stop() {
        launcher.close();
    }

    private void launch(String script, String... nodes) {
        launcher.launch(
                List.of(nodes).stream().map(name -> new NodeShare(name, 1, 0)).toList(),
                new WorkerCommand(
                        List.of("/bin/sh", "-c", script, mark),
                        "secret\n".getBytes(StandardCharsets.UTF_8),
                        Map.of(),
                        "/tmp"),
                events);
    }

    private int cluster(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(java.util.stream.Stream.concat(
                                java.util.stream.Stream.of(cluster.toString()), List.of(words).stream())
                        .toList())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private boolean runs(String host) throws IOException, InterruptedException {
        return cluster("on", host, "pgrep", "-f", "[s]h -c .*" + mark) == 0;
    }

    @Test
    void startsAndEndsWorkersOnOtherHosts() throws Exception {
        launch("read s; echo $(hostname) $s; cat; echo over", "node1", "node2");
        events.awaitLine("node1: node1 secret");
        events.awaitLine("node2: node2 secret");
        assertThat(runs("node1")).isTrue();
        assertThat(launcher.stop(Duration.ofSeconds(10))).isEmpty();
        assertThat(events.ended())
                .isEqualTo(Map.of("node1", "it ended with exit code 0", "node2", "it ended with exit code 0"));
        assertThat(runs("node1")).isFalse();
    }

    @Test
    void killsWorkersThatIgnoreEverything() throws Exception {
        launch("trap '' TERM HUP; echo up; while :; do sleep 1; done", "node1");
        events.awaitLine("node1: up");
        assertThat(launcher.stop(Duration.ofSeconds(2))).isEmpty();
        assertThat(runs("node1")).isFalse();
    }

    @Test
    void endsWorkersWhenItsSshIsKilled() throws Exception {
        launch("echo up; cat; touch /tmp/" + mark, "node2");
        events.awaitLine("node2: up");
        assertThat(cluster("on", "ctl", "pkill", "-KILL", "-u", "colla-test", "-x", "ssh"))
                .isZero();
        events.awaitEnd("node2");
        org.awaitility.Awaitility.await("the worker's own end")
                .atMost(Duration.ofSeconds(20))
                .until(() -> cluster("on", "node2", "test", "-e", "/tmp/" + mark) == 0);
    }

    @Test
    void tellsThatAHostIsNotThere() throws Exception {
        launch("cat", "ghost");
        events.awaitEnd("ghost");
        assertThat(events.ended().get("ghost"))
                .contains("Could not resolve hostname")
                .contains("correct the name in the host file");
    }

    @Test
    void noticesTheCrashOfAHost() throws Exception {
        launch("echo up; cat", "node1", "node3");
        events.awaitLine("node1: up");
        events.awaitLine("node3: up");
        assertThat(cluster("kill-node", "node3")).isZero();
        try {
            events.awaitEnd("node3");
            assertThat(events.ended()).containsOnlyKeys("node3");
            assertThat(events.ended().get("node3")).startsWith("ssh lost it: ");
        } finally {
            assertThat(cluster("boot", "node3")).isZero();
            assertThat(cluster("wait")).isZero();
        }
    }

    @Test
    void asksForCores(@TempDir Path folder) throws Exception {
        Path hosts = Files.writeString(folder.resolve("hosts"), "node1\nnode2 cores=3\n");
        assertThat(Allocations.find(environment, new Allocations.Options(hosts, 0, null))
                        .allocation()
                        .nodes())
                .extracting(NodeShare::cores)
                .containsExactly(Runtime.getRuntime().availableProcessors(), 3);
        Files.writeString(hosts, "node1\nghost\n");
        assertThatThrownBy(() -> Allocations.find(environment, new Allocations.Options(hosts, 0, null)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("host ghost does not say how many cores it has: ")
                .hasMessageContaining("correct the name");
    }
}

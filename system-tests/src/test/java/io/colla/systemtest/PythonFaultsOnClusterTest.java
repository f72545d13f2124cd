package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Python tasks on nodes that break: workers, zygotes, executors, whole nodes, full shared memory. The result is right all the same. */
@Tag("cluster")
@Timeout(180)
class PythonFaultsOnClusterTest extends Cluster {
    private static final String THREE_NODES = "-N3 -n3 -c2 --time=4 --no-kill";
    private static final String RIGHT = "the result is right";

    private static final String BEGINNING =
            """
            import os, sys, time
            from pycompss.api.api import compss_wait_on
            from pycompss.api.parameter import INOUT
            from pycompss.api.task import task

            folder = os.getcwd()

            def mark(name):
                open(os.path.join(folder, name), "w").close()

            def here():
                return os.uname().nodename
            """;

    private Job run(List<String> options, String program) throws Exception {
        Path script = work.resolve("app.py");
        Files.writeString(script, BEGINNING + program);
        List<String> all = new ArrayList<>(List.of("--python", "/usr/bin/python3", "--heartbeat", "500ms"));
        all.addAll(options);
        return batch(THREE_NODES, Home.python(all, script));
    }

    private static boolean isZygoteOrExecutor(Marked.Found found) {
        return found.command().contains("colla.worker");
    }

    private void killWorkerOn(String node) {
        mark.processes(found -> found.isWorker() && isOn(node, found)).get(0).signal("KILL");
    }

    /** One of the marks {@code NAME-NODE} of a node other than the first, where the launcher is. */
    private String nodeOf(String pattern) {
        String name =
                Launched.list(work, pattern + "-node[23]").get(0).getFileName().toString();
        return name.substring(name.lastIndexOf('-') + 1);
    }

    /** Large objects that tasks change one after the other: what the lost node had is made again from the beginning. */
    @Test
    void largeObjectsThatWereChangedOnALostNodeAreMadeAgain() throws Exception {
        Job job = run(
                List.of(),
                """
                @task(values=INOUT)
                def step(values, i):
                    if i == 3:
                        mark("began-" + here())
                        while not os.path.exists(os.path.join(folder, "go")):
                            time.sleep(0.02)
                    values[i] += i + 1
                    values[-1] += 1

                chains = [bytearray(20_000_000) for _ in range(6)]
                for i in range(8):
                    for chain in chains:
                        step(chain, i)
                for chain in chains:
                    values = compss_wait_on(chain)
                    assert len(values) == 20_000_000 and values[:9] == bytes([1, 2, 3, 4, 5, 6, 7, 8, 0]) and values[-1] == 8
                print("the result is right")
                """);
        job.awaitFiles("began-node[23]", 1);
        String lost = nodeOf("began");
        killWorkerOn(lost);
        Files.createFile(work.resolve("go"));
        job.await().hasCode(0).prints(RIGHT).says(lost + " was lost");
    }

    @Test
    void aReductionSurvivesACrashedNode() throws Exception {
        Job job = run(
                List.of(),
                """
                @task(returns=int)
                def square(i):
                    if here() == "node3":
                        mark("began-" + here())
                    time.sleep(0.02)
                    return i * i

                @task(returns=int)
                def add(a, b):
                    return a + b

                parts = [square(i) for i in range(500)]
                while len(parts) > 1:
                    parts.append(add(parts.pop(0), parts.pop(0)))
                assert compss_wait_on(parts[0]) == sum(i * i for i in range(500))
                print("the result is right")
                """);
        job.awaitFiles("began-node3", 1);
        try {
            cluster("kill-node", "node3");
            job.await().hasCode(0).prints(RIGHT).says("node3 was lost");
        } finally {
            cluster("boot", "node3");
        }
    }

    @Test
    void killedZygotesAndExecutorsAreReplaced() throws Exception {
        Job job = run(
                List.of(),
                """
                @task(returns=int)
                def square(i):
                    if i == 100:
                        mark("began")
                    time.sleep(0.002)
                    return i * i

                assert compss_wait_on([square(i) for i in range(5000)]) == [i * i for i in range(5000)]
                print("the result is right")
                """);
        job.awaitFiles("began", 1);
        for (int turn = 0; turn < 3; turn++) {
            for (String node : NODES) {
                List<Marked.Found> found =
                        mark.processes(process -> isZygoteOrExecutor(process) && isOn(node, process));
                if (!found.isEmpty()) {
                    // The oldest one is the zygote.
                    found.get(turn == 0 ? 0 : found.size() - 1).signal("KILL");
                }
            }
        }
        job.await().hasCode(0).prints(RIGHT);
    }

    /** Tasks on all nodes call tasks, with objects that are too large for a frame of the program. */
    @Test
    void tasksThatCallTasksSurviveALostNode() throws Exception {
        Job job = run(
                List.of("--nested"),
                """
                @task(returns=bytes)
                def twice(content):
                    time.sleep(0.2)
                    return content * 2

                @task(returns=int)
                def parent(n):
                    mark("began-" + here())
                    content = b"x" * 100_000
                    total = 0
                    for _ in range(4):
                        total += sum(len(part) for part in compss_wait_on([twice(content) for _ in range(3)]))
                    return total + n

                assert compss_wait_on([parent(n) for n in range(6)]) == [2_400_000 + n for n in range(6)]
                print("the result is right")
                """);
        job.awaitFiles("began-node[23]", 1);
        String lost = nodeOf("began");
        killWorkerOn(lost);
        job.await().hasCode(0).prints(RIGHT).says(lost + " was lost");
    }

    @Test
    void aFullSharedMemoryIsTheDisksTurn() throws Exception {
        List<String> small = new ArrayList<>();
        try {
            for (String node : NODES) {
                cluster("on", node, "mount", "-t", "tmpfs", "-o", "size=20m,mode=1777", "small", "/dev/shm");
                small.add(node);
            }
            Job job = run(
                    List.of(),
                    """
                    @task(returns=bytearray)
                    def make(i):
                        return bytearray([i]) * 12_000_000

                    @task(content=INOUT)
                    def change(content):
                        content[0] += 1

                    @task(returns=int)
                    def check(content, i):
                        return content[0] == i + 2 and content[1] == i and len(content) == 12_000_000

                    made = [make(i) for i in range(15)]
                    for content in made * 2:
                        change(content)
                    assert all(compss_wait_on([check(content, i) for i, content in enumerate(made)]))
                    assert compss_wait_on(made[7])[:2] == bytes([9, 7])
                    print("the result is right")
                    """);
            job.await().hasCode(0).prints(RIGHT);
            for (String node : NODES) {
                assertThat(Launched.list(root(node).resolve("dev/shm"), "*"))
                        .as("left on " + node)
                        .isEmpty();
            }
        } finally {
            for (String node : small) {
                cluster("on", node, "umount", "--lazy", "/dev/shm");
            }
        }
    }
}

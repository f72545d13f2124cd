package io.colla.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.colla.platform.NodeLauncher.WorkerCommand;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("process")
class LocalLauncherTest {
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final LocalLauncher launcher = new LocalLauncher(System.getenv());
    private final Events events = new Events();

    @AfterEach
    void stop() {
        assertThat(launcher.stop(GRACE)).isEmpty();
    }

    private void launch(String script, NodeShare... nodes) {
        launcher.launch(
                List.of(nodes),
                new WorkerCommand(
                        List.of("/bin/sh", "-c", script),
                        "secret\n".getBytes(StandardCharsets.UTF_8),
                        Map.of("COLLA_TEST", "x y"),
                        "/"),
                events);
    }

    private static NodeShare node(String name, Integer... cpus) {
        return new NodeShare(name, 1, List.of(cpus), 0, Map.of(), Map.of());
    }

    private static boolean runs(String pid) {
        return ProcessHandle.of(Long.parseLong(pid.strip()))
                .filter(ProcessHandle::isAlive)
                .isPresent();
    }

    @Test
    void givesEachWorkerItsNameItsInputAndItsEnvironment() throws Exception {
        launch("read s; echo $COLLA_NODE $s $COLLA_TEST $PWD; cat; echo over >&2", node("local-1"), node("local-2"));
        events.awaitLine("local-1: local-1 secret x y /");
        events.awaitLine("local-2: local-2 secret x y /");
        assertThat(events.ended()).isEmpty();
        assertThat(launcher.stop(GRACE)).isEmpty();
        assertThat(events.lines()).contains("local-1: over", "local-2: over");
        assertThat(events.ended())
                .isEqualTo(Map.of("local-1", "it ended with exit code 0", "local-2", "it ended with exit code 0"));
    }

    @Test
    void bindsAWorkerToItsCpus() throws Exception {
        int cpu = new LocalSystem()
                .allocation(Map.of()).nodes().get(0).cpus().stream().findFirst().orElse(0);
        launch("grep Cpus_allowed_list /proc/self/status; cat", node("local-1", cpu));
        assertThat(events.awaitLine("local-1: Cpus_allowed_list:").strip()).isEqualTo(Integer.toString(cpu));
    }

    @Test
    void isASessionOfItsOwn() throws Exception {
        launch("echo $$ $(cut -d' ' -f6 /proc/$$/stat); cat", node("local-1"));
        String[] pidAndSession = events.awaitLine("local-1: ").split(" ");
        assertThat(pidAndSession[0]).isEqualTo(pidAndSession[1]);
    }

    @Test
    void tellsHowEachEnded() throws Exception {
        launch(
                "[ $COLLA_NODE = a ] && exit 3; [ $COLLA_NODE = b ] && kill -KILL $$; cat",
                node("a"),
                node("b"),
                node("c"));
        events.awaitEnd("a");
        events.awaitEnd("b");
        assertThat(events.ended())
                .isEqualTo(Map.of("a", "it ended with exit code 3", "b", "it was killed by signal 9 (KILL)"));
    }

    @Test
    void endsAWholeGroupThatIgnoresEverything() throws Exception {
        launch("trap '' TERM; sleep 1000 & echo child $!; while :; do wait; done", node("a"));
        String child = events.awaitLine("a: child ");
        assertThat(launcher.stop(Duration.ofMillis(300))).isEmpty();
        assertThat(events.ended()).containsEntry("a", "it was killed by signal 9 (KILL)");
        await("the end of the worker's child").atMost(GRACE).until(() -> !runs(child));
    }

    @Test
    void doesNotWaitForOutputThatAChildHolds() throws Exception {
        launch("sleep 1000 & echo child $!; exit 4", node("a"));
        String child = events.awaitLine("a: child ");
        events.awaitEnd("a");
        assertThat(events.ended()).containsEntry("a", "it ended with exit code 4");
        ProcessHandle.of(Long.parseLong(child.strip())).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void givesInputThatNoPipeHolds() throws Exception {
        byte[] large = "0123456789abcde\n".repeat(100_000).getBytes(StandardCharsets.UTF_8);
        launcher.launch(
                List.of(node("a"), node("b")),
                new WorkerCommand(
                        List.of("/bin/sh", "-c", "[ $COLLA_NODE = a ] && wc -c || sleep 1000"), large, Map.of(), null),
                events);
        assertThat(launcher.stop(Duration.ofSeconds(1))).isEmpty();
        assertThat(events.lines()).contains("a: 1600000");
        assertThat(events.ended()).containsEntry("b", "it was killed by signal 15 (TERM)");
    }

    @Test
    void saysWhatCouldNotBeStarted() throws Exception {
        launcher.launch(
                List.of(node("a")),
                new WorkerCommand(List.of("/no/such/program"), new byte[0], Map.of(), null),
                events);
        events.awaitEnd("a");
        assertThat(events.lines()).anyMatch(line -> line.contains("/no/such/program"));
        launcher.launch(
                List.of(node("b")),
                new WorkerCommand(List.of("/bin/true"), new byte[0], Map.of(), "/no/folder"),
                events);
        events.awaitEnd("b");
        assertThat(events.ended().get("b"))
                .startsWith("it could not be started: ")
                .contains("/no/folder");
    }
}

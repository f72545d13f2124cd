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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With an ssh that runs its command on this machine through a login shell, as sshd does. */
@Tag("process")
class SshLauncherTest {
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final String LOGIN =
            "while [ \"$1\" != -- ]; do shift; done\necho \"$2\" >>%s/hosts\nexec setsid --wait ${LOGIN_SHELL:-/bin/sh} -c \"$3\"\n";

    @TempDir
    Path folder;

    private final Events events = new Events();
    private final Map<String, String> environment = new HashMap<>(System.getenv());
    private SshLauncher launcher = new SshLauncher(Map.of());

    private void ssh(String script) throws IOException {
        Path program = folder.resolve("fake-ssh");
        Files.writeString(
                program,
                "#!/bin/sh\nprintf '%s\\n' \"$@\" >" + folder + "/arguments\n"
                        + script.replace("%s", folder.toString()));
        assertThat(program.toFile().setExecutable(true)).isTrue();
        environment.put("COLLA_SSH", program + " -F my.conf");
        launcher = new SshLauncher(environment);
    }

    @AfterEach
    void stop() {
        assertThat(launcher.stop(GRACE)).isEmpty();
    }

    private void launch(WorkerCommand command, NodeShare... nodes) {
        launcher.launch(List.of(nodes), command, events);
    }

    private static WorkerCommand worker(String script) {
        return new WorkerCommand(
                List.of("/bin/sh", "-c", script), "secret\n".getBytes(StandardCharsets.UTF_8), Map.of(), null);
    }

    @Test
    void asksNobodyAnything() throws Exception {
        ssh(LOGIN);
        launch(
                worker("echo up; cat"),
                new NodeShare("node1", 4, List.of(), 0, Map.of(), Map.of(SshLauncher.USER, "alice")));
        events.awaitLine("node1: up");
        assertThat(Files.readAllLines(folder.resolve("arguments")).subList(0, 18))
                .containsExactly(
                        "-F",
                        "my.conf",
                        "-T",
                        "-x",
                        "-a",
                        "-o",
                        "BatchMode=yes",
                        "-o",
                        "ConnectTimeout=10",
                        "-o",
                        "ServerAliveInterval=10",
                        "-o",
                        "ServerAliveCountMax=3",
                        "-l",
                        "alice",
                        "--",
                        "node1",
                        "exec /bin/sh -c 'nl=$(printf \"\\nx\"); nl=${nl%x}; s=; IFS= read -r n || exit 97; while [ \"$n\" -gt 0 ]; do IFS= read -r l || exit 97; s=$s$l$nl; n=$((n-1)); done; eval \"$s\"'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/bin/sh", "/bin/bash"})
    void leavesEveryCharacterAsItIs(String shell) throws Exception {
        ssh(LOGIN);
        environment.put("LOGIN_SHELL", shell);
        launcher = new SshLauncher(environment);
        String odd = "a 'b' \"c\" $HOME `id` \\n !x *\nsecond line;exit";
        launch(
                new WorkerCommand(
                        List.of(
                                "/bin/sh",
                                "-c",
                                "read s; printf '%s|' \"$s\" \"$COLLA_NODE\" \"$COLLA_ODD\" \"$PWD\" \"$@\"; cat",
                                "worker",
                                odd,
                                ""),
                        "secret\n".getBytes(StandardCharsets.UTF_8),
                        Map.of("COLLA_ODD", odd),
                        "/usr"),
                new NodeShare("node1", 1, 0));
        assertThat(launcher.stop(GRACE)).isEmpty();
        String said = String.join(
                "\n",
                events.lines().stream()
                        .map(line -> line.substring("node1: ".length()))
                        .toList());
        assertThat(said).isEqualTo("secret|node1|" + odd + "|/usr|" + odd + "||");
    }

    @Test
    void showsNeitherInputNorArgumentsToOthers() throws Exception {
        ssh(LOGIN);
        launch(worker("read s; echo got $s; cat"), new NodeShare("node1", 1, 0));
        events.awaitLine("node1: got secret");
        assertThat(Files.readString(folder.resolve("arguments"))).doesNotContain("secret", "echo got");
    }

    @Test
    void endsWorkersByTheEndOfTheirInput() throws Exception {
        ssh(LOGIN);
        launch(worker("cat; echo over"), new NodeShare("node1", 1, 0), new NodeShare("node2", 1, 0));
        assertThat(launcher.stop(GRACE)).isEmpty();
        assertThat(events.lines()).contains("node1: over", "node2: over");
        assertThat(events.ended())
                .isEqualTo(Map.of("node1", "it ended with exit code 0", "node2", "it ended with exit code 0"));
    }

    @Test
    void killsAWorkerThatDoesNotEnd() throws Exception {
        ssh(LOGIN);
        launch(worker("trap '' TERM; echo pid $$; while :; do sleep 1000; done"), new NodeShare("node1", 1, 0));
        long pid = Long.parseLong(events.awaitLine("node1: pid "));
        assertThat(launcher.stop(Duration.ofMillis(500))).isEmpty();
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void passesOnWhatSshSaysWithAdvice() throws Exception {
        ssh("echo 'ssh: Could not resolve hostname node1: Name or service not known' >&2; exit 255");
        launch(worker("cat"), new NodeShare("node1", 1, 0));
        events.awaitEnd("node1");
        assertThat(events.ended())
                .containsEntry(
                        "node1",
                        "ssh could not start it: ssh: Could not resolve hostname node1: Name or service not known (correct the name in the host file)");
        assertThat(SshLauncher.advice("h", "Host key verification failed."))
                .hasValueSatisfying(text -> assertThat(text).contains("ssh h true"));
        assertThat(SshLauncher.advice("h", "a@h: Permission denied (publickey)."))
                .hasValueSatisfying(text -> assertThat(text).contains("ssh-copy-id h"));
        assertThat(SshLauncher.advice("h", "odd")).isEmpty();
    }

    @Test
    void saysWhenTheFolderOrTheProgramIsNotThere() throws Exception {
        ssh(LOGIN);
        launch(
                new WorkerCommand(List.of("/bin/true"), new byte[0], Map.of(), "/no/folder"),
                new NodeShare("node1", 1, 0));
        events.awaitEnd("node1");
        assertThat(events.ended().get("node1"))
                .startsWith("it could not be started: exit code 98: ")
                .contains("/no/folder");
        launch(new WorkerCommand(List.of("/no/java"), new byte[0], Map.of(), null), new NodeShare("node2", 1, 0));
        events.awaitEnd("node2");
        assertThat(events.ended()).containsEntry("node2", "it ended with exit code 127");
        assertThat(events.lines()).anyMatch(line -> line.contains("/no/java"));
    }

    @Test
    void asksHostsForTheirCores() throws Exception {
        ssh(LOGIN);
        assertThat(launcher.cores(new NodeShare("node1", 0, 0)))
                .isEqualTo(Runtime.getRuntime().availableProcessors());
        ssh("echo 'ssh: connect to host node1 port 22: Connection refused' >&2; exit 255");
        assertThatThrownBy(() -> launcher.cores(new NodeShare("node1", 0, 0)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(
                        "node1 does not say how many cores it has: ssh: connect to host node1 port 22: Connection refused");
    }

    @Test
    void findsAllocationsOfHostFiles() throws Exception {
        ssh(LOGIN);
        Path hosts = Files.writeString(folder.resolve("hostfile"), "node1 cores=3\nnode2\n");
        Allocations.Found found = Allocations.find(environment, new Allocations.Options(hosts, 0, null));
        assertThat(found.allocation().source()).isEqualTo("hosts");
        assertThat(found.allocation().nodes())
                .extracting(NodeShare::cores)
                .containsExactly(3, Runtime.getRuntime().availableProcessors());
        assertThat(found.allocation().notes()).hasSize(1);
        assertThat(found.launcher().get()).isInstanceOf(SshLauncher.class);
        assertThat(Files.readAllLines(folder.resolve("hosts"))).containsExactly("node2");
    }
}

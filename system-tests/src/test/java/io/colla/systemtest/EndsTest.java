package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that are ended from outside on this machine: what finished is told, and nothing goes on. */
@Tag("process")
@Timeout(120)
class EndsTest extends ThisMachine {
    private static final Duration SOON = Duration.ofSeconds(20);

    private Launched begun(String... options) {
        List<String> all = new ArrayList<>(List.of("--heartbeat", "500ms"));
        all.addAll(List.of(options));
        Launched run = application(all, "Ends", work, 1);
        run.awaitFiles(work, "began-*", 2);
        return run;
    }

    private Marked.Found launcher() {
        return mark.processes(Marked.Found::isLauncher).get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "INT, 130, embedded",
        "TERM, 143, embedded",
        "INT, 130, local:3",
        "TERM, 143, local:3",
        "USR1, 138, local:3",
        "HUP, 129, local:3"
    })
    void aSignal(String signal, int code, String workers) throws IOException {
        Launched run = begun("--workers", workers);
        assertThat(launcher().signal(signal)).isTrue();
        run.await(SOON).hasCode(code).says("ended by SIG" + signal, "10 tasks done, 2 cancelled");
        assertThat(summary()).contains("\"done\": 10", "\"exitCode\": " + code);
    }

    @Test
    void theTimeLimit() {
        Launched run = begun("--workers", "local:3", "--time-limit", "6s");
        run.await(SOON).hasCode(124).says("ended at its time limit", "10 tasks done");
    }

    @ParameterizedTest
    @ValueSource(strings = {"embedded", "local:3"})
    void aLauncherThatIsKilled(String workers) {
        Launched run = begun("--workers", workers);
        assertThat(launcher().signal("KILL")).isTrue();
        killed = true;
        run.await(SOON).hasCode(137);
    }

    /** The keyboard's Ctrl-C goes to all processes of the terminal at once. */
    @Test
    void controlC() throws Exception {
        String server = "colla-" + mark.value();
        Path code = work.resolve("code");
        List<String> command =
                Home.run(List.of("--heartbeat", "500ms", "--workers", "local:3"), Home.CLASSES, "Ends", work, 1);
        String line = String.join(" ", command) + "; echo $? >code.part; mv code.part code";
        tmux(
                server,
                "-f",
                "/dev/null",
                "new-session",
                "-d",
                "-x",
                "100",
                "-y",
                "30",
                "-s",
                "t",
                "bash",
                "-c",
                "trap : INT; " + line + "; read -r -t 60 never");
        try {
            await("tasks")
                    .atMost(Duration.ofSeconds(40))
                    .until(() -> Launched.list(work, "began-*").size() == 2);
            String during = tmux(server, "capture-pane", "-p", "-t", "t");
            tmux(server, "send-keys", "-t", "t", "C-c");
            await("the end of the run").atMost(SOON).until(() -> Files.exists(code));
            String after = tmux(server, "capture-pane", "-p", "-t", "t");
            assertThat(Files.readString(code)).as(after).isEqualTo("130\n");
            assertThat(during).contains("10 done");
            assertThat(after).contains("ended by SIGINT", "10 tasks done, 2 cancelled");
        } finally {
            tmux(server, "kill-server");
        }
    }

    private String tmux(String server, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("tmux", "-L", server));
        command.addAll(List.of(words));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(work.toFile()).redirectErrorStream(true);
        builder.environment().put(Marked.VARIABLE, mark.value());
        builder.environment().put("TMPDIR", temporary.toString());
        builder.environment().put("TMUX_TMPDIR", folder.toString());
        builder.environment().remove("TMUX");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}

package io.colla.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.platform.JobRequest.Body;
import io.colla.platform.JobRequest.Part;
import io.colla.platform.JobRequest.Place;
import io.colla.platform.JobRequest.Steps;
import io.colla.platform.JobRequest.Terms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script, run by bash as a batch system does. */
@Tag("process")
class BatchScriptTest {
    private static final BatchScript.Dialect DIALECT =
            new BatchScript.Dialect("submit", List.of("#DIRECTIVE"), "${JOB_ID:-7}", "${JOB_INDEX:-}", true);

    @TempDir
    Path temporary;

    private Path folder;
    private Path workDir;

    @BeforeEach
    void makeFolders() throws IOException {
        folder = Files.createDirectory(temporary.resolve("the job's folder $HOME"));
        workDir = Files.createDirectory(temporary.resolve("work"));
    }

    private Process start(Steps steps, Map<String, String> carried, String... environment) throws IOException {
        Body body =
                new Body(folder, workDir, folder.toString().replace("%", "%%") + "/out %j-%a 100%%", carried, steps);
        String script = BatchScript.of(
                new JobRequest("app", List.of(new Part(1, 0, 0)), Place.ANY, Terms.of(null), body), DIALECT);
        Path file = Files.writeString(folder.resolve("job.sh"), script);
        ProcessBuilder builder = new ProcessBuilder("/bin/bash", file.toString())
                .directory(temporary.toFile())
                .redirectErrorStream(true);
        for (int i = 0; i < environment.length; i += 2) {
            builder.environment().put(environment[i], environment[i + 1]);
        }
        return builder.start();
    }

    private static int end(Process process) throws Exception {
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        return process.exitValue();
    }

    private String left(String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }

    @Test
    void wordsArriveUnchanged() throws Exception {
        List<String> words = List.of(
                "two words", "it's", "\"", "$HOME", "`id`", "new\nline", "ü☃", "", "*", "\\", "!", "~", "-n", "#");
        List<String> command = new java.util.ArrayList<>(List.of("/usr/bin/printf", "<%s>\\n"));
        command.addAll(words);
        assertThat(end(start(new Steps(List.of(), command, List.of()), Map.of())))
                .isZero();
        assertThat(left("out 7- 100%"))
                .isEqualTo(String.join(
                        "", words.stream().map(word -> "<" + word + ">\n").toList()));
    }

    @Test
    void variablesArriveUnchanged() throws Exception {
        Steps steps = new Steps(List.of(), List.of("/bin/sh", "-c", "printf '<%s>' \"$A\" \"$B\"; pwd"), List.of());
        assertThat(end(start(steps, Map.of("A", "it's\n$B", "B", "")))).isZero();
        assertThat(left("out 7- 100%")).isEqualTo("<it's\n$B><>" + workDir + "\n");
    }

    @Test
    void leavesTheExitCode() throws Exception {
        Steps steps = new Steps(List.of("echo before"), List.of("/bin/sh", "-c", "exit 3"), List.of("echo after"));
        assertThat(end(start(steps, Map.of()))).isEqualTo(3);
        assertThat(left("exit-code")).isEqualTo("3\n");
        assertThat(left("out 7- 100%")).isEqualTo("before\nafter\n");
    }

    @Test
    void partsOfAnArrayHaveTheirOwn() throws Exception {
        Steps steps =
                new Steps(List.of(), List.of("/bin/sh", "-c", "echo $COLLA_ARRAY_INDEX; exit $JOB_INDEX"), List.of());
        assertThat(end(start(steps, Map.of(), "JOB_INDEX", "4", "JOB_ID", "12")))
                .isEqualTo(4);
        assertThat(BatchScript.exitCodeFile(folder, "4")).hasContent("4\n");
        assertThat(left("out 12-4 100%")).isEqualTo("4\n");
    }

    @Test
    void aMissingFolderEndsIt() throws Exception {
        Files.delete(workDir);
        assertThat(end(start(new Steps(List.of(), List.of("/bin/echo", "run"), List.of()), Map.of())))
                .isEqualTo(2);
        assertThat(left("exit-code")).isEqualTo("2\n");
        assertThat(left("out 7- 100%")).contains("work").doesNotContain("run\n");
    }

    @Test
    void handsSignalsOnAndWaitsForTheEnd() throws Exception {
        for (String signal : List.of("TERM", "USR1")) {
            String program = "import signal, sys\n"
                    + "signal.signal(signal.SIG" + signal + ", lambda *_: (print('got " + signal + "'), sys.exit(9)))\n"
                    + "open('ready', 'w').close()\n"
                    + "while True: signal.pause()\n";
            Steps steps = new Steps(List.of(), List.of("/usr/bin/env", "python3", "-c", program), List.of());
            Process process = start(steps, Map.of());
            Awaitility.await().until(() -> Files.exists(workDir.resolve("ready")));
            new ProcessBuilder("/bin/kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            assertThat(end(process)).as(signal).isEqualTo(9);
            assertThat(left("exit-code")).isEqualTo("9\n");
            assertThat(left("out 7- 100%")).contains("got " + signal);
            Files.delete(workDir.resolve("ready"));
        }
    }
}

package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The installed {@code runcompss}: programs and command lines as COMPSs' users have them. */
@Tag("process")
@Timeout(120)
class RuncompssTest extends ThisMachine {
    private static final String PROGRAM =
            """
            import os, sys
            import numbers_of_mine
            from pycompss.api.api import compss_wait_on
            from pycompss.api.task import task

            @task(returns=int)
            def add(a, b):
                import numbers_of_mine
                return a + b + numbers_of_mine.SECRET + int(os.environ.get("ADDED", "0"))

            print(compss_wait_on(add(1, 2)), sys.argv[1:])
            sys.exit(int(os.environ.get("CODE", "0")))
            """;

    private Launched runcompss(Object... words) {
        List<String> all =
                new ArrayList<>(List.of(Home.FOLDER.resolve("bin/runcompss").toString()));
        for (Object word : words) {
            all.add(word.toString());
        }
        return start(all);
    }

    private void writeProgram() throws IOException {
        Files.writeString(work.resolve("app.py"), PROGRAM);
        Path library = Files.createDirectory(work.resolve("lib of mine"));
        Files.writeString(library.resolve("numbers_of_mine.py"), "SECRET = 100\n");
    }

    @Test
    void runsAPythonProgramInItsEnvironment() throws Exception {
        writeProgram();
        Files.writeString(work.resolve("env.sh"), "export ADDED=1000 CODE=7\necho \"$# arguments\"\n");
        runcompss(
                        "-d",
                        "--lang=python",
                        "--summary",
                        "--env_script=env.sh",
                        "--pythonpath=lib of mine",
                        "--log_dir=logs",
                        "app.py",
                        "two words",
                        "--graph",
                        "$HOME")
                .await()
                .hasCode(7)
                .prints("0 arguments", "1103 ['two words', '--graph', '$HOME']");
        assertThat(work.resolve("logs/latest/summary.json")).exists();
        assertThat(Files.readString(work.resolve("logs/latest/run.log"))).contains("DEBUG");
        assertThat(work.resolve("colla-runs")).doesNotExist();
    }

    @Test
    void runsAJavaProgram() throws Exception {
        Path classes = Home.CLASSES;
        Files.createFile(work.resolve("go"));
        runcompss("--lang=java", "--classpath=" + classes, "io.colla.systemtest.apps.Chains", work, 2, 3)
                .await()
                .hasCode(0)
                .prints("the result is right");
    }

    @Test
    void theMainJvmGetsItsOptions() throws Exception {
        writeProgram();
        runcompss("--jvm_master_opts=-Xmx300m,-XX:+PrintFlagsFinal", "--pythonpath=lib of mine", "app.py")
                .await()
                .hasCode(0)
                .prints("MaxHeapSize", " 314572800 ", "103 []");
    }

    @Test
    void warnsInOneLineUnlessItIsToBeQuiet() throws Exception {
        writeProgram();
        String library = "--pythonpath=lib of mine";
        runcompss("--provenance", library, "app.py").await().hasCode(0).says("runcompss: --provenance has no effect: ");
        assertThat(runcompss("--provenance", "--graph", "--quiet", library, "app.py")
                        .await()
                        .hasCode(0)
                        .err())
                .isEmpty();
    }

    @Test
    void refusesWhatItDoesNotKnow() throws Exception {
        writeProgram();
        runcompss("--pyhtonpath=lib", "app.py").await().hasCode(2).says("did you mean '--pythonpath'?");
        runcompss("--env_script=none.sh", "--pythonpaht=lib", "app.py")
                .await()
                .hasCode(2)
                .says("did you mean '--pythonpath'?");
        runcompss("--env_script=none.sh", "app.py").await().says("none.sh");
    }

    @Test
    void aDryRunShowsTheCommand() throws Exception {
        writeProgram();
        runcompss("--dry-run", "--wall_clock_limit=60", "--pythonpath=/opt/lib", "app.py", "two words")
                .await()
                .hasCode(0)
                .prints(
                        "export PYTHONPATH=/opt/lib",
                        "exec colla run --time-limit=60s --env=PYTHONPATH app.py 'two words'");
        assertThat(work.resolve("colla-runs")).doesNotExist();
    }
}

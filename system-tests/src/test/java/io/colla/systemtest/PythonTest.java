package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Python programs under the command: that they run as with python3, and that nothing is left however they end. */
@Tag("process")
@Timeout(120)
class PythonTest extends ThisMachine {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final List<String> EMBEDDED = List.of("--workers", "embedded");

    private static final String TASKS =
            """
            import os, sys, time
            from pycompss.api.api import compss_wait_on
            from pycompss.api.task import task

            @task(returns=int)
            def add(a, b):
                return a + b

            @task(returns=int)
            def fails():
                raise ValueError("on purpose")

            @task(returns=int)
            def lasts(folder):
                open(os.path.join(folder, "began"), "w").close()
                time.sleep(100)
                return 1
            """;

    private Path script(String name, String main) throws IOException {
        return Files.writeString(work.resolve(name), TASKS + "\n" + main + "\n");
    }

    private Launched run(List<String> options, Object... words) {
        return start(Home.python(options, words));
    }

    private Marked.Found launcher() {
        return only(Marked.Found::isLauncher);
    }

    private Marked.Found program() {
        return only(process -> process.command().indexOf("ends.py") == 1);
    }

    private Marked.Found only(Predicate<Marked.Found> which) {
        List<Marked.Found> found = mark.processes(which);
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"embedded", "local:2"})
    void runsTasksAndPassesArguments(String workers) throws IOException {
        script("app.py", "print(sys.argv[1:], compss_wait_on(add(add(1, 2), 39)))");
        run(List.of("--workers", workers), "app.py", "--cores", "", "x y")
                .await(SOON)
                .hasCode(0)
                .prints("['--cores', '', 'x y'] 42")
                .says("app: finished", "2 tasks done");
    }

    @Test
    void runsAModuleWithItsOptions() throws IOException {
        Files.createDirectory(work.resolve("pack"));
        Files.writeString(work.resolve("pack/__init__.py"), "");
        Files.writeString(work.resolve("pack/main.py"), TASKS + "\nprint(sys.argv[1:], compss_wait_on(add(1, 1)))\n");
        run(EMBEDDED, "-m", "pack.main", "-h", "--workers")
                .await(SOON)
                .hasCode(0)
                .prints("['-h', '--workers'] 2");
    }

    @Test
    void tasksHaveTheProgramsPython() throws IOException {
        Path python = work.resolve("own/bin/python3");
        Files.createDirectories(python.getParent());
        Files.createSymbolicLink(python, realPython());
        script("app.py", "@task(returns=str)\ndef where(): return sys.executable\nprint(compss_wait_on(where()))");
        run(EMBEDDED, "--python", python, "app.py").await(SOON).hasCode(0).prints(python.toString());
    }

    private static Path realPython() throws IOException {
        Process asked =
                new ProcessBuilder("python3", "-c", "import os, sys; print(os.path.realpath(sys.executable))").start();
        return Path.of(asked.inputReader().readLine());
    }

    @Test
    void theExitCodeIsThePrograms() throws IOException {
        script("app.py", "compss_wait_on(add(1, 1)); sys.exit(int(sys.argv[1]))");
        run(EMBEDDED, "app.py", 7).await(SOON).hasCode(7).says("the program ended with exit code 7");
        run(EMBEDDED, "app.py", 0).await(SOON).hasCode(0);
    }

    @Test
    void anExceptionIsPrintedOnce() throws IOException {
        script("app.py", "compss_wait_on(fails())");
        String err = run(EMBEDDED, "app.py").await(SOON).hasCode(1).err();
        assertThat(err).contains("ValueError: on purpose", "1 failed").doesNotContain("io.colla");
        assertThat(err.split("Traceback \\(most", -1))
                .as(err)
                .hasSizeLessThanOrEqualTo(3); // the task's and the program's
    }

    @Test
    void aFailureThatTheProgramNeverAskedAboutIsTold() throws IOException {
        script("app.py", "fails()");
        run(EMBEDDED, "app.py").await(SOON).hasCode(71).says("fails #1 failed on", "ValueError: on purpose");
    }

    @Test
    void aProgramWithoutTasksIsJustRun() throws IOException {
        Files.writeString(work.resolve("plain.py"), "import os; print('COLLA_GATEWAY' in os.environ)");
        run(EMBEDDED, "plain.py").await(SOON).hasCode(0).prints("True").says("0 tasks done");
    }

    @ParameterizedTest
    @CsvSource({
        "INT, 130, embedded",
        "TERM, 143, embedded",
        "INT, 130, local:2",
        "TERM, 143, local:2",
        "HUP, 129, embedded"
    })
    void aSignal(String signal, int code, String workers) throws IOException {
        Launched run = begun(List.of("--workers", workers), "wait");
        assertThat(launcher().signal(signal)).isTrue();
        run.await(SOON).hasCode(code).says("ended by SIG" + signal);
    }

    @Test
    void aSignalWhileTheProgramDoesSomethingElse() throws IOException {
        Launched run = begun(EMBEDDED, "sleep");
        assertThat(launcher().signal("INT")).isTrue();
        run.await(SOON).hasCode(130).says("ended by SIGINT");
    }

    @Test
    void theTimeLimit() throws IOException {
        begun(List.of("--workers", "embedded", "--time-limit", "5s"), "sleep")
                .await(SOON)
                .hasCode(124)
                .says("ended at its time limit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"embedded", "local:2"})
    void aProgramThatIsKilled(String workers) throws IOException {
        Launched run = begun(List.of("--workers", workers), "wait");
        assertThat(program().signal("KILL")).isTrue();
        run.await(SOON).hasCode(137).says("the program was ended by SIGKILL", "1 cancelled");
    }

    /** Also while the program does nothing that would tell it. */
    @ParameterizedTest
    @ValueSource(strings = {"wait", "sleep"})
    void aLauncherThatIsKilled(String doing) throws IOException {
        Launched run = begun(EMBEDDED, doing);
        killed = true;
        assertThat(launcher().signal("KILL")).isTrue();
        run.await(SOON).hasCode(137);
    }

    /** A run with one endless task, whose program waits for it or sleeps. */
    private Launched begun(List<String> options, String doing) throws IOException {
        script(
                "ends.py",
                """
                result = lasts(os.getcwd())
                if sys.argv[1] == "wait":
                    compss_wait_on(result)
                else:
                    import colla
                    add(1, 2)
                    time.sleep(100)
                """);
        List<String> all = new ArrayList<>(List.of("--heartbeat", "500ms"));
        all.addAll(options);
        Launched run = run(all, "ends.py", doing);
        run.awaitFile(work.resolve("began"));
        return run;
    }

    @Test
    void mistakesAreToldInASentence() throws IOException {
        Files.writeString(work.resolve("kmeans.py"), "");
        run(EMBEDDED, "kmean.py")
                .await(SOON)
                .hasCode(2)
                .says("colla: no such script: kmean.py; did you mean 'kmeans.py'?");
        run(EMBEDDED, "--python", "/none/python3", "kmeans.py")
                .await(SOON)
                .hasCode(2)
                .says("colla: --python: there is no program /none/python3; name the path of a Python 3.9 or newer");
        start(Home.python(EMBEDDED, "kmeans.py"), Map.of("VIRTUAL_ENV", "/none"))
                .await(SOON)
                .hasCode(2)
                .says("colla: the virtual environment /none (VIRTUAL_ENV) has no bin/python3");
    }

    @Test
    void printsOfTasksAreShownWhileTheyRun() throws IOException {
        script("app.py", "@task()\ndef hello(): print('hello from a task')\nhello()");
        run(List.of("--workers", "embedded", "--stream"), "app.py")
                .await(SOON)
                .hasCode(0)
                .prints("[hello #1 ", "hello from a task");
    }

    /** As a notebook does it: the program starts the run, and the run ends with it, or when its own input ends. */
    @ParameterizedTest
    @ValueSource(strings = {"colla.stop()", "os._exit(0)"})
    void aProgramThatStartsItsRun(String end) throws IOException {
        Path script = script(
                "app.py",
                "import colla\ncolla.start(quiet=True)\nprint(compss_wait_on(add(1, 1)), flush=True)\n" + end);
        Path packages = Path.of(Home.command()).getParent().resolveSibling("python");
        start(List.of("python3", script.toString()), Map.of("PYTHONPATH", packages.toString()))
                .await(SOON)
                .hasCode(0)
                .prints("2");
    }
}

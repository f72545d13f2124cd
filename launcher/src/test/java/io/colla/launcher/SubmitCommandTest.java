package io.colla.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.launcher.config.SettingsLoader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code colla submit} with a Slurm that is a few shell scripts. */
@Tag("process")
class SubmitCommandTest {
    @TempDir
    Path directory;

    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path app;

    @BeforeEach
    void makeSlurm() throws IOException {
        environment.put("PATH", directory.resolve("bin") + ":/bin");
        environment.put("HOME", directory.resolve("home").toString());
        Files.createDirectory(directory.resolve("bin"));
        program("sbatch", "echo 77");
        app = Files.writeString(directory.resolve("app.py"), "print(1)\n");
    }

    private void program(String name, String script) throws IOException {
        Path file = Files.writeString(directory.resolve("bin").resolve(name), "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private int colla(Object... arguments) {
        out.reset();
        err.reset();
        Context context = new Context(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new Terminal(false, 80),
                new SettingsLoader(environment, directory, directory.resolve("home"), null));
        String[] words = List.of(arguments).stream().map(Object::toString).toArray(String[]::new);
        return new Main(context).run(words);
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String complained() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void printsTheIdAndKeepsTheScript() throws IOException {
        assertThat(colla("submit", "--nodes", 2, app, "x")).as(complained()).isZero();
        assertThat(printed()).isEqualTo("77\n");
        assertThat(complained()).contains("colla logs -f 77", "colla-jobs/app-1");
        Path script = directory.resolve("colla-jobs/app-1/job.sh");
        assertThat(script).content().contains("#SBATCH --nodes=2\n", "colla run " + app + " x &\n");
        assertThat(Files.getPosixFilePermissions(script)).hasSize(3);
        assertThat(directory.resolve("home/.colla/jobs/77.json")).content().contains("\"id\" : \"77\"");
        assertThat(colla("submit", "--json", app)).isZero();
        assertThat(printed()).contains("\"job\": \"77\"", "colla-jobs/app-2/job.sh", "colla-jobs/app-2/output.txt");
    }

    @Test
    void aDryRunLeavesNothing() throws IOException {
        program("sbatch", "exit 9");
        assertThat(colla("submit", "--dry-run", "--time", "90m", app)).isZero();
        assertThat(printed()).startsWith("#!/bin/bash\n").contains("#SBATCH --time=01:30:00\n");
        assertThat(directory.resolve("colla-jobs")).doesNotExist();
    }

    @Test
    void optionsOfTheRunArePassedOnAndThoseOfTheJobAreNot() {
        environment.put("SECRET", "it's");
        environment.put("OTHER", "no");
        environment.put("COLLA_RETRIES", "5");
        assertThat(colla(
                        "submit",
                        "--retries",
                        3,
                        "--env",
                        "SECRET",
                        "--queue",
                        "debug",
                        "--stream",
                        "--name",
                        "a b",
                        "--slurm",
                        "--dry-run",
                        app,
                        "--nodes",
                        4,
                        "--slurm"))
                .as(complained())
                .isZero();
        assertThat(printed())
                .contains(
                        "colla run --env SECRET --retries 3 --name 'a b' --stream " + app + " --nodes 4 --slurm &\n",
                        "#SBATCH --job-name=\"a b\"\n",
                        "#SBATCH --partition=debug\n",
                        "#SBATCH --nodes=1\n",
                        "export SECRET='it'\\''s'\n",
                        "export COLLA_RETRIES=5\n")
                .doesNotContain("OTHER");
    }

    @Test
    void whatFollowsTheModuleOrTheTwoDashesIsTheProgramsOwn() {
        assertThat(colla("submit", "--dry-run", "-m", "my.module", "--time", "x"))
                .as(complained())
                .isZero();
        assertThat(printed()).contains("colla run -m my.module --time x &\n", "#SBATCH --job-name=module\n");
        assertThat(colla("submit", "--dry-run", "--", app, "--pbs"))
                .as(complained())
                .isZero();
        assertThat(printed()).contains("colla run " + app + " --pbs &\n");
    }

    @Test
    void inAnotherFolderTheApplicationIsStillFound() throws IOException {
        Path elsewhere = Files.createDirectory(directory.resolve("else where"));
        assertThat(colla("submit", "--dry-run", "--work-dir", "else where", app))
                .as(complained())
                .isZero();
        assertThat(printed()).contains("cd -- '" + elsewhere + "' || exit 2\n", "colla run " + app + " &\n");
    }

    @Test
    void settingsForJobsCanStandInAFile() throws IOException {
        Files.writeString(
                directory.resolve("colla.yaml"), "queue: general\naccount: me\npart: [\"nodes=2,cpus-per-node=4\"]\n");
        assertThat(colla("submit", "--dry-run", app)).as(complained()).isZero();
        assertThat(printed()).contains("--partition=general", "--account=me", "--nodes=2", "--cpus-per-task=4");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--time soon | --time: 'soon': expected a time",
                "--nodes 0 | --nodes: '0': expected a whole number from 1 up",
                "--array 3-1 | --array: '3-1': expected indices",
                "--array 1-9:0 | expected indices",
                "--part nodes=2,cpu-per-node=3 | there is no 'cpu-per-node'; did you mean 'cpus-per-node'?",
                "--part nodes=0 | --part: 'nodes=0': expected",
                "--part nodes=2 --nodes 3 | --nodes and --part exclude each other",
                "--depends-on later:12 | --depends-on: 'later:12': expected a job's id",
                "--mail me@x.org:never | --mail: 'me@x.org:never': expected an address",
                "--gpus-per-node many | --gpus-per-node: 'many': expected a number of GPUs",
                "--env-script nowhere.sh | nowhere.sh: no such file",
                "--work-dir nowhere | there is no such folder; make it first",
                "--output nowhere/x.txt | there is no folder",
                "--output %x.txt | only %j",
                "--array 1-2 --output x.txt | put %a into the name",
                "--array 1-2 --part nodes=1 --part nodes=2 | leave out --array or --part",
                "--quue debug | no option '--quue'; did you mean '--queue'?",
                "--pbs | no qsub of PBS found",
            })
    void complainsInOneSentence(String options, String sentence) {
        Object[] words = ("submit " + options + " " + app).split(" ");
        assertThat(colla(words)).isEqualTo(2);
        assertThat(complained()).startsWith("colla: ").contains(sentence);
        assertThat(complained().strip()).doesNotContain("\n");
        assertThat(directory.resolve("colla-jobs")).doesNotExist();
    }

    @Test
    void complainsOfAnApplicationThatIsNotThere() {
        assertThat(colla("submit", "nowhere.py")).isEqualTo(2);
        assertThat(complained()).contains("no such script: nowhere.py");
        assertThat(colla("submit")).isEqualTo(2);
        assertThat(complained()).contains("nothing to run");
    }

    @Test
    void aRunOutsideRefusesOptionsOfJobs() {
        assertThat(colla("run", "--queue", "x", app)).isEqualTo(2);
        assertThat(complained()).contains("--queue is for batch jobs");
    }

    @Test
    void refusalsHaveTheirOwnExitCode() throws IOException {
        program("sbatch", "echo 'sbatch: error: Batch job submission failed: Invalid qos specification' >&2; exit 1");
        assertThat(colla("submit", app)).isEqualTo(ExitCode.REFUSED.number());
        assertThat(complained()).isEqualTo("colla: Slurm refused the job: Invalid qos specification\n");
    }

    @Test
    void withoutABatchSystemItSaysSo() throws IOException {
        Files.delete(directory.resolve("bin/sbatch"));
        environment.put("PATH", directory.resolve("bin").toString());
        assertThat(colla("submit", app)).isEqualTo(2);
        assertThat(complained()).contains("no batch system found");
    }

    @Test
    void waitGivesTheExitCodesThatAreDocumented() throws IOException {
        colla("submit", app);
        program("scontrol", "echo 'JobId=77 ExitCode=3:0'");
        Map<String, Integer> codes = Map.of(
                "77|COMPLETED|1|d|N/A|None|app", 0,
                "77|FAILED|1|d|N/A|NonZeroExitCode|app", 3,
                "77|CANCELLED|1|d|N/A|None|app", 143,
                "77|TIMEOUT|1|d|N/A|TimeLimit|app", 124,
                "77|NODE_FAIL|1|d|N/A|None|app", 72);
        for (Map.Entry<String, Integer> code : codes.entrySet()) {
            program("squeue", "echo '" + code.getKey() + "'");
            assertThat(colla("wait", "77")).as(code.getKey() + complained()).isEqualTo(code.getValue());
        }
        program("squeue", "echo '77|RUNNING|1|d|N/A|None|app'");
        assertThat(colla("wait", "--timeout", "100ms", "77")).isEqualTo(75);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait", "cancel", "logs"})
    void commandsForJobsAskForAnId(String command) {
        assertThat(colla(command)).isEqualTo(2);
        assertThat(complained()).contains("which job?");
        assertThat(colla(command, "app-1")).isEqualTo(2);
        assertThat(complained()).contains("'app-1' is no job's id");
    }

    @Test
    void logsKnowOnlyJobsOfColla() {
        assertThat(colla("logs", "4")).isEqualTo(2);
        assertThat(complained()).contains("job 4 was not submitted with Colla");
    }

    @Test
    void jobsFitEightyColumns() throws IOException {
        colla("submit", "--name", "a very long name for a job of mine", "--nodes", 12, app);
        program(
                "squeue",
                "echo '77|PENDING|12|d|N/A|ReqNodeNotAvail, UnavailableNodes:node1,node2,node3|x'; echo '78|RUNNING|1|d|N/A|None|other'");
        assertThat(colla("jobs")).as(complained()).isZero();
        assertThat(printed().lines()).allMatch(line -> line.length() <= 80).hasSize(2);
        assertThat(printed()).contains("77 ", "a very long name", "queued", "12");
        assertThat(colla("jobs", "--all")).isZero();
        assertThat(printed()).contains("78 ", "other", "running");
        assertThat(colla("jobs", "--all", "--json")).isZero();
        assertThat(printed()).contains("\"job\": \"77\"", "\"state\": \"queued\"", "\"job\": \"78\"");
    }

    @Test
    void theTraceIsTheRunsNotTheJobs() {
        assertThat(colla("submit", "--dry-run", "-t", "--trace-events", "tasks,user", app))
                .isZero();
        assertThat(printed()).contains("run --trace=full --trace-events tasks,user " + app);
    }
}

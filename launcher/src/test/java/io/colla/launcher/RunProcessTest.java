package io.colla.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.colla.launcher.samples.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code colla run} as a process: exit codes, signals, what is printed and what is left. */
@Tag("process")
class RunProcessTest {
    private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "USR1", 10, "TERM", 15);

    @TempDir
    Path root;

    private Path directory;
    private Path scratch;

    @BeforeEach
    void makeFolders() throws IOException {
        directory = Files.createDirectory(root.resolve("work"));
        scratch = Files.createDirectory(root.resolve("scratch"));
    }

    private CollaProcess run(Path java, String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of("run", "--workers", "embedded", "--scratch", scratch.toString()));
        int options = 0;
        while (options < words.length && words[options].startsWith("--")) {
            all.add(words[options++]);
        }
        all.addAll(List.of("-cp", classes(), Sample.class.getName()));
        all.addAll(List.of(words).subList(options, words.length));
        return CollaProcess.ofClasses(java, directory, all.toArray(String[]::new));
    }

    private CollaProcess run(String... words) throws IOException {
        return run(JavaHomes.current(), words);
    }

    private static String classes() {
        return Path.of(Sample.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .toString();
    }

    private JsonNode summary() throws IOException {
        return new ObjectMapper()
                .readTree(directory.resolve("colla-runs/latest/summary.json").toFile());
    }

    @Test
    void whatFollowsTheClassIsTheApplications() throws Exception {
        try (CollaProcess run = run("arguments", "--cores", "x", "-h", "")) {
            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).isEqualTo("[arguments, --cores, x, -h, ]");
        }
    }

    @Test
    void tellsWhatRanAndLeavesItInTheFolder() throws Exception {
        try (CollaProcess run = run("task")) {
            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).isEqualTo("42");
            assertThat(run.err())
                    .startsWith("Sample: finished")
                    .contains("1 task done", "Math.addExact", "run folder: ");
        }
        assertThat(summary().get("done").asInt()).isEqualTo(1);
        Path folder = directory.resolve("colla-runs/Sample-1");
        assertThat(Files.readAllLines(folder.resolve("placements.csv")))
                .hasSize(2)
                .last()
                .asString()
                .startsWith("Math.addExact,");
        assertThat(folder.resolve("run.log")).content().contains("run 'Sample'", "ended: finished");
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void quietPrintsNothingOfItsOwn() throws Exception {
        try (CollaProcess run = run("--quiet", "task")) {
            assertThat(run.exitCode()).isZero();
            assertThat(run.err()).isEmpty();
        }
    }

    /** Whether the process' end or the application's wait tells of it first is a race; either names the task and what it did. */
    @Test
    void namesTheTaskThatCallsExit() throws Exception {
        try (CollaProcess run = run("task-exits")) {
            assertThat(run.exitCode()).as(run.err()).isEqualTo(71);
            assertThat(run.err())
                    .containsSubsequence("Sample.exits #1", "called System.exit; a task must return or throw");
        }
        assertThat(scratch).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "exit 0|0|Sample: the application called System.exit",
                "exit 42|42|Sample: the application called System.exit",
                "throw|1|Exception in thread \"main\" java.lang.IllegalStateException: thrown on purpose",
                "task-throws|71|java.lang.IllegalArgumentException: task says no",
                "impossible|2|100000",
                "thread|0|Sample: finished",
                "unfinished|0|1 task done",
            })
    void endsWithTheDocumentedCode(String words, int code, String told) throws Exception {
        try (CollaProcess run = run(words.split(" "))) {
            assertThat(run.exitCode()).as(run.err()).isEqualTo(code);
            assertThat(run.err()).contains(told);
        }
        assertThat(directory.resolve("colla-runs/latest/summary.txt")).exists();
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void showsOfAStackTraceOnlyTheApplicationsPart() throws Exception {
        try (CollaProcess run = run("throw")) {
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .contains("at io.colla.launcher.samples.Sample.main")
                    .doesNotContain("Application.run", "reflect");
        }
    }

    @Test
    void waitsForThreadsOfTheApplication() throws Exception {
        try (CollaProcess run = run("thread")) {
            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).isEqualTo("the thread ended");
        }
    }

    @Test
    void endsAtTheTimeLimit() throws Exception {
        try (CollaProcess run = run("--time-limit=1s", "wait-in-task")) {
            assertThat(run.exitCode()).isEqualTo(ExitCode.TIME_LIMIT.number());
            assertThat(run.err()).contains("ended at its time limit of 1.00 s");
        }
        assertThat(summary().get("exitCode").asInt()).isEqualTo(124);
        assertThat(scratch).isEmptyDirectory();
    }

    static Stream<Arguments> signals() throws IOException {
        return JavaHomes.all().stream()
                .flatMap(java -> Stream.of(
                        Arguments.of(java, "INT", ExitCode.INTERRUPTED),
                        Arguments.of(java, "TERM", ExitCode.TERMINATED),
                        Arguments.of(java, "HUP", ExitCode.HANGUP),
                        Arguments.of(java, "USR1", ExitCode.WARNED)));
    }

    @ParameterizedTest
    @MethodSource("signals")
    void endsInOrderAtASignal(Path java, String signal, ExitCode code) throws Exception {
        assumeFalse(isIgnored(signal), "the tests run with SIG" + signal + " ignored, which processes inherit");
        try (CollaProcess run = run(java, "wait-in-task")) {
            run.awaitLine("ready");
            run.signal(signal);
            assertThat(run.exitCode()).as(run.err()).isEqualTo(code.number());
            assertThat(run.err()).contains("colla: ended by SIG" + signal);
        }
        assertThat(summary().get("exitCode").asInt()).isEqualTo(code.number());
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void aSecondCtrlCDoesNotWait() throws Exception {
        assumeFalse(isIgnored("INT"), "the tests run with SIGINT ignored");
        try (CollaProcess run = run("stubborn")) {
            run.awaitLine("ready");
            run.signal("INT");
            run.awaitLine("does not care");
            run.signal("INT");
            assertThat(run.exitCode()).isEqualTo(ExitCode.INTERRUPTED.number());
        }
    }

    @Test
    void saysBeforeAnythingStartsThatTheDiskIsFull() throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -f 8; exec \"$@\"", "sh"));
        command.addAll(List.of(
                JavaHomes.current().toString(), "-XX:-UsePerfData", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Main.class.getName(), "run", "-cp", classes(), Sample.class.getName(), "task"));
        try (CollaProcess run = new CollaProcess(command, directory, Map.of())) {
            assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE.number());
            assertThat(run.err()).contains("cannot write the run's folder", "File too large", "--run-dir");
            assertThat(run.out()).isEmpty();
        }
    }

    /** From the mask in {@code /proc/self/status}, see proc(5). */
    private static boolean isIgnored(String signal) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("SigIgn:")) {
                return (Long.parseUnsignedLong(line.substring(7).strip(), 16) >> (NUMBERS.get(signal) - 1) & 1) == 1;
            }
        }
        return false;
    }
}

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MainTest {
    @TempDir
    Path directory;

    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int colla(String... arguments) {
        Context context = new Context(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new Terminal(false, 80),
                new SettingsLoader(environment, directory, directory, null));
        return new Main(context).run(arguments);
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String complained() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void helpShowsCommandsExamplesAndEveryExitCodeWithinEightyColumns() {
        assertThat(colla("--help")).isZero();
        assertNarrow();
        assertThat(printed()).contains("run ", "alloc ", "config ", "doctor ", "completion ", "Examples:");
        for (ExitCode code : ExitCode.values()) {
            assertThat(printed()).contains(String.format("%3d  %s", code.number(), code.meaning()));
        }
    }

    @ParameterizedTest
    @CsvSource({"--trace, full", "-t, full", "--trace=basic, basic", "-t=basic, basic", "--trace=false, false"})
    void aTraceNeedsNoLevelAndTakesNoOtherWordForOne(String flag, String level) {
        assertThat(colla("config", flag, "--trace-events=tasks,-api", "--cores", "2"))
                .isZero();
        assertThat(printed())
                .containsPattern("(?m)^trace +" + level + " +--trace$")
                .containsPattern("(?m)^trace-events +tasks, -api +--trace-events$");
    }

    @Test
    void aWrongLevelIsNamedWithTheRightOnes() {
        assertThat(colla("config", "--trace=much")).isEqualTo(ExitCode.USAGE.number());
        assertThat(complained())
                .isEqualTo("colla: --trace: 'much': expected basic, full, extrae, true or false, such as full\n");
    }

    @ParameterizedTest
    @EnumSource(Subcommands.class)
    void helpOfEveryCommandFitsEightyColumns(Subcommands subcommand) {
        assertThat(colla(subcommand.word(), "--help")).isZero();
        assertNarrow();
        assertThat(printed()).contains("Usage: colla " + subcommand.word());
    }

    @Test
    void helpOfAWordIsThatOfTheCommand() {
        assertThat(colla("help", "run")).isZero();
        assertThat(printed()).contains("Usage: colla run", "--time-limit");
    }

    private void assertNarrow() {
        assertThat(printed().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }

    @Test
    void versionNamesCollaAndJava() {
        assertThat(colla("--version")).isZero();
        assertThat(printed())
                .matches("colla \\d+\\.\\d+\\.\\d+\\S* \\(\\w+\\), Java " + System.getProperty("java.version")
                        + " .*\\R");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rnu x.jar|no command 'rnu'; did you mean 'run'?; 'colla --help' lists all",
                "--verison|no option '--verison'; did you mean '--version'?; 'colla --help' lists all",
                "run --worker local:2 x.jar|colla run has no option '--worker'; did you mean '--workers'?; see 'colla run --help'",
                "run --xyzzyplugh=3 x.jar|colla run has no option '--xyzzyplugh'; see 'colla run --help'",
                "run|nothing to run; name a script, a jar or, with -cp, a class: colla run app.py",
                "run --cores|missing required parameter for option '--cores' (N)",
                "run --cores 4x a.jar|--cores: '4x': expected a whole number from 1 up, such as 4",
                "run --workers remote a.jar|--workers: 'remote': expected auto, embedded or local:K with K from 1 to 1024, such as local:3",
                "run --hosts h --workers embedded a.jar|no such jar: a.jar",
                "config extra|unexpected 'extra'; see 'colla config --help'",
                "alloc --cores 1 --workers local:2|--cores 1 is less than one core for each of 2 workers",
            })
    void saysInOneSentenceWhatIsWrongWithTheCommandLine(String line, String sentence) {
        assertThat(colla(line.split(" "))).isEqualTo(ExitCode.USAGE.number());
        assertThat(complained()).isEqualTo("colla: " + sentence + System.lineSeparator());
        assertThat(printed()).isEmpty();
    }

    @Test
    void debugAddsTheStackTrace() {
        assertThat(colla("run", "--debug", "none.jar")).isEqualTo(ExitCode.USAGE.number());
        assertThat(complained()).contains("no such jar", "\tat io.colla.launcher");
    }

    @Test
    void configShowsWhereEachValueCameFrom() throws IOException {
        Files.write(directory.resolve("colla.yaml"), List.of("workers: local:3"));
        environment.put("COLLA_RETRIES", "5");
        assertThat(colla("config", "--cores", "2", "--quiet")).isZero();
        assertThat(printed().lines())
                .anyMatch(line -> line.matches("workers +local:3 +.*colla.yaml:1"))
                .anyMatch(line -> line.matches("retries +5 +COLLA_RETRIES"))
                .anyMatch(line -> line.matches("cores +2 +--cores"))
                .anyMatch(line -> line.matches("quiet +true +--quiet"))
                .anyMatch(line -> line.matches("scratch +- +default \\(\\$TMPDIR of the node, else /tmp\\)"));
    }

    @Test
    void configTellsProgramsTheSame() throws IOException {
        environment.put("COLLA_SHARED", "/a,/b");
        assertThat(colla("config", "--json")).isZero();
        var json = new com.fasterxml.jackson.databind.ObjectMapper().readTree(printed());
        assertThat(json.get("shared").get("value")).hasSize(2);
        assertThat(json.get("shared").get("source").asText()).isEqualTo("environment");
        assertThat(json.get("cores").get("value").isNull()).isTrue();
    }

    @Test
    void theLastOfAFlagGivenTwiceCounts() {
        assertThat(colla("config", "--retries", "1", "--retries=7")).isZero();
        assertThat(printed().lines()).anyMatch(line -> line.matches("retries +7 +--retries"));
    }

    @Test
    void completionIsAScriptThatKnowsTheOptions() {
        assertThat(colla("completion")).isZero();
        assertThat(printed()).startsWith("#!").contains("complete -F", "--time-limit", "doctor");
    }
}

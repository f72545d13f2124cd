package io.colla.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.launcher.config.SettingsLoader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceExportCommandTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void aTraceWithoutLabels() throws IOException {
        Files.writeString(
                directory.resolve("app.prv"),
                """
                #Paraver (26/11/2026 at 09:05):5000_ns:1(4):1:1(1:1),0
                2:1:1:1:1:1000:8000000:1:8000002:7
                2:1:1:1:1:2000:8000000:0:8000002:0
                """);
        Files.writeString(
                directory.resolve("app.pcf"), "EVENT_TYPE\n0    8000000    Task\nVALUES\n0      End\n1      count\n");
    }

    private int export(Map<String, String> environment, String... arguments) {
        Context context = new Context(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new Terminal(false, 80),
                new SettingsLoader(environment, directory, directory, null));
        String[] words = new String[arguments.length + 2];
        words[0] = "trace";
        words[1] = "export";
        System.arraycopy(arguments, 0, words, 2, arguments.length);
        return new Main(context).run(words);
    }

    private int export(String... arguments) {
        return export(Map.of(), arguments);
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String complained() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void jsonIsWrittenBesideTheTraceAndCompressed() throws IOException {
        assertThat(export("--perfetto", "app.prv")).isZero();
        assertThat(printed()).isEqualTo(directory.resolve("app.json.gz") + ": 7 events\n");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(directory.resolve("app.json.gz")))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).contains("\"name\":\"count\"");
        }
    }

    @Test
    void aFileWithAnotherNameIsNotCompressed() throws IOException {
        assertThat(export("app.prv", "--perfetto", "-o", "other.json")).isZero();
        assertThat(Files.readString(directory.resolve("other.json"))).startsWith("{\"displayTimeUnit\"");
    }

    @Test
    void tablesAreWrittenIntoAFolder() {
        assertThat(export("--csv", "app.prv")).isZero();
        assertThat(directory.resolve("app.csv/tasks.csv")).content().contains("\n7,count,node 1,");
        assertThat(export("--csv", "--tables=events", "app.prv", "-o", "tables"))
                .isZero();
        assertThat(directory.resolve("tables")).isDirectoryContaining("glob:**/events.csv");
        assertThat(directory.resolve("tables/tasks.csv")).doesNotExist();
    }

    @Test
    void aRunsFolderStandsForItsTrace() throws IOException {
        Path trace =
                Files.createDirectories(directory.resolve("run/trace/logs")).getParent();
        Files.move(directory.resolve("app.prv"), trace.resolve("run.prv"));
        assertThat(export("--csv", "run")).isZero();
        assertThat(printed()).contains(trace.resolve("run.csv/transfers.csv").toString());
    }

    @Test
    void whatIsWrongIsSaid() {
        assertThat(export("app.prv")).isEqualTo(ExitCode.USAGE.number());
        assertThat(complained()).contains("needs one of --perfetto, --csv and --otf2");
        err.reset();
        assertThat(export("--csv", "--tables", "task", "app.prv")).isEqualTo(ExitCode.USAGE.number());
        assertThat(complained()).contains("there is no table 'task'; there are tasks, transfers, dependencies,");
        err.reset();
        assertThat(export("--perfetto", "app.pcf")).isEqualTo(ExitCode.USAGE.number());
        assertThat(complained()).contains("there is no run's folder and no .prv " + directory.resolve("app.pcf"));
    }

    @Test
    void whatTheConverterToOtf2SaysIsPassedOn() throws IOException {
        Path python = Files.createDirectory(directory.resolve("bin")).resolve("python3");
        // Answers the question for its version, and then as a Python without the package does.
        Files.writeString(
                python,
                "#!/bin/sh\n[ \"$1\" != -m ] || { echo \"this Python has no package otf2\" >&2; exit 1; }\n"
                        + "echo 3 11 " + python + "\n");
        assertThat(python.toFile().setExecutable(true)).isTrue();
        assertThat(export(Map.of("PATH", python.getParent().toString()), "--otf2", "app.prv"))
                .isEqualTo(ExitCode.USAGE.number());
        assertThat(complained()).contains("this Python has no package otf2");
    }

    @Test
    void allViewsAreWrittenWhereTheyAreWanted() {
        Context context = new Context(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new Terminal(false, 80),
                new SettingsLoader(Map.of(), directory, directory, null));
        assertThat(new Main(context).run("trace", "views", "cfgs")).isZero();
        assertThat(printed()).matches("(?s)" + directory.resolve("cfgs") + ": \\d+ views\n");
        assertThat(directory.resolve("cfgs/inside_tasks.cfg")).exists();
    }
}

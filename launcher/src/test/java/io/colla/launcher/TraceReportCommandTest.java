package io.colla.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.colla.launcher.config.SettingsLoader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code colla trace report} and {@code compare} on a trace as COMPSs' own tracing writes it. */
class TraceReportCommandTest {
    private static final String TRACE =
            """
            #Paraver (05/03/24 at 10:05):00000000000100000000_ns:2(2,4):2:1(2:1),2(1:2,3:2),0
            2:3:2:2:1:10000000:8000000:2:8000002:1
            2:4:2:2:2:10000000:8000000:2:8000002:2
            2:3:2:2:1:60000000:8000000:0:8000002:0
            2:4:2:2:2:60000000:8000000:0:8000002:0
            """;

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void traces() throws IOException {
        Files.writeString(directory.resolve("a.prv"), TRACE);
        Files.writeString(directory.resolve("a.pcf"), "EVENT_TYPE\n0 8000000 Task\nVALUES\n0 End\n2 app.work\n");
        Files.writeString(directory.resolve("b.prv"), TRACE.replace(":60000000:", ":90000000:"));
    }

    private int colla(String... arguments) {
        out.reset();
        err.reset();
        Context context = new Context(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new Terminal(false, 80),
                new SettingsLoader(Map.of(), directory, directory, null));
        return new Main(context).run(arguments);
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void textJsonAndPage() throws IOException {
        assertThat(colla("trace", "report", "a.prv")).isZero();
        assertThat(printed())
                .startsWith("a: 2 tasks on 3 cores of 1 node in 100 ms\n")
                .contains("app.work");
        assertThat(colla("trace", "report", "--json", "a.prv")).isZero();
        JsonNode json = new ObjectMapper().readTree(printed());
        assertThat(json.path("format").asInt()).isEqualTo(1);
        assertThat(json.at("/functions/0/mean_ns").asDouble()).isEqualTo(50e6);
        assertThat(json.path("critical_path").isNull()).isTrue();
        assertThat(colla("trace", "report", "a.prv", "--html")).isZero();
        assertThat(printed()).isEqualTo(directory.resolve("a.html") + "\n");
        assertThat(directory.resolve("a.html"))
                .content()
                .startsWith("<!doctype html>")
                .contains("app.work");
        assertThat(colla("trace", "report", "-o", "text", "a.prv")).isZero();
        assertThat(directory.resolve("text")).content().startsWith("a: 2 tasks");
    }

    @Test
    void comparison() throws IOException {
        assertThat(colla("trace", "compare", "a.prv", "b.prv")).isZero();
        assertThat(printed()).contains("Elapsed", "The runs took about the same time");
        assertThat(colla("trace", "compare", "a.prv", "b.prv", "--json")).isZero();
        assertThat(new ObjectMapper()
                        .readTree(printed())
                        .at("/parts/0/second_ns_per_core")
                        .asDouble())
                .isEqualTo(160e6 / 3);
        assertThat(colla("trace", "compare", "a.prv")).isEqualTo(ExitCode.USAGE.number());
    }

    @Test
    void whatIsNoTraceIsSaid() throws IOException {
        Files.writeString(directory.resolve("no.prv"), "hello\n");
        assertThat(colla("trace", "report", "no.prv")).isEqualTo(ExitCode.USAGE.number());
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("no.prv is no Paraver trace");
        assertThat(colla("trace", "report", "a.prv", "-o", "none/text")).isEqualTo(ExitCode.USAGE.number());
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("cannot write");
    }
}

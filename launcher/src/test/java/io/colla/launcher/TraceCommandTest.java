package io.colla.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.launcher.config.SettingsLoader;
import io.colla.tracing.EventTypes;
import io.colla.tracing.TraceFolder;
import io.colla.tracing.TraceSettings;
import io.colla.tracing.log.ThreadLog;
import io.colla.tracing.log.TraceLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TraceCommandTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int colla(String... arguments) {
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

    private String complained() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void helpListsWhatCanBeDone() {
        assertThat(colla("trace", "--help")).isZero();
        for (TraceCommand.Word word : TraceCommand.Word.values()) {
            assertThat(printed()).contains("\n  " + word.word());
        }
        out.reset();
        assertThat(colla("trace")).isEqualTo(ExitCode.USAGE.number());
        assertThat(printed()).startsWith("Shows where");
    }

    @ParameterizedTest
    @EnumSource(TraceCommand.Word.class)
    void eachHasItsHelpWithinEightyColumns(TraceCommand.Word word) {
        assertThat(colla("trace", word.word(), "--help")).isZero();
        assertThat(printed()).contains("Usage: colla trace " + word.word() + " ");
        assertThat(printed().lines()).allMatch(line -> line.length() <= 80, "at most 80 columns");
    }

    @Test
    void whatIsWrongIsSaidWithTheCommandsName() {
        assertThat(colla("trace", "sing")).isEqualTo(ExitCode.USAGE.number());
        assertThat(complained()).contains("unexpected 'sing'; see 'colla trace --help'");
        err.reset();
        assertThat(colla("trace", "merge")).isEqualTo(ExitCode.USAGE.number());
        assertThat(complained()).contains("RUN");
        err.reset();
        assertThat(colla("trace", "merge", "x", "--gzap")).isEqualTo(ExitCode.USAGE.number());
        assertThat(complained())
                .contains("colla trace merge has no option '--gzap'; did you mean '--gzip'?; see 'colla trace merge");
    }

    @Test
    void optionsMayStandBehindTheRun() {
        assertThat(colla("trace", "merge", "nowhere", "--gzip")).isEqualTo(ExitCode.USAGE.number());
        assertThat(complained()).contains("there is no run's folder " + directory.resolve("nowhere"));
    }

    @Test
    void aTraceThatIsGoodIsSaidSoAndOneThatIsNotEndsWithOne() throws IOException {
        Path logs = Files.createDirectories(directory.resolve("run/trace/logs"));
        try (TraceLog log =
                TraceLog.open(logs.resolve("master.ctl"), Map.of("role", "master", "node", "n1", "cpus", "1"))) {
            ThreadLog main = log.thread("main", 1);
            main.record(EventTypes.API, 6);
            main.record(EventTypes.API, 0);
        }
        TraceFolder.make(directory.resolve("run"), TraceSettings.of(TraceSettings.Level.BASIC), "app");
        assertThat(colla("trace", "check", "run")).as(printed()).isZero();
        assertThat(printed()).endsWith("app.prv: 3 records (1 states, 2 of events, 0 communications), no fault\n");
        Path prv = directory.resolve("run/trace/app.prv");
        Files.writeString(prv, Files.readString(prv) + "2:0:7:1:1:0:1:1\n");
        out.reset();
        assertThat(colla("trace", "check", prv.toString())).isEqualTo(1);
        assertThat(printed())
                .contains("line 5 names thread 7.1.1, which the header does not have\n")
                .contains(", 2 faults\n");
        err.reset();
        assertThat(colla("trace", "check", "nowhere")).isEqualTo(ExitCode.USAGE.number());
        assertThat(complained()).contains("there is no run's folder and no .prv ");
    }
}

package io.colla.python.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.tracing.EventTypes;
import io.colla.tracing.log.LogReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The trace logs of Python processes, read as Java's are. */
@Tag("process")
@Timeout(60)
class PythonLogTest {
    private static final String PROGRAM =
            """
            import os, signal, sys
            from colla import _trace, trace
            _trace.identify("python-executor", "python", 9, node="n1")
            trace.define(9100001, "Größe", {1: "one"})
            for value in range(1, int(sys.argv[1]) + 1):
                trace.event(9100001, -value)
            if sys.argv[2] == "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            _trace.close()
            """;

    @TempDir
    Path folder;

    private LogReader log(int events, String end) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(PythonKit.interpreter(), "-c", PROGRAM, Integer.toString(events), end).inheritIO();
        builder.environment()
                .putAll(Map.of(
                        "PYTHONPATH",
                        PythonKit.packages(),
                        "COLLA_TRACE_SETTINGS",
                        "BASIC USER",
                        "COLLA_TRACE_LOGS",
                        folder.toString()));
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return LogReader.open(folder.resolve("python-executor-n1-" + process.pid() + ".ctl"));
    }

    private static List<Long> values(LogReader log, int type) throws IOException {
        List<Long> values = new ArrayList<>();
        LogReader.Cursor cursor = log.cursor(0);
        while (cursor.next()) {
            if (cursor.type() == type) {
                values.add(cursor.value());
            }
        }
        return values;
    }

    @Test
    void whatPythonRecordsIsRead() throws Exception {
        long before = System.nanoTime();
        try (LogReader log = log(20_000, "in order")) {
            assertThat(log.records()).isEqualTo(20_002);
            assertThat(values(log, 9100001))
                    .hasSize(20_000)
                    .startsWith(-1L, -2L)
                    .endsWith(-20_000L);
            assertThat(values(log, EventTypes.THREAD_TYPE)).containsExactly(9L, 0L);
            assertThat(log.span(0)[0]).as("one clock").isBetween(before, System.nanoTime());
            assertThat(log.described("event-type")).singleElement().satisfies(type -> assertThat(type)
                    .containsEntry("label", "Größe")
                    .containsEntry("value.1", "one"));
            assertThat(log.described("end")).hasSize(1);
        }
    }

    @Test
    void whatAKilledProcessHasRecordedIsRead() throws Exception {
        for (int events : new int[] {1, 119, 120, 5000}) {
            try (LogReader log = log(events, "killed")) {
                assertThat(log.records()).isEqualTo(events + 1);
                assertThat(values(log, 9100001)).hasSize(events).endsWith((long) -events);
                assertThat(log.described("end")).isEmpty();
            }
        }
    }
}

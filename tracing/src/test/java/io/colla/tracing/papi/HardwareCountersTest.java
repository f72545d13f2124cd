package io.colla.tracing.papi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.NativeLibrary;
import io.colla.tracing.log.LogReader;
import io.colla.tracing.log.ThreadLog;
import io.colla.tracing.log.TraceLog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Counting with a library that stands in for libpapi, as most machines on which tests run have no counters to read; and the sentences where there are none, with what the machine has. */
@Timeout(60)
class HardwareCountersTest {
    @TempDir
    Path folder;

    private Path standIn() throws Exception {
        Path source = folder.resolve("standin.c");
        Path library = folder.resolve("libstandin.so");
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/papi/standin.c"))) {
            Files.copy(in, source);
        }
        Process compiler;
        try {
            compiler = new ProcessBuilder("cc", "-shared", "-fPIC", "-o", library.toString(), source.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("cc.out").toFile())
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "there is no C compiler");
            throw e;
        }
        assertThat(compiler.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(compiler.exitValue())
                .as(Files.readString(folder.resolve("cc.out")))
                .isZero();
        return library;
    }

    @Test
    void eachReadingRecordsWhatWasCountedSinceTheOneBefore() throws Exception {
        Path library = standIn();
        HardwareCounters counters = HardwareCounters.open(library.toString());
        assertThat(counters.absence()).isEmpty();
        Path file = folder.resolve("node.ctl");
        try (TraceLog log = TraceLog.open(file, Map.of("role", "worker", "node", "n1"))) {
            ThreadLog thread = log.thread("executor", 1);
            try (ThreadCounters mine = Objects.requireNonNull(counters.begin())) {
                for (int time = 10; time <= 30; time += 10) {
                    mine.record(thread, time);
                }
            }
        }
        assertThat(NativeLibrary.getInstance(library.toString())
                        .getFunction("standin_started")
                        .invokeInt(new Object[0]))
                .as("event sets that count on")
                .isZero();
        // The stand-in's counters are the preset's number times the square of how often it was read.
        assertThat(records(file))
                .containsExactly(
                        "10 42000050 50",
                        "10 42000059 59",
                        "10 42000008 8",
                        "20 42000050 150",
                        "20 42000059 177",
                        "20 42000008 24",
                        "30 42000050 250",
                        "30 42000059 295",
                        "30 42000008 40");
    }

    @Test
    void threadsCountEachForItself() throws Exception {
        HardwareCounters counters = HardwareCounters.open(standIn().toString());
        Path file = folder.resolve("node.ctl");
        try (TraceLog log = TraceLog.open(file, Map.of("role", "worker", "node", "n1"));
                ThreadCounters mine = Objects.requireNonNull(counters.begin())) {
            mine.record(log.thread("executor", 1), 5);
            Thread other = new Thread(() -> {
                try (ThreadCounters its = Objects.requireNonNull(counters.begin())) {
                    its.record(log.thread("executor", 2), 5);
                    // The stand-in fails where a thread reads what another counts, and nothing is recorded.
                    mine.record(log.thread("executor", 3), 6);
                }
            });
            other.start();
            other.join();
        }
        try (LogReader reader = LogReader.open(file)) {
            assertThat(reader.threads()).containsExactly(0, 1);
        }
    }

    @Test
    void whyThereAreNoneIsSaidInAFewWords() {
        HardwareCounters absent = HardwareCounters.open("no-such-library-of-papi");
        assertThat(absent.absence()).isEqualTo("libpapi is not installed");
        assertThat(absent.begin()).isNull();
        assertThat(HardwareCounters.open("m").absence()).startsWith("libpapi lacks what is needed: ");
    }

    /** Whatever this machine has: counters that grow, or a sentence. */
    @Test
    void thisMachineCountsOrSaysWhyNot() throws Exception {
        HardwareCounters here = HardwareCounters.open();
        ThreadCounters counters = here.begin();
        if (counters == null) {
            assertThat(here.absence()).matches("libpapi is not installed|.*cannot be read \\(.*|libpapi .*");
            return;
        }
        Path file = folder.resolve("node.ctl");
        try (TraceLog log = TraceLog.open(file, Map.of("role", "worker", "node", "n1"))) {
            counters.record(log.thread("executor", 1), 1);
            counters.close();
        }
        assertThat(records(file)).isNotEmpty();
    }

    private static List<String> records(Path file) throws IOException {
        List<String> records = new ArrayList<>();
        try (LogReader reader = LogReader.open(file)) {
            LogReader.Cursor cursor = reader.cursor(0);
            while (cursor.next()) {
                records.add(cursor.time() + " " + cursor.type() + " " + cursor.value());
            }
        }
        return records;
    }
}

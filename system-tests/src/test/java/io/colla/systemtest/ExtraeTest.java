package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.colla.tracing.EventTypes;
import io.colla.tracing.paraver.PrvReader;
import io.colla.tracing.paraver.PrvVisitor;
import io.colla.tracing.paraver.TraceChecker;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Runs that Extrae records, and tasks that are recorded by themselves. Extrae is not there: its library and its merger are a stand-in that keeps the rules of the real ones, so that what is
 * shown here is how Colla calls them, not that the real ones take it. The traces of instrumented tasks are real, though a script writes them.
 */
@Tag("process")
@Timeout(240)
class ExtraeTest extends ThisMachine {
    private static final String[] PRODUCT = {"product", "--size", "512", "--block", "64"};
    private static final double MOST_OFF = 0.1e9;

    /** A folder as Extrae is installed in. */
    private Path standIn() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "no gcc on this machine");
        Path home = folder.resolve("extrae");
        Files.createDirectories(home.resolve("lib"));
        Files.createDirectories(home.resolve("bin"));
        Path source = resource("standin.c", folder.resolve("standin.c"));
        Process compiler = new ProcessBuilder(
                        "gcc",
                        "-shared",
                        "-fPIC",
                        "-pthread",
                        "-o",
                        home.resolve("lib/libpttrace.so").toString(),
                        source.toString())
                .inheritIO()
                .start();
        assertThat(compiler.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(compiler.exitValue()).isZero();
        assertThat(resource("mpi2prv.py", home.resolve("bin/mpi2prv")).toFile().setExecutable(true))
                .isTrue();
        return home;
    }

    private Path resource(String name, Path target) throws IOException {
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("extrae/" + name))) {
            Files.copy(in, target);
        }
        return target;
    }

    private Path trace() {
        return work.resolve("colla-runs/latest/trace");
    }

    /** When each task began. */
    private static Map<Long, Long> begins(Path prv) throws IOException {
        Map<Long, Long> begins = new HashMap<>();
        try (PrvReader reader = PrvReader.open(prv)) {
            reader.read(new PrvVisitor() {
                @Override
                public void event(int cpu, int row, long time, int type, long value) {
                    if (type == EventTypes.TASK_ID && value > 0) {
                        begins.putIfAbsent(value, time);
                    }
                }
            });
        }
        return begins;
    }

    @Test
    void extraeRecordsAllProcessesFromTheirOwnThreads() throws Exception {
        Map<String, String> site = Map.of("EXTRAE_HOME", standIn().toString());
        List<String> options = new ArrayList<>(THREE);
        options.add("--trace=extrae");
        start(Home.example(options, PRODUCT), site).await().hasCode(0);
        Path own;
        try (var files = Files.newDirectoryStream(trace(), "*.prv")) {
            own = files.iterator().next();
        }
        Path theirs = trace().resolve("extrae").resolve(own.getFileName());
        Set<Integer> paired = Set.of(EventTypes.TASK, EventTypes.TASK_ID, EventTypes.RUNTIME, EventTypes.CPUS);
        TraceChecker.Findings ours = TraceChecker.check(own, paired);
        TraceChecker.Findings extraes = TraceChecker.check(theirs, paired);
        assertThat(extraes.faults()).isEmpty();
        assertThat(extraes.machine().applications())
                .as("the master and three workers")
                .hasSize(4);
        assertThat(extraes.spans()).containsEntry(EventTypes.TASK, ours.spans().get(EventTypes.TASK));
        assertThat((double) extraes.durations().get(EventTypes.TASK))
                .isBetween(
                        0.8 * ours.durations().get(EventTypes.TASK),
                        1.2 * ours.durations().get(EventTypes.TASK));
        String row = Files.readString(Path.of(theirs.toString().replace(".prv", ".row")));
        assertThat(row)
                .contains(
                        "EXECUTOR_1 of worker-local-1",
                        "EXECUTOR_1 of worker-local-3",
                        "MASTER\n",
                        "WORKER of worker-local-2\n");
        String pcf = Files.readString(Path.of(theirs.toString().replace(".prv", ".pcf")));
        assertThat(pcf).contains("8000000    Task\n", "11      Task Running\n", "Instr completed (PAPI_TOT_INS)");
        // Tasks of different processes are as far apart as in Colla's own trace.
        Map<Long, Long> mine = begins(own);
        Map<Long, Long> other = begins(theirs);
        assertThat(other).hasSameSizeAs(mine);
        double off = other.get(1L) - mine.get(1L);
        mine.forEach((task, begin) -> assertThat(Math.abs(other.get(task) - begin - off))
                .as("nanoseconds that task %d is off", task)
                .isLessThan(MOST_OFF));
    }

    @Test
    void withoutExtraeARunIsRefusedAtOnceButInAJobGoesOn() throws Exception {
        List<String> options = List.of("--workers", "embedded", "--trace=extrae");
        Map<String, String> nowhere = Map.of("EXTRAE_HOME", "/nowhere");
        start(Home.example(options, PRODUCT), nowhere)
                .await()
                .hasCode(2)
                .says("--trace=extrae: Extrae is not on this machine: libpttrace.so or libseqtrace.so is not found by"
                        + " EXTRAE_HOME (/nowhere), LD_LIBRARY_PATH and ldconfig; set EXTRAE_HOME");
        start(Home.example(options, PRODUCT), Map.of("EXTRAE_HOME", "/nowhere", "PBS_JOBID", "1.none"))
                .await()
                .hasCode(0)
                .says("this run goes on with it");
        try (var files = Files.newDirectoryStream(trace(), "*.prv")) {
            assertThat(files).hasSize(1);
        }
    }
}

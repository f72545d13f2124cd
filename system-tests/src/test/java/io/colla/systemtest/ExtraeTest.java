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

    /** A program that records itself as Extrae's traces are: one event for as long as it works, and what its machine's clock was. */
    private static final String RECORDED =
            """
            import os, sys, time
            began = time.monotonic_ns()
            folder = os.environ.get("EXTRAE_FINAL_DIR")
            while time.monotonic_ns() < began + 200_000_000:
                pass
            took = time.monotonic_ns() - began
            if folder and sys.argv[1] == "record":
                os.makedirs(folder)
                base = os.path.join(folder, "self")
                with open(base + ".prv", "w") as prv:
                    print(f"#Paraver (26/11/2026 at 09:05):{took}_ns:1(1):1:1(1:1),0", file=prv)
                    print(f"2:1:1:1:1:0:40000050:{began}:9100000:1\\n2:1:1:1:1:{took}:9100000:0", file=prv)
                with open(base + ".pcf", "w") as pcf:
                    print("EVENT_TYPE\\n0 40000050 Clock\\n\\nEVENT_TYPE\\n0 9100000 User events", file=pcf)
                with open(base + ".row", "w") as row:
                    print(f"LEVEL NODE SIZE 1\\n{os.uname().nodename}\\n\\nLEVEL THREAD SIZE 1\\nTHREAD 1.1.1", file=row)
            with open(sys.argv[2], "w") as told:
                print([name for name in os.environ if name.startswith("EXTRAE_")], os.environ.get("LD_PRELOAD"), file=told)
            """;

    private static final String PROGRAM =
            """
            from pycompss.api.api import compss_barrier
            from pycompss.api.binary import binary
            from pycompss.api.task import task

            @binary(binary="python3", args="recorded.py {{how}} {{told}}", working_dir=".")
            @task()
            def work(how, told): ...

            for i in range(4):
                work("record" if i % 2 else "not", f"told-{i}")
            compss_barrier()
            """;

    @Test
    void instrumentedTasksAreFurtherApplicationsWithinTheirTasks() throws Exception {
        Files.writeString(work.resolve("recorded.py"), RECORDED);
        Files.writeString(work.resolve("app.py"), PROGRAM);
        start(
                        Home.python(List.of("--workers", "local:2", "--trace"), work.resolve("app.py")),
                        Map.of("EXTRAE_ON", "1", "LD_PRELOAD", "libseqtrace.so", "EXTRAE_CONFIG_FILE", "/none"))
                .await()
                .hasCode(0);
        for (int i = 0; i < 4; i++) {
            assertThat(work.resolve("told-" + i))
                    .content()
                    .contains("'EXTRAE_DIR'", "'EXTRAE_FINAL_DIR'")
                    .doesNotContain("EXTRAE_ON", "EXTRAE_CONFIG_FILE", "libseqtrace");
        }
        Path prv;
        try (var files = Files.newDirectoryStream(trace(), "*.prv")) {
            prv = files.iterator().next();
        }
        TraceChecker.Findings findings = TraceChecker.check(prv, Set.of(EventTypes.TASK, EventTypes.USER));
        assertThat(findings.faults()).isEmpty();
        assertThat(findings.spans()).containsEntry(EventTypes.TASK, 4L).containsEntry(EventTypes.USER, 2L);
        assertThat(findings.machine().nodes())
                .as("the two workers', and no other")
                .hasSize(2);
        Map<Long, long[]> tasks = new HashMap<>();
        Map<Integer, long[]> programs = new HashMap<>();
        try (PrvReader reader = PrvReader.open(prv)) {
            Map<Integer, Long> running = new HashMap<>();
            reader.read(new PrvVisitor() {
                @Override
                public void event(int cpu, int row, long time, int type, long value) {
                    if (type == EventTypes.TASK_ID && value > 0) {
                        running.put(row, value);
                        tasks.put(value, new long[] {time, Long.MAX_VALUE});
                    } else if (type == EventTypes.TASK_ID) {
                        tasks.get(running.get(row))[1] = time;
                    } else if (type == EventTypes.USER && value > 0) {
                        programs.put(row, new long[] {time, 0});
                    } else if (type == EventTypes.USER) {
                        programs.get(row)[1] = time;
                    }
                }
            });
            programs.forEach((row, span) -> {
                long task = Long.parseLong(reader.name(row).replaceAll(".* of task ", ""));
                assertThat(span[0]).as("begin").isGreaterThan(tasks.get(task)[0]);
                assertThat(span[1]).as("end").isLessThan(tasks.get(task)[1]);
                assertThat(span[1] - span[0]).isGreaterThanOrEqualTo(200_000_000);
            });
        }
    }
}

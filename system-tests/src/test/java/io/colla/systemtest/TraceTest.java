package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.colla.tracing.EventTypes;
import io.colla.tracing.paraver.TraceChecker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Traces of runs on this machine, read by the strict reader, with as many tasks as the run's own account has, and as much time in them. */
@Tag("process")
@Timeout(180)
class TraceTest extends ThisMachine {
    private Path trace() throws IOException {
        try (Stream<Path> files = Files.walk(work)) {
            return files.filter(file -> file.toString().endsWith(".prv"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static List<String> traced(List<String> options) {
        List<String> all = new ArrayList<>(options);
        all.add("--trace");
        return all;
    }

    /** Columns of the run's account. */
    private static final int DONE = 2;

    private static final int FAILED = 3;
    private static final int RETRIED = 5;
    private static final int SECONDS = 6;

    /** A column of the run's account, summed. */
    private double account(int column) throws IOException {
        return placements().stream()
                .skip(1)
                .mapToDouble(row -> Double.parseDouble(row.split(",")[column]))
                .sum();
    }

    private TraceChecker.Findings checked() throws IOException, InterruptedException {
        return TraceJudges.judge(trace());
    }

    @Test
    void blocksOfMatricesOnThreeWorkers() throws Exception {
        example(traced(THREE), "product", "--size", "512", "--block", "64", "--verify")
                .await()
                .hasCode(0)
                .prints("residual of C");
        TraceChecker.Findings findings = checked();
        assertThat(findings.machine().applications())
                .as("the master and three workers")
                .hasSize(4);
        assertThat((double) findings.spans().get(EventTypes.TASK)).isEqualTo(account(DONE));
        assertThat(findings.communications()).isPositive();
    }

    @Test
    void aCountInOneJvm() throws Exception {
        example(traced(List.of("--workers", "embedded")), "wordcount", "/usr/share/common-licenses", "--bytes", "20000")
                .await()
                .hasCode(0);
        TraceChecker.Findings findings = checked();
        assertThat((double) findings.spans().get(EventTypes.TASK)).isEqualTo(account(DONE));
    }

    /** Tasks that last, tiny ones that travel together, programs, and some that fail, once or for good. */
    private static final String MIXED =
            """
            import os, time
            from pycompss.api.api import compss_barrier, compss_wait_on
            from pycompss.api.binary import binary
            from pycompss.api.parameter import *
            from pycompss.api.task import task

            @task(returns=int)
            def tiny(a):
                return a + 1

            @task(returns=int)
            def naps(seconds):
                time.sleep(seconds)
                return 1

            @task(on_failure="IGNORE")
            def fails():
                time.sleep(0.2)
                raise ValueError("on purpose")

            @task(returns=int, on_failure="RETRY")
            def fails_first(marker):
                time.sleep(0.2)
                if not os.path.exists(marker):
                    open(marker, "w").close()
                    raise ValueError("the first time")
                return 1

            @binary(binary="sleep")
            @task()
            def sleeps(seconds):
                pass

            total = [tiny(i) for i in range(2000)] + [naps(0.1 * (i % 4)) for i in range(12)]
            for i in range(6):
                sleeps(0.3)
            fails()
            total.append(fails_first(os.path.abspath("marker")))
            print("sum", sum(compss_wait_on(total)))
            compss_barrier()
            """;

    @Test
    void theAccountOfARunIsWhatItsTraceSums() throws Exception {
        Files.writeString(work.resolve("mixed.py"), MIXED);
        start(Home.python(traced(List.of("--workers", "local:2")), "mixed.py"))
                .await()
                .hasCode(0)
                .prints("sum 2001013");
        TraceChecker.Findings findings = checked();
        assertThat(account(RETRIED)).isEqualTo(1);
        assertThat((double) findings.spans().get(EventTypes.TASK))
                .as("attempts")
                .isEqualTo(account(DONE) + account(FAILED) + account(RETRIED));
        assertThat(findings.durations().get(EventTypes.TASK) / 1e9).isCloseTo(account(SECONDS), withinPercentage(1));
    }

    @Test
    void theAccountOfAJavaRunIsWhatItsTraceSums() throws Exception {
        example(traced(THREE), "wordcount", "/usr/share/common-licenses", "--bytes", "2000")
                .await()
                .hasCode(0);
        TraceChecker.Findings findings = checked();
        assertThat((double) findings.spans().get(EventTypes.TASK)).isEqualTo(account(DONE));
        assertThat(findings.durations().get(EventTypes.TASK) / 1e9).isCloseTo(account(SECONDS), withinPercentage(1));
    }

    @Test
    void aFullTraceHasTheUseOfTheNodeAndAWordAboutTheProcessorsCounters() throws Exception {
        List<String> options = new ArrayList<>(THREE);
        options.add("--trace=full");
        Launched.Ended run =
                example(options, "product", "--size", "512", "--block", "64").await();
        run.hasCode(0);
        checked();
        Path prv = trace();
        List<String> names = Files.readAllLines(Path.of(prv.toString().replaceAll("prv$", "row")));
        assertThat(names)
                .as("one row for a machine, whatever runs there")
                .filteredOn(name -> name.startsWith("COUNTERS"))
                .hasSize(1);
        try (Stream<String> lines = Files.lines(prv)) {
            List<String> events = lines.filter(line -> line.startsWith("2:")).toList();
            assertThat(events)
                    .anyMatch(line -> line.matches(".*:" + EventTypes.NODE_CPU + ":[1-9]\\d*"))
                    .anyMatch(line -> line.matches(".*:" + EventTypes.NODE_MEMORY + ":[1-9]\\d*"));
            boolean counted = events.stream().anyMatch(line -> line.contains(":" + EventTypes.FIRST_COUNTER / 1000));
            boolean told = run.err().contains("hardware counters of ");
            assertThat(counted || told).as("counters, or why there are none").isTrue();
        }
    }

    @Test
    void withoutTheOptionNothingIsRecorded() throws Exception {
        example(List.of("--workers", "embedded"), "wordcount", "/usr/share/common-licenses", "--bytes", "20000")
                .await()
                .hasCode(0);
        try (Stream<Path> files = Files.walk(work)) {
            assertThat(files).noneMatch(file -> file.getFileName().toString().equals("trace"));
        }
    }
}

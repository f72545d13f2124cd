package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.tracing.EventTypes;
import io.colla.tracing.paraver.TraceChecker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Traces of runs on this machine, read by the strict reader, with as many tasks as the run's own account has, and as much time in them. */
@Tag("process")
@Timeout(180)
class TraceTest extends ThisMachine {
    private static final Set<Integer> PAIRED = Set.of(
            EventTypes.TASK,
            EventTypes.TASK_ID,
            EventTypes.TASK_TYPE,
            EventTypes.CPUS,
            EventTypes.RUNTIME,
            EventTypes.API);

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

    /** Column of the run's account, summed: 2 done, 5 seconds. */
    private double account(int column) throws IOException {
        return placements().stream()
                .skip(1)
                .mapToDouble(row -> Double.parseDouble(row.split(",")[column]))
                .sum();
    }

    private TraceChecker.Findings checked() throws IOException {
        TraceChecker.Findings findings = TraceChecker.check(trace(), PAIRED);
        assertThat(findings.faults()).isEmpty();
        return findings;
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
        assertThat((double) findings.spans().get(EventTypes.TASK)).isEqualTo(account(2));
        assertThat(findings.communications()).isPositive();
    }

    @Test
    void aCountInOneJvm() throws Exception {
        example(traced(List.of("--workers", "embedded")), "wordcount", "/usr/share/common-licenses", "--bytes", "20000")
                .await()
                .hasCode(0);
        TraceChecker.Findings findings = checked();
        assertThat((double) findings.spans().get(EventTypes.TASK)).isEqualTo(account(2));
    }

    @Test
    void aRunWithAKilledWorkerHasATraceAllTheSame() throws Exception {
        Launched run = application(traced(THREE), "Chains", work, 3, 6);
        run.awaitFiles(work, "began-*", 3);
        mark.processes(Marked.Found::isWorker).get(0).signal("KILL");
        Files.createFile(work.resolve("go"));
        run.await().hasCode(0).prints("the result is right");
        TraceChecker.Findings findings = checked();
        assertThat(findings.spans().get(EventTypes.TASK))
                .as("tasks, some of them twice")
                .isGreaterThanOrEqualTo(3L * 6);
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

package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.colla.tracing.EventTypes;
import io.colla.tracing.log.LogReader;
import io.colla.tracing.paraver.TraceChecker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Traces of runs whose folder is on the own disk of the first node, so that what the others record has to come to it. */
@Tag("cluster")
@Timeout(180)
class FarTraceOnClusterTest extends Cluster {
    private static final String THREE_NODES = "-N3 -n3 -c1 --time=4 --no-kill";
    private static final Set<Integer> PAIRED =
            Set.of(EventTypes.TASK, EventTypes.TASK_ID, EventTypes.TASK_TYPE, EventTypes.CPUS, EventTypes.RUNTIME);
    /** On the disk of node1. */
    private static final String RUN = "/tmp/far-run";

    /** Seen from this machine. */
    private static Path run() throws IOException {
        return root("node1").resolve(RUN.substring(1));
    }

    private Job chains(String... options) throws Exception {
        List<String> all = Stream.concat(Stream.of("--trace", "--run-dir", RUN), Stream.of(options))
                .toList();
        Job job = batch(THREE_NODES, app(all, "Chains", work, 3, 6));
        job.awaitFiles("began-*", 3);
        return job;
    }

    private void go() throws IOException {
        Files.createFile(work.resolve("go"));
    }

    private TraceChecker.Findings checked() throws IOException {
        TraceChecker.Findings findings = TraceChecker.check(run().resolve("trace/far-run.prv"), PAIRED);
        assertThat(findings.faults()).isEmpty();
        return findings;
    }

    private static List<Path> farLogs() throws IOException {
        Path logs = run().resolve("trace/logs");
        if (!Files.isDirectory(logs)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(logs)) {
            return files.filter(file -> file.getFileName().toString().startsWith("of-"))
                    .sorted()
                    .toList();
        }
    }

    /** Waits until what the tasks of two other nodes have begun is in the run's folder, while they run. */
    private static void awaitFarTasks() {
        Awaitility.await("records of two nodes in the folder of a third")
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> {
                    List<Path> logs = farLogs();
                    assertThat(logs).hasSize(2);
                    for (Path log : logs) {
                        try (LogReader reader = LogReader.open(log)) {
                            assertThat(tasks(reader)).as(log.toString()).isPositive();
                        }
                    }
                });
    }

    private static int tasks(LogReader reader) throws IOException {
        int begun = 0;
        for (int thread : reader.threads()) {
            LogReader.Cursor records = reader.cursor(thread);
            while (records.next()) {
                begun += records.type() == io.colla.tracing.Records.TASK_BEGIN ? 1 : 0;
            }
        }
        return begun;
    }

    /** In a column of the run's account. */
    private static double account(int column) throws IOException {
        return Files.readAllLines(run().resolve("placements.csv")).stream()
                .skip(1)
                .mapToDouble(row -> Double.parseDouble(row.split(",")[column]))
                .sum();
    }

    @AfterEach
    void removeRun() throws IOException {
        if (!Files.exists(run())) {
            return;
        }
        try (Stream<Path> files = Files.walk(run())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void allNodesAreInTheTrace() throws Exception {
        Job job = chains();
        awaitFarTasks();
        go();
        job.await().hasCode(0).prints("the result is right");
        TraceChecker.Findings findings = checked();
        assertThat((double) findings.spans().get(EventTypes.TASK)).isEqualTo(account(2));
        assertThat(findings.durations().get(EventTypes.TASK) / 1e9).isCloseTo(account(6), withinPercentage(1));
        assertThat(applicationsWithTasks()).as("the workers").hasSize(3);
        for (Path log : farLogs()) {
            try (LogReader reader = LogReader.open(log)) {
                assertThat(reader.described("end")).as("the end of " + log).hasSize(1);
            }
        }
        removeRun();
    }

    /** Three nodes, two ranks on each. */
    @Test
    void aTaskOnSeveralNodesIsInARowOfEach() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mpirun")), "no mpirun on this machine");
        List<String> options =
                List.of("--trace", "--run-dir", RUN, "--env", "OMPI_MCA_mpi_yield_when_idle=1", "--retries", "0");
        batch("-N3 -n3 -c2 --time=4", app(options, "MpiRuns", 1, 6, 2, "spread", "auto", "sleep", 1))
                .await()
                .hasCode(0);
        checked();
        Map<String, List<Long>> ofSleep = new TreeMap<>();
        try (Stream<String> lines = Files.lines(run().resolve("trace/far-run.prv"))) {
            lines.filter(line -> line.startsWith("1:") && line.endsWith(":1"))
                    .map(line -> line.split(":"))
                    .forEach(state -> ofSleep.computeIfAbsent(state[2], application -> new ArrayList<>())
                            .add(Long.parseLong(state[6]) - Long.parseLong(state[5])));
        }
        assertThat(ofSleep).as("applications that run").hasSize(3);
        assertThat(ofSleep.values())
                .as("nanoseconds of each one's tasks, the longest of which sleeps a second")
                .allSatisfy(times -> assertThat(Collections.max(times)).isGreaterThan(1_000_000_000L));
        removeRun();
    }

    private static Set<Integer> applicationsWithTasks() throws IOException {
        Set<Integer> applications = new TreeSet<>();
        try (Stream<String> lines = Files.lines(run().resolve("trace/far-run.prv"))) {
            lines.filter(line -> line.startsWith("2:") && line.contains(":" + EventTypes.TASK + ":"))
                    .forEach(line -> applications.add(Integer.parseInt(line.split(":")[2])));
        }
        return applications;
    }

    @Test
    void whatAKilledWorkerHadRecordedIsInTheTrace() throws Exception {
        Job job = chains();
        awaitFarTasks();
        mark.processes(found -> found.isWorker() && isOn("node2", found)).get(0).signal("KILL");
        go();
        job.await().hasCode(0).prints("the result is right").says("node2 was lost");
        TraceChecker.Findings findings = checked();
        assertThat(applicationsWithTasks()).hasSize(3);
        assertThat(findings.spans().get(EventTypes.TASK))
                .as("tasks, one of them at least twice")
                .isGreaterThan(3L * 6);
        removeRun();
    }

    @Test
    void whatOtherNodesHadRecordedIsThereWhenTheMasterIsKilled() throws Exception {
        killed = true;
        Job job = chains();
        awaitFarTasks();
        mark.processes(Marked.Found::isLauncher).get(0).signal("KILL");
        job.await().hasCode(137);
        on("node1", List.of(Home.command(), "trace", "merge", RUN)).await().hasCode(0);
        assertThat(checked().spans().get(EventTypes.TASK)).isGreaterThanOrEqualTo(3L);
        assertThat(applicationsWithTasks()).hasSize(3);
        removeRun();
    }
}

package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.colla.tracing.EventTypes;
import io.colla.tracing.paraver.TraceChecker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Traces of the runs that people make, with all that can be recorded, read by all {@link TraceJudges}; their tasks and their time are those of the run's own account. */
@Tag("process")
@Timeout(240)
class JudgedTracesTest extends ThisMachine {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final String SYSTEM_PYTHON = "/usr/bin/python3";

    private static List<String> with(List<String> options, String... more) {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of(more));
        return all;
    }

    @Test
    void aSearchWithHmmer() throws Exception {
        example(with(THREE, "--trace=full"), "hmmer", "--quick", "--verify")
                .await(LIMIT)
                .hasCode(0)
                .prints("verified: all");
        TraceChecker.Findings findings = TraceJudges.judgeRun(work);
        assertThat(findings.machine().applications())
                .as("the master and three workers")
                .hasSize(4);
        exported("--perfetto", "-o", "run.json");
        PerfettoJson json = PerfettoJson.check(work.resolve("run.json"));
        assertThat(json.tasks()).isEqualTo(Account.read(work).attempts());
    }

    @Test
    void clusteringInPython() throws Exception {
        Path program = Files.copy(Path.of("../examples/python/kmeans.py"), work.resolve("kmeans.py"));
        start(Home.python(
                        with(THREE, "--trace=full", "--python", SYSTEM_PYTHON),
                        program,
                        "--points",
                        "20000",
                        "--centres",
                        "4"))
                .await(LIMIT)
                .hasCode(0);
        TraceJudges.judgeRun(work);
        exported("--perfetto", "-o", "run.json");
        PerfettoJson json = PerfettoJson.check(work.resolve("run.json"));
        assertThat(json.tasks()).isEqualTo(Account.read(work).attempts());
        assertThat(json.arrows()).as("transfers and dependencies").isPositive();
    }

    @Test
    void aSweepOfMpiPrograms() throws Exception {
        for (String file : List.of("heat.py", "heat.c")) {
            Files.copy(Path.of("../examples/mpi", file), work.resolve(file));
        }
        start(Home.python(
                        with(
                                List.of("--workers", "local:2", "--trace=full"),
                                "--env",
                                "OMPI_MCA_mpi_yield_when_idle=1",
                                "--python",
                                SYSTEM_PYTHON),
                        "heat.py",
                        "--ranks",
                        "2,2,2",
                        "--steps",
                        "20"))
                .await(LIMIT)
                .hasCode(0)
                .prints("verified");
        TraceJudges.judge(TraceJudges.trace(work));
        // A task is in the trace on each of its nodes, and the account has it once.
        Map<String, DoubleSummaryStatistics> tasks = tasks();
        Account account = Account.read(work);
        assertThat(tasks).hasSize((int) account.attempts());
        assertThat(tasks.values()).as("on one node or two").allMatch(nodes -> nodes.getCount() <= 2);
        assertThat(tasks.values().stream().filter(nodes -> nodes.getCount() == 2))
                .hasSizeGreaterThanOrEqualTo(6);
        assertThat(account.seconds())
                .isBetween(
                        tasks.values().stream()
                                        .mapToDouble(DoubleSummaryStatistics::getMin)
                                        .sum()
                                * 0.99,
                        tasks.values().stream()
                                        .mapToDouble(DoubleSummaryStatistics::getMax)
                                        .sum()
                                * 1.01);
    }

    @Test
    void aRunThatLostAWorker() throws Exception {
        Launched run = application(with(THREE, "--trace=full"), "Chains", work, 3, 6);
        run.awaitFiles(work, "began-*", 3);
        mark.processes(Marked.Found::isWorker).get(0).signal("KILL");
        Files.createFile(work.resolve("go"));
        run.await().hasCode(0).prints("the result is right");
        assertThat(TraceJudges.judge(TraceJudges.trace(work)).spans().get(EventTypes.TASK))
                .as("tasks, some of them twice")
                .isGreaterThanOrEqualTo(3L * 6);
    }

    @Test
    void twoHundredThousandTinyTasks() throws Exception {
        application(with(THREE, "--trace"), "Tiny", 200_000)
                .await(LIMIT)
                .hasCode(0)
                .prints("tasks 200000");
        assertThat(TraceJudges.judgeRun(work).spans().get(EventTypes.TASK)).isEqualTo(200_000);
        exported("--perfetto", "-o", "run.json");
        assertThat(PerfettoJson.check(work.resolve("run.json")).tasks()).isEqualTo(200_000);
        exported("--csv", "-o", "tables");
        try (Stream<String> lines = Files.lines(work.resolve("tables/tasks.csv"))) {
            assertThat(lines.count()).isEqualTo(200_001);
        }
    }

    /** How long each task lasted, on each of its nodes, as the exported table says. */
    private Map<String, DoubleSummaryStatistics> tasks() throws IOException {
        exported("--csv", "-o", "tables");
        Map<String, DoubleSummaryStatistics> tasks = new HashMap<>();
        List<String> lines = Files.readAllLines(work.resolve("tables/tasks.csv"));
        int fromTheEnd = lines.get(0).split(",").length
                - List.of(lines.get(0).split(",")).indexOf("duration_s");
        for (String line : lines.subList(1, lines.size())) {
            // A function's name may have commas.
            String[] fields = line.split(",");
            tasks.computeIfAbsent(fields[0], t -> new DoubleSummaryStatistics())
                    .accept(Double.parseDouble(fields[fields.length - fromTheEnd]));
        }
        return tasks;
    }

    private void exported(String... words) {
        start(Stream.concat(Stream.of(Home.command(), "trace", "export", "colla-runs/latest"), Stream.of(words))
                        .toList())
                .await(LIMIT)
                .hasCode(0);
    }

    @Test
    void ptdFindsWhatIsWrong() throws Exception {
        String ptd = TraceJudges.ptd();
        assumeThat(ptd)
                .as("ptd, of PyPI's pertalde (python/requirements-judges.txt)")
                .isNotNull();
        Path prv = Files.writeString(
                work.resolve("bad.prv"),
                "#Paraver (26/11/2026 at 09:05):5000_ns:1(4):1:1(1:1),0\n2:1:1:1:1:1000:8000000:x\n");
        Files.writeString(work.resolve("bad.pcf"), "");
        Files.writeString(work.resolve("bad.row"), "");
        assertThat(TraceJudges.askPtd(ptd, prv)).contains("8000000:x");
    }
}

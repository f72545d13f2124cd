package io.colla.tracing.report;

import static io.colla.tracing.report.SmallTrace.MS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.colla.tracing.EventTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportsTest {
    /** Values of the API event. */
    private static final int EXECUTE = 4;

    private static final int GET_OBJECT = 9;

    @TempDir
    Path folder;

    private static <T> T need(T value) {
        return Objects.requireNonNull(value);
    }

    @Test
    void efficiencyIsLoadBalanceTimesCommunication() throws IOException {
        SmallTrace trace = new SmallTrace(2, 1);
        trace.task("f", 1, 0, 10, 60);
        trace.task("g", 2, 0, 10, 20);
        TraceReport report = trace.report(folder, 100);
        assertThat(report.slots()).isEqualTo(2);
        assertThat(report.tasks()).isEqualTo(2);
        assertThat(report.elapsed()).isEqualTo(100 * MS);
        assertThat(report.efficiency().parallel()).isCloseTo(0.4, within(1e-9));
        assertThat(report.efficiency().loadBalance()).isCloseTo(40.0 / 60, within(1e-9));
        assertThat(report.efficiency().communication()).isCloseTo(0.6, within(1e-9));
        assertThat(report.concurrency().mean()).isCloseTo(0.8, within(1e-9));
        assertThat(report.concurrency().peak()).isEqualTo(2);
        assertThat(report.concurrency().nanosByCores()).containsExactly(40 * MS, 40 * MS, 20 * MS);
        assertThat(report.concurrency().nanosBelow()).isEqualTo(80 * MS);
        assertThat(report.nodes()).extracting(TraceReport.Node::taskTime).containsExactly(60 * MS, 20 * MS);
        assertThat(report.tail().since()).isEqualTo(30 * MS);
        assertThat(report.tail().idle()).isEqualTo(40 * MS);
        assertThat(report.tail().last().get(0).function()).isEqualTo("f");
    }

    @Test
    void coresIdleForAReason() throws IOException {
        SmallTrace trace = new SmallTrace(1, 2);
        trace.call(0, 10, 4);
        trace.task("f", 1, 0, 10, 10, 2, 3, 1, 0);
        trace.task("f", 1, 1, 60, 10);
        trace.ready(20, 3).ready(25, 0);
        trace.call(30, 10, 6);
        trace.transfer(0, 1, 40, 5, 100, 7);
        trace.call(50, 10, 4);
        CoreTime time = trace.report(folder, 100).coreTime();
        assertThat(time.tasks()).isEqualTo(20 * MS);
        assertThat(time.around()).isEqualTo(5 * MS);
        assertThat(time.start()).as("two cores until the first is taken").isEqualTo(16 * MS);
        assertThat(time.idleReady()).as("one until 23, then two").isEqualTo((3 + 4) * MS);
        assertThat(time.idleTransfers()).isEqualTo(10 * MS);
        assertThat(time.idleNothing()).as("in the barrier").isEqualTo(20 * MS);
        assertThat(time.idleSubmitting())
                .as("one from 8 to 10, two from 50 to 60")
                .isEqualTo((2 + 20) * MS);
        assertThat(time.idleMain())
                .as("one in 10 to 20 and 60 to 70, two in 25 to 30 and 45 to 50")
                .isEqualTo((10 + 10 + 10 + 10) * MS);
        assertThat(time.end()).isEqualTo(60 * MS);
        assertThat(time.total()).isEqualTo(200 * MS);
    }

    @Test
    void theCriticalPathIsTheLongestChainOfTasks() throws IOException {
        SmallTrace trace = new SmallTrace(1, 2);
        int read = trace.task("read", 1, 0, 0, 20);
        int shortOne = trace.task("work", 1, 0, 20, 5);
        int longOne = trace.task("work", 1, 1, 20, 30);
        int other = trace.task("other", 1, 0, 30, 15);
        int merge = trace.task("merge", 1, 0, 50, 10);
        trace.dependency(read, shortOne).dependency(read, longOne);
        trace.dependency(shortOne, merge).dependency(longOne, merge).dependency(shortOne, other);
        TraceReport.CriticalPath path = need(trace.report(folder, 60).path());
        assertThat(path.length()).isEqualTo(60 * MS);
        assertThat(path.steps()).extracting(TraceReport.TaskRef::id).containsExactly(read, longOne, merge);
        assertThat(path.functions().get(0)).isEqualTo(new TraceReport.PathPart("work", 1, 30 * MS));
        assertThat(path.parallelism()).isCloseTo(80.0 / 60, within(1e-9));
    }

    /** Two rounds that need nothing of each other but that the main program looks at the first's result before it calls the second. */
    private static SmallTrace rounds(boolean nested) {
        SmallTrace trace = new SmallTrace(1, 2);
        trace.call(0, 1, EXECUTE).call(1, 1, EXECUTE).call(2, 1, EXECUTE);
        int first = trace.task("work", 1, 0, 5, 20);
        int second = trace.task("work", 1, 1, 5, 10);
        int third = trace.task("merge", 1, 0, 25, 5);
        trace.dependency(first, third).dependency(second, third);
        trace.call(3, 28, GET_OBJECT).call(32, 1, EXECUTE);
        trace.task("work", 1, 0, 33, 20);
        if (nested) {
            trace.task("called by a task", 1, 1, 34, 2);
        }
        return trace;
    }

    @Test
    void theCriticalPathGoesThroughTheMainProgramsWaits() throws IOException {
        TraceReport.CriticalPath path = need(rounds(false).report(folder, 60).path());
        assertThat(path.steps()).extracting(TraceReport.TaskRef::id).containsExactly(1, 3, 4);
        assertThat(path.length()).isEqualTo(45 * MS);
    }

    @Test
    void waitsAreNotInThePathWhenNumbersDoNotTellTheOrderOfCalls() throws IOException {
        TraceReport.CriticalPath path = need(rounds(true).report(folder, 60).path());
        assertThat(path.steps()).extracting(TraceReport.TaskRef::id).containsExactly(1, 3);
    }

    @Test
    void chainsInATraceOfOthersAreThoseOfAFullSearch() throws IOException {
        // Random graphs, against the plain recurrence over all edges.
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            SmallTrace trace = new SmallTrace(1, 4);
            double[] free = new double[4];
            double[] ends = new double[201];
            double[] chain = new double[201];
            double longest = 0;
            for (int i = 1; i <= 200; i++) {
                int core = random.nextInt(4);
                double begin = free[core] + random.nextInt(3);
                int lasts = 1 + random.nextInt(9);
                int id = trace.task("f", 1, core, begin, lasts);
                free[core] = begin + lasts;
                ends[id] = begin + lasts;
                double before = 0;
                for (int tried = 0; tried < 5; tried++) {
                    int other = 1 + random.nextInt(id);
                    if (other != id && ends[other] <= begin) {
                        trace.dependency(other, id);
                        before = Math.max(before, chain[other]);
                    }
                }
                chain[id] = before + lasts;
                longest = Math.max(longest, chain[id]);
            }
            assertThat(need(trace.report(folder, 2000).path()).length())
                    .as("seed " + seed)
                    .isEqualTo(Math.round(longest * MS));
        }
    }

    @Test
    void overheadAndGapsArePerTask() throws IOException {
        SmallTrace trace = new SmallTrace(1, 1);
        trace.task("f", 1, 0, 10, 10, 2, 1, 1, 0);
        trace.task("f", 1, 0, 30, 10, 4, 3, 1, 0);
        trace.ready(22, 1).ready(28, 0);
        TraceReport.Overhead overhead = trace.report(folder, 50).overhead();
        assertThat(overhead.before()).isEqualTo(3 * MS);
        assertThat(overhead.after()).isEqualTo(2 * MS);
        assertThat(overhead.median()).isEqualTo(3 * MS);
        assertThat(overhead.tasks()).isEqualTo(2);
        assertThat(overhead.gap()).as("while a task was ready").isEqualTo(6 * MS);
        assertThat(overhead.gapMedian()).isEqualTo(6 * MS);
        assertThat(overhead.gaps()).isEqualTo(1);
    }

    @Test
    void functionsOfOneNameAreOne() throws IOException {
        SmallTrace trace = new SmallTrace(1, 1);
        trace.task("app.work(INT)", 1, 0, 0, 10);
        trace.task("app.work(FLOAT)", 1, 0, 10, 20);
        TraceReport report = trace.report(folder, 30);
        assertThat(report.functions()).extracting(TraceReport.Function::name).containsExactly("app.work");
        assertThat(report.functions().get(0).count()).isEqualTo(2);
        assertThat(report.functions().get(0).total()).isEqualTo(30 * MS);
    }

    @Test
    void functionsAreCountedWithTheirCoresAndFailures() throws IOException {
        SmallTrace trace = new SmallTrace(1, 4);
        trace.task("pkg.wide(int)", 1, 0, 0, 10, 0, 0, 4, 512);
        for (int i = 0; i < 20; i++) {
            trace.task("small", 1, i % 4, 10 + i, 1 + i % 2);
        }
        trace.failed(1, 3, 30);
        TraceReport report = trace.report(folder, 50);
        TraceReport.Function wide = report.functions().get(0);
        assertThat(wide.name()).isEqualTo("pkg.wide");
        assertThat(wide.total()).isEqualTo(10 * MS);
        assertThat(wide.coreTime()).isEqualTo(40 * MS);
        assertThat(wide.share()).isCloseTo(40.0 / 70, within(1e-9));
        assertThat(wide.cores()).isEqualTo(4);
        assertThat(wide.memory()).isEqualTo(512);
        assertThat(report.concurrency().peak()).isEqualTo(4);
        TraceReport.Function small = report.functions().get(1);
        assertThat(small.count()).isEqualTo(20);
        assertThat(small.mean()).isEqualTo(1.5 * MS);
        assertThat(small.p95()).isEqualTo(2 * MS);
        assertThat(small.max()).isEqualTo(2 * MS);
        assertThat(small.variation()).isCloseTo(0.342, within(0.001));
        assertThat(small.failed()).isEqualTo(1);
        assertThat(report.failed()).isEqualTo(1);
        assertThat(small.longest()).hasSize(5);
    }

    @Test
    void partsOfATaskOnOtherNodesAreCoresAndNoTasks() throws IOException {
        SmallTrace trace = new SmallTrace(2, 1);
        int id = trace.task("ranks", 1, 0, 10, 20);
        trace.part(id, "ranks", 2, 0, 10, 20);
        TraceReport report = trace.report(folder, 40);
        assertThat(report.tasks()).isEqualTo(1);
        assertThat(report.coreTime().tasks()).isEqualTo(40 * MS);
        assertThat(report.functions().get(0).count()).isEqualTo(1);
        assertThat(report.functions().get(0).coreTime()).isEqualTo(40 * MS);
    }

    @Test
    void transfersAreSummedByNodesAndContent() throws IOException {
        SmallTrace trace = new SmallTrace(2, 1);
        trace.task("f", 1, 0, 0, 1);
        trace.transfer(1, 2, 1, 2, 1000, 7).transfer(1, 2, 2, 3, 500, 7).transfer(2, 1, 3, 1, 100, 8);
        TraceReport report = trace.report(folder, 10);
        assertThat(report.transfers())
                .containsExactly(
                        new TraceReport.Transfer("w1", "w2", 2, 1500, 5 * MS),
                        new TraceReport.Transfer("w2", "w1", 1, 100, MS));
        assertThat(report.data()).containsExactly(new TraceReport.Datum(7, 2, 1500), new TraceReport.Datum(8, 1, 100));
    }

    @Test
    void theMainProgramsCallsAreSummed() throws IOException {
        SmallTrace trace = new SmallTrace(1, 1);
        trace.call(0, 1, 4).call(1, 1, 4).call(5, 20, 6).call(40, 5, 9);
        trace.task("f", 1, 0, 5, 20);
        TraceReport.MainThread main = need(trace.report(folder, 50).mainThread());
        assertThat(main.waiting()).isEqualTo(25 * MS);
        assertThat(main.submitting()).isEqualTo(2 * MS);
        assertThat(main.calls().get(0)).isEqualTo(new TraceReport.Call("Barrier", 1, 20 * MS));
    }

    @Test
    void countersAreComparedWithWhatTasksHeld() throws IOException {
        SmallTrace trace = new SmallTrace(1, 4);
        trace.task("f", 1, 0, 0, 30, 0, 0, 4, 3000);
        trace.counter(0, 1, EventTypes.NODE_CPU, 1000);
        trace.counter(10, 1, EventTypes.NODE_CPU, 2000).counter(20, 1, EventTypes.NODE_CPU, 0);
        trace.counter(20, 1, EventTypes.NODE_MEMORY, 700);
        assertThat(trace.report(folder, 30).use()).isEqualTo(new TraceReport.Use(4, 1.5, 3000, 700));
    }

    @Test
    void countersOfOneMachineAreOfAllItsWorkers() throws IOException {
        SmallTrace trace = new SmallTrace(2, 4);
        trace.task("f", 1, 0, 0, 30, 0, 0, 3, 0);
        trace.task("f", 2, 0, 10, 20, 0, 0, 4, 0);
        trace.counter(0, 1, EventTypes.NODE_CPU, 2500).counter(20, 1, EventTypes.NODE_CPU, 0);
        assertThat(trace.report(folder, 30).use()).isEqualTo(new TraceReport.Use(5, 2.5, 0, 0));
    }

    @Test
    void aTraceWithoutTasksSaysSo() throws IOException {
        String text = ReportText.of(new SmallTrace(1, 1).report(folder, 10), false);
        assertThat(text).contains("No task ran.").doesNotContain("NaN");
    }

    @Test
    void whatTheTraceDoesNotTellIsSaid() throws IOException {
        SmallTrace trace = new SmallTrace(1, 1);
        trace.task("f", 1, 0, 0, 10);
        TraceReport report = trace.report(folder, 10);
        assertThat(report.path()).isNull();
        assertThat(report.notes())
                .containsExactly(
                        "The trace has no dependencies: no task needed another's result, or that was not recorded.",
                        "The trace does not tell which tasks were ready, or what the main program did.");
    }

    @Test
    void aTraceThatExtraeWroteHasACoreForEachExecutor() throws IOException {
        // Extrae's header gives each node as many cpus as it has threads there.
        Path prv = Files.writeString(
                folder.resolve("compss.prv"),
                """
                #Paraver (05/03/24 at 10:05):100_ns:2(2,5):2:1(2:1),2(1:2,4:2),0
                2:3:2:2:1:10:8000000:2:8000002:1
                2:4:2:2:2:10:8000000:2:8000002:2
                2:3:2:2:1:60:8000000:0:8000002:0
                2:4:2:2:2:60:8000000:0:8000002:0
                """);
        TraceReport report = Reports.of(prv).report();
        assertThat(report.slots()).isEqualTo(4);
        assertThat(report.efficiency().parallel()).isCloseTo(0.25, within(1e-9));
        assertThat(report.functions().get(0).name()).isEqualTo("2");
    }

    @Test
    void tasksOfAKilledWorkerEndWithTheTrace() throws IOException {
        Path prv = Files.writeString(
                folder.resolve("killed.prv"),
                """
                #Paraver (05/03/24 at 10:05):100_ns:1(1):2:1(1:1),2(1:1,1:1),0
                2:1:2:2:1:10:8000000:2:8000002:1
                """);
        TraceReport report = Reports.of(prv).report();
        assertThat(report.tasks()).isEqualTo(1);
        assertThat(report.functions().get(0).total()).isEqualTo(90);
        assertThatThrownBy(() -> Reports.of(folder.resolve("none.prv"))).isInstanceOf(IOException.class);
    }

    @Test
    void textFitsEightyColumns() throws IOException {
        SmallTrace trace = new SmallTrace(2, 2);
        Random random = new Random(1);
        for (int i = 0; i < 12; i++) {
            trace.task(
                    "org.example.long.package.Name.function" + i,
                    1 + i % 2,
                    i / 2 % 2,
                    100 * i,
                    random.nextInt(90),
                    1,
                    1,
                    1,
                    0);
        }
        trace.transfer(1, 2, 10, 40, 123_456_789, 12).transfer(2, 1, 10, 40, 123_456_789, 12);
        trace.ready(5, 7).ready(600, 0);
        trace.call(0, 1000, 6);
        for (boolean whole : List.of(true, false)) {
            String text = ReportText.of(trace.report(folder, 1300), whole);
            assertThat(text.lines()).allMatch(line -> line.length() <= 80, "at most 80 columns");
            assertThat(text).contains("Parallel efficiency", "function11");
            assertThat(text.contains("and 4 more functions")).isNotEqualTo(whole);
        }
    }
}

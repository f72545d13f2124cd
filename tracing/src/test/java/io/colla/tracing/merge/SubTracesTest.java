package io.colla.tracing.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.tracing.EventTypes;
import io.colla.tracing.Records;
import io.colla.tracing.TraceFolder;
import io.colla.tracing.TraceSettings;
import io.colla.tracing.log.ThreadLog;
import io.colla.tracing.log.TraceLog;
import io.colla.tracing.paraver.TraceChecker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run of a master on n1 and a worker on n2, whose clock is 1,000 s ahead; its tasks 5 and 6 run programs. */
@Timeout(60)
class SubTracesTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long AHEAD = 1000 * SECOND;
    private static final long ZERO = 50 * SECOND;

    @TempDir
    Path run;

    @BeforeEach
    void record() throws IOException {
        TraceFolder.make(run, TraceSettings.of(TraceSettings.Level.FULL), "run");
        Path logs = TraceFolder.logs(run);
        try (TraceLog master = TraceLog.open(
                        logs.resolve("m.ctl"), Map.of("role", "master", "boot", "a", "node", "n1", "cpus", "2"));
                TraceLog worker = TraceLog.open(
                        logs.resolve("w.ctl"),
                        Map.of("role", "worker", "boot", "b", "host", "real2", "node", "n2", "cpus", "2"))) {
            master.describe("worker", Map.of("number", "1", "node", "n2"));
            master.describe("definition", Map.of("number", "0", "name", "heat", "type", "3"));
            ThreadLog clocks = master.thread("clock", 1);
            clocks.record(ZERO, Records.CLOCK, 1, ZERO + AHEAD);
            clocks.record(ZERO, Records.CLOCK_ERROR, 0, 0);
            master.thread("main", 1).record(ZERO, EventTypes.API, 0, 0);
            ThreadLog executor = worker.thread("executor", 1);
            for (int task = 5; task <= 6; task++) {
                long begin = ZERO + AHEAD + (task - 4) * 10 * SECOND;
                executor.record(begin, Records.TASK_TAKEN, 0, Records.task(task, 1, 0));
                executor.record(begin, Records.TASK_BEGIN, 0, Records.task(task, 1, 0));
                executor.record(begin + 5 * SECOND, Records.TASK_END, 0, task);
                executor.record(begin + 5 * SECOND, Records.TASK_LEFT, 0, task);
            }
        }
    }

    /** What an instrumented program leaves: one process on a node, with its machine's clock or without. */
    private void left(String folder, String node, @Nullable Long clock) throws IOException {
        Path at = Files.createDirectories(TraceFolder.extrae(run).resolve(folder));
        left(at.resolve("heat"), node, clock);
    }

    private static void left(Path base, String node, @Nullable Long clock) throws IOException {
        Files.writeString(
                Path.of(base + ".prv"),
                "#Paraver (26/11/2026 at 09:05):1000_ns:1(1):1:1(1:1),1\nc:1:1:1:1\n"
                        + (clock == null ? "" : "2:1:1:1:1:7:40000050:" + clock + "\n")
                        + "2:1:1:1:1:100:9100000:3\n2:1:1:1:1:900:9100000:0\n");
        Files.writeString(
                Path.of(base + ".pcf"),
                "EVENT_TYPE\n0 9100000 User events\nVALUES\n0 End\n3 sweep\n\nEVENT_TYPE\n0 40000050 Clock\n");
        Files.writeString(
                Path.of(base + ".row"),
                "LEVEL CPU SIZE 1\n1." + node + "\n\nLEVEL NODE SIZE 1\n" + node
                        + "\n\nLEVEL THREAD SIZE 1\nTHREAD 1.1.1\n");
    }

    private SubTraces.Added merged(List<SubTraces.Named> named, Supplier<@Nullable Path> merger) throws IOException {
        TraceMerger.Written own = TraceMerger.merge(TraceFolder.logs(run), TraceFolder.trace(run), "run", false);
        SubTraces.Added added = SubTraces.add(run, own, named, merger);
        TraceChecker.Findings findings = TraceChecker.check(own.prv(), Set.of(EventTypes.TASK, EventTypes.USER));
        assertThat(findings.faults()).isEmpty();
        assertThat(added.records()).isEqualTo(findings.states() + findings.events() + findings.communications());
        return added;
    }

    private SubTraces.Added merged(SubTraces.Named... named) throws IOException {
        return merged(List.of(named), () -> {
            throw new AssertionError("Extrae was asked for");
        });
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(run.resolve("trace/run.prv"));
    }

    @Test
    void aProgramRanWhenItsClockSays() throws IOException {
        left("task-5", "real2.site", ZERO + AHEAD + 11 * SECOND);
        left("task-6-2", "n2", null);
        SubTraces.Added added = merged();
        assertThat(added.traces()).isEqualTo(2);
        assertThat(lines())
                .contains(
                        "2:3:3:1:1:" + 11 * SECOND + ":40000050:" + (ZERO + AHEAD + 11 * SECOND),
                        "2:3:3:1:1:" + (11 * SECOND + 93) + ":9100000:3",
                        "2:3:4:1:1:" + (20 * SECOND + 100) + ":9100000:3",
                        "c:3:1:1:1");
        assertThat(added.remarks())
                .containsExactly(
                        "1 of the programs' traces do not say their machine's clock, and are taken to begin when their tasks did");
        assertThat(run.resolve("trace/run.row")).content().contains("THREAD 4.1.1 of task 6, attempt 2\n");
    }

    @Test
    void aClockThatCannotBeTheMachinesIsNotBelieved() throws IOException {
        left("task-5", "n2", 77L);
        assertThat(merged().remarks()).hasSize(1);
        assertThat(lines()).contains("2:3:3:1:1:" + (10 * SECOND + 7) + ":40000050:77");
    }

    @Test
    void makingTheTraceAgainGivesTheSame() throws IOException {
        left("task-5", "n2", ZERO + AHEAD + 11 * SECOND);
        merged();
        List<String> first = lines();
        merged();
        assertThat(lines()).isEqualTo(first);
    }

    @Test
    void tracesThatTheUserNamesAreInItToo() throws IOException {
        Path clocked = run.resolve("clocked");
        left(clocked, "n1", ZERO + 2 * SECOND + 7);
        Path other = run.resolve("other");
        left(other, "node 1", null);
        Path elsewhere = run.resolve("elsewhere");
        left(elsewhere, "n77", null);
        SubTraces.Added added = merged(
                new SubTraces.Named(Path.of(clocked + ".prv"), null, null),
                new SubTraces.Named(Path.of(other + ".prv"), "n2", 3 * SECOND),
                new SubTraces.Named(Path.of(elsewhere + ".prv"), null, null));
        assertThat(lines())
                .contains(
                        "2:1:3:1:1:" + (2 * SECOND + 100) + ":9100000:3",
                        "2:3:4:1:1:" + (3 * SECOND + 100) + ":9100000:3",
                        "2:5:5:1:1:100:9100000:3");
        assertThat(added.remarks())
                .containsExactly(
                        elsewhere
                                + ".prv does not say when it began, and is taken to begin with the run: name the time between with +SECONDS");
    }

    @Test
    void aTraceThatCannotBeReadIsLeftOut() throws IOException {
        left("task-5", "n2", ZERO + AHEAD + 11 * SECOND);
        Path bad = Files.createDirectories(TraceFolder.extrae(run).resolve("task-6"))
                .resolve("bad.prv");
        Files.writeString(bad, "nonsense\n");
        SubTraces.Added added = merged();
        assertThat(added.traces()).isEqualTo(1);
        assertThat(added.remarks())
                .containsExactly("the trace of task 6 is not there: " + bad
                        + " is no Paraver trace: its first line is 'nonsense'");
    }

    /** Not Extrae's: a script that does with such a list what mpi2prv does, as far as its caller sees. */
    private Path merger(String script) throws IOException {
        Path program = Files.createFile(
                run.resolve("mpi2prv"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(program, "#!/bin/sh\n" + script);
        return program;
    }

    @Test
    void whatExtraeHasRecordedIsMadeATraceFirst() throws IOException {
        Path folder = Files.createDirectories(TraceFolder.extrae(run).resolve("task-5/set-0"));
        Path record = Files.writeString(folder.resolve("TRACE@n2.0000000001000000000000.mpit"), "");
        Path made = run.resolve("made");
        left(made, "n2", ZERO + AHEAD + 11 * SECOND);
        Path merger = merger("[ \"$1 $3 $4\" = '-f -keep-mpits -o' ] && grep -q mpit \"$2\" || exit 9\n"
                + "for kind in prv pcf row; do cp " + made + ".$kind \"${5%.prv}.$kind\"; done\n");
        SubTraces.Added added = merged(List.of(), () -> merger);
        assertThat(added.remarks()).isEmpty();
        assertThat(added.traces()).isEqualTo(1);
        assertThat(TraceFolder.extrae(run).resolve("task-5/TRACE.mpits"))
                .content()
                .isEqualTo(record + "\n");
        assertThat(merged().traces()).as("the second time, without it").isEqualTo(1);
    }

    @Test
    void withoutMpi2prvOrAfterItsErrorTheRunsOwnTraceIsThere() throws IOException {
        Path folder = Files.createDirectories(TraceFolder.extrae(run).resolve("task-5"));
        Files.writeString(folder.resolve("TRACE.mpits"), "set-0/TRACE@n2.0000000001000000000000.mpit named x\n");
        assertThat(merged(List.of(), () -> null).remarks())
                .containsExactly(
                        "what Extrae has recorded of task 5 is not there: mpi2prv is neither in EXTRAE_HOME/bin"
                                + " nor on the PATH; set EXTRAE_HOME to the folder that Extrae is installed in,"
                                + " and make the trace again with 'colla trace merge'");
        Path merger = merger("echo started\necho cannot open >&2\nexit 3\n");
        assertThat(merged(List.of(), () -> merger).remarks())
                .containsExactly("what Extrae has recorded of task 5 is not there: " + merger + " made no trace of "
                        + folder.resolve("TRACE.mpits") + " (exit code 3: cannot open)");
    }
}

package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.tracing.EventTypes;
import io.colla.tracing.paraver.TraceChecker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Python does is in the trace of a run, with COMPSs' events, and ends wherever it begins. */
@Tag("process")
@Timeout(180)
class PythonTraceTest extends ThisMachine {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String SYSTEM_PYTHON = "/usr/bin/python3";
    private static final Set<Integer> PAIRED = Set.of(
            EventTypes.TASK,
            EventTypes.THREAD_TYPE,
            EventTypes.INSIDE_TASK,
            EventTypes.INSIDE_WORKER,
            EventTypes.BINDING_MASTER,
            EventTypes.SERIALIZATION_SIZE,
            EventTypes.SERIALIZATION_OBJECTS,
            EventTypes.DESERIALIZATION_SIZE,
            EventTypes.DESERIALIZATION_OBJECTS,
            EventTypes.USER_FUNCTION,
            EventTypes.USER);

    private static final String PROGRAM =
            """
            import os, signal, time
            import pyextrae.sequential as pyextrae
            from colla import trace
            from pycompss.api.api import compss_barrier, compss_wait_on
            from pycompss.api.task import task

            def helps(number):
                return number + 1

            @task(returns=1)
            def reads(number):
                import pyextrae.multiprocessing as pyextrae
                pyextrae.eventandcounters(9100000, 2)
                pyextrae.eventandcounters(9100000, 0)
                with trace.region("adding"):
                    return helps(number)

            @task(returns=1, tracing_hook=True)
            def hooked(number):
                return helps(number)

            @task(returns=1)
            def dies(path):
                if not os.path.exists(path):
                    open(path, "w").close()
                    time.sleep(0.2)
                    os.kill(os.getpid(), signal.SIGKILL)
                return 1

            @task(returns=1)
            def forks(number):
                child = os.fork()
                if child == 0:
                    trace.event(9100001, 5)
                    os._exit(0)
                os.waitpid(child, 0)
                return number

            if __name__ == "__main__":
                pyextrae.eventandcounters(9100000, 1)
                total = sum(compss_wait_on([reads(number) for number in range(20)]))
                compss_barrier()
                pyextrae.eventandcounters(9100000, 0)
                print(total + compss_wait_on(hooked(1)) + compss_wait_on(dies(os.path.abspath("died"))) + compss_wait_on(forks(1)))
            """;

    private Launched program(String... options) throws IOException {
        Path script = Files.writeString(work.resolve("traced.py"), PROGRAM);
        return start(Home.python(
                Stream.concat(Stream.of("--python", SYSTEM_PYTHON), Stream.of(options))
                        .toList(),
                script));
    }

    private TraceChecker.Findings checked() throws IOException {
        TraceChecker.Findings findings = TraceChecker.check(TraceJudges.trace(work), PAIRED);
        assertThat(findings.faults()).isEmpty();
        return findings;
    }

    private String file(String ending) throws IOException {
        return Files.readString(Path.of(TraceJudges.trace(work).toString().replaceAll("\\.prv$", ending)));
    }

    @Test
    void executorsProgramAndTheApplicationsOwnEvents() throws Exception {
        program("--workers", "local:2", "--cores", "2", "--trace")
                .await(LIMIT)
                .hasCode(0)
                .prints("214");
        TraceChecker.Findings findings = checked();
        // One of the attempts was killed, and is in the trace like the others.
        assertThat(findings.spans()).containsEntry(EventTypes.TASK, 24L);
        assertThat(lines(EventTypes.INSIDE_TASK, 6))
                .as("calls of the user's code")
                .isEqualTo(24);
        assertThat(lines(EventTypes.BINDING_MASTER, 23)).as("calls of tasks").isEqualTo(23);
        assertThat(lines(EventTypes.BINDING_MASTER, 13)).as("barriers").isOne();
        assertThat(lines(EventTypes.BINDING_MASTER, 22)).as("waits").isGreaterThanOrEqualTo(4);
        assertThat(lines(EventTypes.USER, 2)).isEqualTo(20);
        assertThat(lines(EventTypes.USER, 1)).isOne();
        assertThat(lines(9100001, 5)).as("the forked child").isOne();
        assertThat(findings.spans())
                .containsKeys(EventTypes.SERIALIZATION_SIZE, EventTypes.USER_FUNCTION, EventTypes.THREAD_TYPE);
        assertThat(file(".row")).contains("PYTHON MAIN (1.1.", "PYTHON WORKER (2.3.1)", "PYTHON WORKER (3.3.1)");
        assertThat(file(".pcf")).contains("adding", "traced.helps", "traced.hooked");
    }

    /** Records of an event with this value. */
    private long lines(int type, long value) throws IOException {
        String event = ":" + type + ":" + value;
        return file(".prv")
                .lines()
                .filter(line -> line.startsWith("2:") && (line + ":").contains(event + ":"))
                .count();
    }

    @Test
    void aKilledCallLastsAsLongAsItDid() throws Exception {
        program("--workers", "embedded", "--trace").await(LIMIT).hasCode(0);
        assertThat(checked().durations().get(EventTypes.INSIDE_TASK)).isGreaterThan(200_000_000L);
    }

    @Test
    void withoutTheBindingTheApplicationsOwnEventsAreThere() throws Exception {
        program("--workers", "embedded", "--trace=basic").await(LIMIT).hasCode(0);
        checked();
        assertThat(lines(EventTypes.USER, 2)).isEqualTo(20);
        assertThat(file(".prv")).doesNotContain(":9000100:", ":9000200:", ":9000300:");
    }

    @Test
    void clusteringHasAllKindsOfEvents() throws Exception {
        Path kmeans = Files.copy(Path.of("../examples/python/kmeans.py"), work.resolve("kmeans.py"));
        start(Home.python(
                        List.of("--workers", "local:3", "--python", SYSTEM_PYTHON, "--trace"),
                        kmeans,
                        "--points",
                        "20000",
                        "--centres",
                        "4"))
                .await(LIMIT)
                .hasCode(0);
        TraceChecker.Findings findings = checked();
        assertThat(lines(EventTypes.INSIDE_TASK, 6)).isEqualTo(findings.spans().get(EventTypes.TASK));
        assertThat(findings.spans())
                .containsKeys(
                        EventTypes.INSIDE_WORKER,
                        EventTypes.BINDING_MASTER,
                        EventTypes.SERIALIZATION_SIZE,
                        EventTypes.SERIALIZATION_OBJECTS,
                        EventTypes.DESERIALIZATION_SIZE,
                        EventTypes.DESERIALIZATION_OBJECTS);
        for (int phase : new int[] {4, 5, 8, 9, 11, 14}) {
            assertThat(lines(EventTypes.INSIDE_TASK, phase))
                    .as("phase " + phase)
                    .isPositive();
        }
    }
}

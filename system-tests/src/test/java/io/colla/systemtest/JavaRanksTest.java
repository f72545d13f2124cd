package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Java methods on MPI ranks under {@code colla run} on this machine. */
@Tag("process")
@Timeout(240)
class JavaRanksTest extends ThisMachine {
    private static final Map<String, String> AS_ROOT =
            Map.of("OMPI_ALLOW_RUN_AS_ROOT", "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");

    private Launched onRanks(List<String> options, Object... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(Home.command(), "run"));
        command.addAll(options);
        command.addAll(List.of("-cp", MpiJar.compile(work).toString(), "OnRanks"));
        for (Object word : words) {
            command.add(word.toString());
        }
        return start(command, AS_ROOT);
    }

    private List<String> jar() {
        return List.of("--mpi-java", MpiJar.need().toString());
    }

    @Test
    void ranksReduceAndPrintInTheRunsOwnProcess() throws Exception {
        onRanks(jar(), 2, "sum")
                .await()
                .hasCode(0)
                .prints("sum 1.5", "rank 0 has the sum", "rank 1 has the sum", "place 0@", "place 1@");
    }

    @Test
    void ranksOnWorkersOfTheirOwn() throws Exception {
        List<String> options = new ArrayList<>(jar());
        options.addAll(List.of("--workers", "local:2"));
        onRanks(options, 2, "parts").await().hasCode(0).prints("squares [0, 1, 1004, 1009]");
    }

    @Test
    void theFailureOfARankIsThatOfItsMethod() throws Exception {
        onRanks(jar(), 2, "fail")
                .await()
                .hasCode(0)
                .prints(
                        "rank 0 of 2 on node",
                        "rank 1 of 2 on node",
                        "cause java.lang.IllegalStateException: rank 1 cannot go on");
    }

    @Test
    void largeArraysReachEveryRank() throws Exception {
        onRanks(jar(), 2, "big").await().hasCode(0).prints("sizes [26266828807, 26266828814]");
    }

    @Test
    void aRunThatIsEndedLeavesNoRank() throws Exception {
        Launched run = onRanks(jar(), 2, "wait", work);
        run.awaitFiles(work, "rank-*", 2);
        assertThat(new ProcessBuilder("kill", "-TERM", Long.toString(run.pid()))
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        run.await().hasCode(143);
    }

    @Test
    void withoutTheBindingsTheErrorSaysHowToGetThem() throws Exception {
        MpiJar.need();
        Launched run =
                onRanks(List.of("--mpi-java", work.resolve("nowhere/mpi.jar").toString()), 2, "sum");
        run.await().hasCode(71).says("--mpi-java", "there is no", "nowhere/mpi.jar", "name the mpi.jar");
    }
}

package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Java methods on MPI ranks over the nodes of a batch job, as a plain user. */
@Tag("cluster")
@Timeout(300)
class JavaRanksOnClusterTest extends Cluster {
    private static final String THREE_NODES = "-N3 -n3 -c2 --time=4";

    private Job onRanks(Object... words) throws Exception {
        Path classes = MpiJar.compile(work);
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.toList()) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        List<String> command = new ArrayList<>(List.of(
                Home.command(),
                "run",
                "--heartbeat",
                "500ms",
                "--mpi-java",
                MpiJar.need().toString()));
        command.addAll(List.of("-cp", classes.toString(), "OnRanks"));
        for (Object word : words) {
            command.add(word.toString());
        }
        return batch(THREE_NODES, command);
    }

    @Test
    void aReductionOverThreeNodes() throws Exception {
        onRanks(6, "sum")
                .await()
                .hasCode(0)
                .prints("sum 10.5", "place 0@node1", "place 1@node1", "place 2@node2", "place 5@node3");
    }

    @Test
    void partsGoOutAndComeBackOverThreeNodes() throws Exception {
        onRanks(5, "parts").await().hasCode(0).prints("squares [0, 1, 1004, 1009, 2016, 2025, 3036, 3049, 4064, 4081]");
    }

    @Test
    void theFailureOfARankOnAnotherNodeIsNamed() throws Exception {
        onRanks(6, "fail")
                .await()
                .hasCode(0)
                .prints(
                        "rank 0 of 6 on node node1",
                        "rank 5 of 6 on node node3",
                        "cause java.lang.IllegalStateException: rank 5 cannot go on");
    }

    @Test
    void aRankThatIsKilledEndsAllOthersOnAllNodes() throws Exception {
        Job job = onRanks(6, "wait", work);
        job.awaitFiles("rank-*", 6);
        Marked.Found last = mark.processes(
                        each -> each.command().contains("io.colla.mpi.java.RankMain") && isOn("node3", each))
                .get(0);
        assertThat(last.signal("KILL")).isTrue();
        job.await(Duration.ofSeconds(60)).hasCode(71).says("on node node3", "SIGKILL");
        Awaitility.await("the end of all ranks").atMost(Duration.ofSeconds(20)).until(() -> mark.processes(
                        each -> each.command().contains("io.colla.mpi.java.RankMain"))
                .isEmpty());
    }

    @Test
    void aCancelledJobLeavesNoRank() throws Exception {
        Job job = onRanks(6, "wait", work);
        job.awaitFiles("rank-*", 6);
        cluster("on", "ctl", "--user", USER, "scancel", job.id());
        Awaitility.await("the end of all ranks").atMost(Duration.ofSeconds(30)).until(() -> mark.processes(
                        each -> each.command().contains("io.colla.mpi.java.RankMain"))
                .isEmpty());
    }
}

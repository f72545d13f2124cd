package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs on the login node, whose nodes all come from jobs that they submit themselves. */
@Tag("cluster")
@Timeout(240)
class ElasticOnClusterTest extends Cluster {
    private Launched run(List<String> options, String name, Object... arguments) {
        List<String> all = new ArrayList<>(List.of("--max-jobs", "2", "--cpus-per-node", "4", "--time", "10m"));
        all.addAll(options);
        return on("ctl", app(all, name, arguments));
    }

    private static void awaitEmptyQueue() {
        Awaitility.await("an empty queue")
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> cluster("on", "ctl", "squeue", "-h", "-u", USER).isBlank());
    }

    @Test
    void tasksThatNeedTwoJobsAtOnceGetThem() throws Exception {
        Launched.Ended ended = run(List.of(), "Occupancy", work, 8).await();
        ended.hasCode(0);
        assertThat(ended.out()).contains("node1: 4", "node2: 4", "cores: 8");
        assertThat(ended.err()).containsPattern("submitted job [0-9]+, as tasks wait");
        awaitEmptyQueue();
    }

    @Test
    void aRefusedJobEndsTheRunWithTheBatchSystemsWords() throws Exception {
        run(List.of("--queue", "nosuch"), "Occupancy", work, 4)
                .await()
                .hasCode(72)
                .says("no further job: Slurm refused the job", "nosuch");
    }

    @Test
    void aWorkerInsideTheProcessCannotBeJoined() throws Exception {
        run(List.of("--cpus-per-node", "1", "--workers", "embedded"), "Occupancy", work, 1)
                .await()
                .hasCode(2)
                .says("--max-jobs and --workers embedded exclude each other");
    }

    @Test
    void whenTheRunIsKilledItsJobsAreCancelled() throws Exception {
        Launched run = run(List.of("--heartbeat", "500ms"), "Ends", work, 2);
        run.awaitFiles(work, "began-*", 3);
        mark.processes(Marked.Found::isLauncher).stream()
                .filter(found -> isOn("ctl", found))
                .forEach(found -> found.signal("KILL"));
        killed = true;
        awaitEmptyQueue();
    }

    @Test
    void whenTheRunIsEndedItsJobsEnd() throws Exception {
        Launched run = run(List.of("--heartbeat", "500ms"), "Ends", work, 2);
        run.awaitFiles(work, "began-*", 3);
        mark.processes(Marked.Found::isLauncher).stream()
                .filter(found -> isOn("ctl", found))
                .forEach(found -> found.signal("TERM"));
        run.await(Duration.ofSeconds(40)).hasCode(143).says("ended by SIGTERM", "10 tasks done, 3 cancelled");
        awaitEmptyQueue();
    }
}

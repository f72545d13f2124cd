package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Batch jobs that are ended by Slurm or by the person: nothing goes on on any node, and what finished is told. */
@Tag("cluster")
@Timeout(240)
class EndsOnClusterTest extends Cluster {
    private static final String THREE_NODES = "-N3 -n3 -c1 --time=3";

    private Job begun(String directives) throws Exception {
        Job job = batch(directives, app(List.of("--heartbeat", "500ms"), "Ends", work, 2));
        job.awaitFiles("began-*", 3);
        return job;
    }

    /** Of a run whose job's script may be dead. */
    private String awaitSummary(Duration limit) {
        Path file = work.resolve("colla-runs/latest/summary.txt");
        return Awaitility.await("the summary")
                .atMost(limit)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> Files.exists(file) ? Files.readString(file) : "", text -> text.contains("run folder"));
    }

    @Test
    void scancel() throws Exception {
        Job job = begun(THREE_NODES);
        cluster("on", "ctl", "--user", USER, "scancel", job.id());
        assertThat(awaitSummary(Duration.ofSeconds(20))).contains("ended by SIGTERM", "10 tasks done, 3 cancelled");
    }

    /** What {@code --signal=B:USR1@60} sends, at once. */
    @Test
    void theWarningBeforeTheEndOfTheJobsTime() throws Exception {
        Job job = begun(THREE_NODES);
        cluster("on", "ctl", "--user", USER, "scancel", "--batch", "--signal=USR1", job.id());
        job.await(Duration.ofSeconds(20)).hasCode(138).says("ended by SIGUSR1", "10 tasks done, 3 cancelled");
    }

    /** A minute is the shortest that Slurm knows. */
    @Test
    void theTimeLimitOfTheJob() throws Exception {
        begun("-N3 -n3 -c1 --time=1");
        assertThat(awaitSummary(Duration.ofSeconds(130)))
                .contains("ended before its job's time was over", "10 tasks done, 3 cancelled");
    }

    @Test
    void controlCInAnInteractiveAllocation() throws Exception {
        List<String> command = new ArrayList<>(List.of("salloc", "-N3", "-n3", "-c1", "--time=3"));
        command.addAll(app(List.of("--heartbeat", "500ms"), "Ends", work, 2));
        Launched run = on("ctl", command);
        run.awaitFiles(work, "began-*", 3);
        mark.processes(Marked.Found::isLauncher).get(0).signal("INT");
        run.await(Duration.ofSeconds(30)).hasCode(130).says("ended by SIGINT", "10 tasks done, 3 cancelled");
    }

    @Test
    void aLauncherThatIsKilled() throws Exception {
        Job job = begun(THREE_NODES);
        mark.processes(Marked.Found::isLauncher).get(0).signal("KILL");
        killed = true;
        job.await(Duration.ofSeconds(20)).hasCode(137);
    }
}

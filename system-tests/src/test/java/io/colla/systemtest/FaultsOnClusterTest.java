package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nodes that break while tasks run there. The result is right all the same, or the run ends soon with a clear error. */
@Tag("cluster")
@Timeout(180)
class FaultsOnClusterTest extends Cluster {
    private static final String THREE_NODES = "-N3 -n3 -c1 --time=4 --no-kill";
    private static final List<String> QUICK_HEARTBEAT = List.of("--heartbeat", "500ms");
    private static final String[] HMMER = {"hmmer", "--limit", "200", "--verify"};

    private Job chains(List<String> options) throws Exception {
        Job job = batch(THREE_NODES, app(options, "Chains", work, 3, 6));
        job.awaitFiles("began-*", 3);
        return job;
    }

    private void go() throws Exception {
        Files.createFile(work.resolve("go"));
    }

    /** The node of the launcher is the first of the job. */
    private Marked.Found workerOn(String node) {
        return mark.processes(found -> found.isWorker() && isOn(node, found)).get(0);
    }

    @Test
    void stateOfAKilledWorkerIsComputedAgain() throws Exception {
        Job job = chains(List.of());
        workerOn("node2").signal("KILL");
        go();
        job.await().hasCode(0).prints("the result is right").says("node2 was lost");
    }

    /** Slurm kills the stopped worker with all that is in its step, so that only the next run on the node can remove its scratch folder. */
    @Test
    void stateOfAStoppedWorkerIsComputedAgain() throws Exception {
        Job job = chains(QUICK_HEARTBEAT);
        workerOn("node3").signal("STOP");
        go();
        job.await(Duration.ofSeconds(30))
                .hasCode(0)
                .prints("the result is right")
                .says("no sign of life");
        chains(List.of()).await().hasCode(0);
    }

    @Test
    void aSearchSurvivesAKilledNode() throws Exception {
        Job job = batch(THREE_NODES, Home.example(QUICK_HEARTBEAT, HMMER));
        job.awaitProcesses("a search on node3", 1, found -> found.isProgram("hmmsearch") && isOn("node3", found));
        try {
            cluster("kill-node", "node3");
            job.await().hasCode(0).prints("verified").says("node3 was lost");
        } finally {
            cluster("boot", "node3");
        }
    }

    /** The other nodes do not care for so short a silence; the state on the node is not lost. */
    @Test
    void aShortCutOfTheNetworkIsWaitedOut() throws Exception {
        Job job = chains(List.of());
        cutForFiveSeconds("node2");
        go();
        Launched.Ended ended = job.await().hasCode(0).prints("the result is right");
        assertThat(ended.err()).doesNotContain("lost");
    }

    /** Longer than five heartbeats: the node is given up, and its worker gives up, too. */
    @Test
    void aSearchSurvivesANodeThatIsCutOff() throws Exception {
        Job job = batch(THREE_NODES, Home.example(QUICK_HEARTBEAT, HMMER));
        job.awaitProcesses("a search on node2", 1, found -> found.isProgram("hmmsearch") && isOn("node2", found));
        cutForFiveSeconds("node2");
        job.await().hasCode(0).prints("verified").says("node2 was lost");
    }

    /** The five seconds are the fault, not a wait for something. */
    private static void cutForFiveSeconds(String node) throws Exception {
        cluster("cut", node);
        try {
            TimeUnit.SECONDS.sleep(5);
        } finally {
            cluster("uncut", node);
        }
    }
}

package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Things that break while tasks run, on this machine. The result is right all the same. */
@Tag("process")
@Timeout(120)
class FaultsTest extends ThisMachine {
    private static final String[] HMMER = {"hmmer", "--limit", "150", "--verify"};

    /** Chains, each of which has begun its middle task and waits. */
    private Launched chains() {
        Launched run = application(THREE, "Chains", work, 3, 6);
        run.awaitFiles(work, "began-*", 3);
        return run;
    }

    private void go() throws Exception {
        Files.createFile(work.resolve("go"));
    }

    private Marked.Found workerOf(Path marker) throws Exception {
        long pid = Long.parseLong(Files.readString(marker));
        return mark.processes(found -> found.pid() == pid).get(0);
    }

    @Test
    void stateOfAKilledWorkerIsComputedAgain() throws Exception {
        Launched run = chains();
        workerOf(work.resolve("began-1")).signal("KILL");
        go();
        run.await().hasCode(0).prints("the result is right").says("was lost");
    }

    @Test
    void stateOfAStoppedWorkerIsComputedAgain() throws Exception {
        Launched run = chains();
        workerOf(work.resolve("began-2")).signal("STOP");
        go();
        run.await(Duration.ofSeconds(30))
                .hasCode(0)
                .prints("the result is right")
                .says("no sign of life");
    }

    @Test
    void withoutAnyWorkerTheRunEnds() throws Exception {
        Launched run = chains();
        mark.processes(Marked.Found::isWorker).forEach(worker -> worker.signal("KILL"));
        run.await(Duration.ofSeconds(30)).hasCode(72).says("no node is left to work on");
    }

    @Test
    void aSearchSurvivesAKilledProgram() throws Exception {
        Launched run = example(THREE, HMMER);
        boolean killed = false;
        while (!killed) { // a search may end in the moment between seeing and killing it
            killed = run.awaitProcesses("a search", 1, found -> found.isProgram("hmmsearch")).stream()
                    .anyMatch(found -> found.signal("KILL"));
        }
        run.await().hasCode(0).prints("verified");
        assertThat(placements()).anyMatch(row -> row.matches("hmmsearch,local-\\d,\\d+,0,0,[1-9].*"));
    }

    @Test
    void aSearchSurvivesAKilledWorker() throws Exception {
        Launched run = example(THREE, HMMER);
        run.awaitProcesses("searches", 2, found -> found.isProgram("hmmsearch"));
        mark.processes(Marked.Found::isWorker).get(0).signal("KILL");
        run.await().hasCode(0).prints("verified").says("was lost");
        assertThat(placements()).anyMatch(row -> row.startsWith("hmmsearch,local-"));
    }

    @Test
    void aSearchSurvivesAStoppedWorker() {
        Launched run = example(THREE, HMMER);
        run.awaitProcesses("searches", 2, found -> found.isProgram("hmmsearch"));
        mark.processes(Marked.Found::isWorker).get(0).signal("STOP");
        run.await().hasCode(0).prints("verified").says("no sign of life");
    }
}

package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.tracing.EventTypes;
import io.colla.tracing.paraver.TraceChecker;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Traces of batch jobs on three nodes, as {@link JudgedTracesTest} has them of this machine. */
@Tag("cluster")
@Timeout(240)
class JudgedTracesOnClusterTest extends Cluster {
    private static final Duration LIMIT = Duration.ofSeconds(180);

    @Test
    void twoHundredThousandTinyTasks() throws Exception {
        batch("-N3 -n3 -c2 --time=4", Home.run(List.of("--trace"), classes, "Tiny", 200_000))
                .await(LIMIT)
                .hasCode(0)
                .prints("tasks 200000");
        TraceChecker.Findings findings = TraceJudges.judgeRun(work);
        assertThat(findings.spans().get(EventTypes.TASK)).isEqualTo(200_000);
        assertThat(findings.machine().nodes()).hasSize(3);
    }

    @Test
    void aSearchWithHmmer() throws Exception {
        batch("-N3 -n3 -c2 --time=3", Home.example(List.of("--trace=full"), "hmmer", "--quick", "--verify"))
                .await(LIMIT)
                .hasCode(0)
                .prints("verified: all");
        TraceChecker.Findings findings = TraceJudges.judgeRun(work);
        assertThat(findings.machine().applications())
                .as("the master and a worker on each node")
                .hasSize(4);
    }
}

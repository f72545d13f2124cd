package io.colla.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Lines of srun 22.05 and, where marked, as its sources' messages of other releases read. */
class SrunOutputTest {
    private final Recorder recorder = new Recorder();
    private final SrunOutput output = new SrunOutput("colla-M", List.of("node1", "node2", "node3"), recorder);

    private void lines(String... lines) {
        List.of(lines).forEach(output::line);
    }

    @Test
    void learnsWhichTaskIsWhere() {
        lines("0: colla-M started node2 7", " 1: colla-M started node1 7", "0: hello", " 1: 5: x", "2: early");
        assertThat(recorder.lines()).containsExactly("node2: hello", "node1: 5: x", ": early");
        assertThat(output.step()).isEqualTo("7");
    }

    @Test
    void findsItsLineBehindOutputWithoutALineEnd() {
        lines("0: colla-M started node2 7", "0: no newlinecolla-M ended 137");
        assertThat(recorder.lines()).containsExactly("node2: no newline");
        assertThat(recorder.ended()).isEqualTo(Map.of("node2", "it was killed by signal 9 (KILL)"));
    }

    @Test
    void tellsOfEachEndOnce() {
        lines(
                "0: colla-M started node2 7",
                "srun: error: node2: task 0: Exited with exit code 3",
                "0: colla-M ended 3");
        output.ended(3);
        assertThat(recorder.ended().get("node2")).isEqualTo("it ended with exit code 3");
        assertThat(recorder.ended().get("node1")).startsWith("its step ended: srun: error: node2: task 0");
        assertThat(recorder.lines()).containsExactly("node2: srun: error: node2: task 0: Exited with exit code 3");
    }

    @Test
    void understandsGroupsOfNodesAndOtherCauses() {
        lines("srun: error: node[1-2]: tasks 0-1: Out Of Memory", "srun: error: Node failure on node3");
        assertThat(recorder.ended())
                .isEqualTo(Map.of(
                        "node1",
                        "srun says: Out Of Memory",
                        "node2",
                        "srun says: Out Of Memory",
                        "node3",
                        "srun says: the node failed"));
    }

    @Test
    void understandsThatANodeDidNotStartIt() {
        lines("srun: error: Task launch for StepId=9.0 failed on node node3: Communication connection failure");
        assertThat(recorder.ended())
                .isEqualTo(Map.of("node3", "it could not be started: Communication connection failure"));
    }

    @Test
    void hidesWhatIsOfNoInterest() {
        lines("srun: cluster configuration lacks support for cpu binding");
        assertThat(recorder.lines()).isEmpty();
    }
}

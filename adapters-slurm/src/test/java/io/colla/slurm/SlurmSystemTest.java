package io.colla.slurm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.UsageException;
import io.colla.platform.Allocation;
import io.colla.platform.BatchSystem;
import io.colla.platform.Commands;
import io.colla.platform.NodeShare;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
class SlurmSystemTest {
    private static final long MIB = 1 << 20;
    private static final String NODE_FACTS =
            "printf 'NodeName=node%d Arch=x86_64 ActiveFeatures=ib ThreadsPerCore=1\\n' 1 2 3";

    @TempDir
    Path folder;

    private FakePrograms programs;

    @BeforeEach
    void makePrograms() {
        programs = new FakePrograms(folder);
        programs.add("squeue", "echo 'squeue: error: no' >&2; exit 1");
    }

    private void scontrol(String job) {
        programs.add("scontrol", "case \"$*\" in *'show node'*) " + NODE_FACTS + ";; *) " + job + ";; esac");
    }

    private Allocation allocation(String... variables) {
        return new SlurmSystem().allocation(programs.environment(variables)).orElseThrow();
    }

    @Test
    void isFoundByName() {
        assertThat(ServiceLoader.load(BatchSystem.class))
                .extracting(BatchSystem::name)
                .contains("slurm");
    }

    @Test
    void isNotThereOutsideOfAJob() {
        assertThat(new SlurmSystem().allocation(programs.environment())).isEmpty();
        assertThat(programs.calls()).isEmpty();
    }

    @Test
    void asksForThisPartOfAnArrayOnly() {
        scontrol(
                "case \"$*\" in *' 13_3') echo 'EndTime=2030-01-01T00:00:00';; *) echo 'EndTime=2020-01-01T00:00:00';; esac");
        Allocation part = allocation(
                "SLURM_JOB_ID",
                "13",
                "SLURM_ARRAY_JOB_ID",
                "13",
                "SLURM_ARRAY_TASK_ID",
                "3",
                "SLURM_JOB_NODELIST",
                "node1",
                "SLURM_JOB_CPUS_PER_NODE",
                "1",
                "SLURMD_NODENAME",
                "node1");
        assertThat(part.end()).isAfter(Instant.parse("2029-01-01T00:00:00Z"));
    }

    @Test
    void usesExactlyTheShareOfEachNode() {
        scontrol(
                "printf 'EndTime=2026-11-23T20:52:46\\n Nodes=node1 CPU_IDs=0-3 Mem=600 GRES=gpu:a100:1(IDX:0)\\n Nodes=node[2-3] CPU_IDs=0 Mem=300 GRES=\\n'");
        Allocation allocation = allocation(
                "SLURM_JOB_ID",
                "1",
                "SLURM_JOB_NODELIST",
                "node[1-3]",
                "SLURM_JOB_CPUS_PER_NODE",
                "4,1(x2)",
                "SLURM_MEM_PER_NODE",
                "600",
                "SLURMD_NODENAME",
                "node1");
        assertThat(allocation.nodes())
                .containsExactly(
                        new NodeShare(
                                "node1",
                                4,
                                List.of(),
                                600 * MIB,
                                Map.of("gpu", 1),
                                Map.of("arch", "x86_64", "feature.ib", "true", "gpu.type", "a100")),
                        new NodeShare(
                                "node2",
                                1,
                                List.of(),
                                300 * MIB,
                                Map.of(),
                                Map.of("arch", "x86_64", "feature.ib", "true")),
                        new NodeShare(
                                "node3",
                                1,
                                List.of(),
                                300 * MIB,
                                Map.of(),
                                Map.of("arch", "x86_64", "feature.ib", "true")));
        assertThat(allocation.job()).isEqualTo("1");
        assertThat(allocation.end()).isNotNull();
        assertThat(allocation.notes()).isEmpty();
        assertThat(programs.calls())
                .containsExactlyInAnyOrder(
                        List.of("scontrol", "show", "job", "-d", "1"),
                        List.of("scontrol", "--oneliner", "show", "node", "node[1-3]"));
    }

    @Test
    void usesTheEnvironmentWhenNobodyAnswers() {
        programs.add(
                "scontrol",
                "echo 'slurm_load_jobs error: Unable to contact slurm controller (connect failure)' >&2; exit 1");
        Allocation allocation = allocation(
                "SLURM_JOB_ID",
                "1",
                "SLURM_JOB_NODELIST",
                "node[1-2]",
                "SLURM_JOB_CPUS_PER_NODE",
                "4,2",
                "SLURM_MEM_PER_CPU",
                "100",
                "SLURM_GPUS_ON_NODE",
                "2",
                "SLURM_JOB_END_TIME",
                "1800000000");
        assertThat(allocation.nodes())
                .containsExactly(
                        new NodeShare("node1", 4, List.of(), 400 * MIB, Map.of("gpu", 2), Map.of()),
                        new NodeShare("node2", 2, List.of(), 200 * MIB, Map.of("gpu", 2), Map.of()));
        assertThat(allocation.end()).isEqualTo(Instant.ofEpochSecond(1_800_000_000));
        assertThat(allocation.notes())
                .anyMatch(note -> note.contains("Unable to contact slurm controller"))
                .anyMatch(note -> note.contains("features are not known"))
                .anyMatch(note -> note.contains("outside of the job's nodes"));
    }

    @Test
    void asksTheQueueWhenTheControllersAnswerHasNoNodes() {
        scontrol("echo JobId=41");
        programs.printing("squeue", "squeue-24.11.json");
        Allocation allocation =
                allocation("SLURM_JOB_ID", "41", "SLURM_JOB_NODELIST", "n[1-2]", "SLURM_JOB_CPUS_PER_NODE", "4,2");
        assertThat(allocation.nodes()).extracting(NodeShare::memory).containsExactly(600 * MIB, 300 * MIB);
        assertThat(allocation.end()).isEqualTo(Instant.ofEpochSecond(1_800_000_000));
    }

    @Test
    void isOneAllocationForAHeterogeneousJob() {
        scontrol("cat " + folder + "/scontrol-job-het-22.05.txt");
        programs.printing("unused", "scontrol-job-het-22.05.txt");
        Allocation allocation = allocation(
                "SLURM_JOB_ID",
                "2",
                "SLURM_HET_SIZE",
                "2",
                "SLURM_JOB_NODELIST",
                "node1",
                "SLURM_JOB_CPUS_PER_NODE",
                "3",
                "SLURM_JOB_ID_HET_GROUP_0",
                "2",
                "SLURM_JOB_NODELIST_HET_GROUP_0",
                "node1",
                "SLURM_JOB_CPUS_PER_NODE_HET_GROUP_0",
                "3",
                "SLURM_MEM_PER_CPU_HET_GROUP_0",
                "100",
                "SLURM_JOB_ID_HET_GROUP_1",
                "3",
                "SLURM_JOB_NODELIST_HET_GROUP_1",
                "node[2-3]",
                "SLURM_JOB_CPUS_PER_NODE_HET_GROUP_1",
                "3,1",
                "SLURM_MEM_PER_NODE_HET_GROUP_1",
                "300");
        assertThat(allocation.nodes())
                .extracting(NodeShare::name, NodeShare::cores, NodeShare::memory)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("node1", 3, 300 * MIB),
                        org.assertj.core.groups.Tuple.tuple("node2", 3, 300 * MIB),
                        org.assertj.core.groups.Tuple.tuple("node3", 1, 300 * MIB));
        assertThat(allocation.nodes())
                .extracting(node -> node.properties().get("slurm.het-group"))
                .containsExactly("0", "1", "1");
    }

    @Test
    void leavesOutNodesThatTheJobHasLost() {
        scontrol("printf 'Nodes=node[1,3] CPU_IDs=0-3 Mem=600 GRES=\\n'");
        Allocation allocation =
                allocation("SLURM_JOB_ID", "1", "SLURM_JOB_NODELIST", "node[1-3]", "SLURM_JOB_CPUS_PER_NODE", "4(x3)");
        assertThat(allocation.nodes()).extracting(NodeShare::name).containsExactly("node1", "node3");
        assertThat(allocation.notes())
                .anyMatch(note -> note.startsWith("node2 is in SLURM_JOB_NODELIST but not in the job any more"));
    }

    @Test
    void letsSlurmExpandNamesThatItDoesNotUnderstand() {
        programs.add("scontrol", "case \"$*\" in 'show hostnames '*) printf 'odd-a\\nodd-b\\n';; *) exit 1;; esac");
        Allocation allocation =
                allocation("SLURM_JOB_ID", "1", "SLURM_JOB_NODELIST", "odd-[a-b]", "SLURM_JOB_CPUS_PER_NODE", "4(x2)");
        assertThat(allocation.nodes()).extracting(NodeShare::name).containsExactly("odd-a", "odd-b");
    }

    @Test
    void usesTheWholeJobInsideAStep() {
        scontrol("printf 'Nodes=node1 CPU_IDs=0-3 Mem=600 GRES=\\n'");
        Allocation allocation = allocation(
                "SLURM_JOB_ID",
                "1",
                "SLURM_JOB_NODELIST",
                "node1",
                "SLURM_JOB_CPUS_PER_NODE",
                "4",
                "SLURM_STEP_ID",
                "0",
                "SLURM_STEP_NUM_TASKS",
                "1");
        assertThat(allocation.cores()).isEqualTo(4);
        assertThat(allocation.notes()).anyMatch(note -> note.contains("started by srun in step 0"));
    }

    @Test
    void refusesToRunManyTimesAtOnce() {
        assertThatThrownBy(() -> allocation(
                        "SLURM_JOB_ID",
                        "1",
                        "SLURM_JOB_NODELIST",
                        "node1",
                        "SLURM_JOB_CPUS_PER_NODE",
                        "4",
                        "SLURM_STEP_ID",
                        "0",
                        "SLURM_STEP_NUM_TASKS",
                        "7"))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("srun started 7 copies of colla in step 0; start it once");
    }

    @Test
    void namesTheVariableThatIsMissingOrWrong() {
        scontrol("true");
        assertThatThrownBy(() -> allocation("SLURM_JOB_ID", "1"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("SLURM_JOB_NODELIST is not set");
        assertThatThrownBy(() ->
                        allocation("SLURM_JOB_ID", "1", "SLURM_JOB_NODELIST", "n1", "SLURM_JOB_CPUS_PER_NODE", "many"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("SLURM_JOB_CPUS_PER_NODE is 'many'");
        assertThatThrownBy(() ->
                        allocation("SLURM_JOB_ID", "1", "SLURM_JOB_NODELIST", "n[1-2]", "SLURM_JOB_CPUS_PER_NODE", "4"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("2 nodes in SLURM_JOB_NODELIST");
    }

    @Test
    void givesUpOnACommandThatDoesNotAnswer() {
        programs.add("scontrol", "exec sleep 60");
        Commands commands = new Commands(programs.environment(), Duration.ofMillis(300));
        assertThatThrownBy(() -> commands.output("scontrol", "show"))
                .isInstanceOf(Commands.CommandException.class)
                .hasMessageContaining("scontrol answered nothing for");
        assertThatThrownBy(() -> commands.output("sinfo-of-nobody"))
                .hasMessage("there is no program sinfo-of-nobody on the PATH");
    }
}

package io.colla.pbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.UsageException;
import io.colla.platform.Allocation;
import io.colla.platform.BatchSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("process")
class PbsSystemTest {
    @TempDir
    Path folder;

    private Programs programs;

    @BeforeEach
    void makePrograms() {
        programs = new Programs(folder);
    }

    private Allocation allocation(String nodeFile, String... variables) {
        List<String> all = new ArrayList<>(List.of("PBS_JOBID", "7.head"));
        if (!nodeFile.isEmpty()) {
            all.addAll(List.of("PBS_NODEFILE", programs.nodeFile(nodeFile).toString()));
        }
        all.addAll(List.of(variables));
        return new PbsSystem()
                .allocation(programs.environment(all.toArray(String[]::new)))
                .orElseThrow();
    }

    private static String nodes(Allocation allocation) {
        return String.join(
                " ",
                allocation.nodes().stream()
                        .map(node -> node.name() + ":" + node.cores())
                        .toList());
    }

    private static String json(String job, String execHost, String execVnode) {
        return """
                {"timestamp":1, "pbs_version":"23.06.06", "pbs_server":"head", "Jobs":{"%s":{"job_state":"R",
                "exec_host":"%s", "exec_vnode":"%s", "Resource_List":{"walltime":"00:10:00"}}}}"""
                .formatted(job, execHost, execVnode);
    }

    @Test
    void isFoundByName() {
        assertThat(ServiceLoader.load(BatchSystem.class))
                .extracting(BatchSystem::name)
                .contains("pbs");
    }

    @Test
    void isNotThereOutsideOfAJob() {
        programs.add("qstat", "exit 1");
        assertThat(new PbsSystem().allocation(programs.environment())).isEmpty();
        assertThat(programs.calls()).isEmpty();
    }

    @Test
    void leavesJobsOfSlurmToSlurm() {
        assertThat(new PbsSystem().allocation(programs.environment("PBS_JOBID", "7", "SLURM_JOB_ID", "7")))
                .isEmpty();
    }

    /** The node file as it was beside each exec_host; the cores do not depend on it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "node1 node1 | node1/0*2+node1/1*2 | (node1:ncpus=2:mem=204800kb)+(node1:ncpus=2:mem=204800kb) | node1:4",
                "node1 node2 node3 | node1/0*4+node2/0*2+node3/0*2 | (node1:ncpus=4)+(node2:ncpus=2)+(node3:ncpus=2) | node1:4 node2:2 node3:2",
                "node1 node1 node1 node1 node2 node2 | node1/0*4+node2/0*2 | (node1:ncpus=4)+(node2:ncpus=2) | node1:4 node2:2",
                "node1 node1 node1 node1 node2 | node1/0+node1/1+node1/2+node1/3+node2/0 | (node1:ncpus=1)+(node1:ncpus=1)+(node1:ncpus=1)+(node1:ncpus=1)+(node2:ncpus=1) | node1:4 node2:1",
                "node1 node1 node2 node2 | node1/0*2+node2/0*2 | (node1:ncpus=2)+(node2:ncpus=2) | node1:2 node2:2",
                "node2 node2 node3 node3 | node1/0+node2/0*2+node3/0*2 | (node1:ncpus=1)+(node2:ncpus=2)+(node3:ncpus=2) | node1:1 node2:2 node3:2",
                "node3 | node3/0*0 | (node3[0]:ncpus=2+node3[1]:ncpus=1) | node3:3",
                "n1.site.org N2.site.org | n1/0+n2/0 | (n1:ncpus=1)+(n2:ncpus=1) | n1.site.org:1 N2.site.org:1",
            })
    void usesWhatQstatSays(String nodeFile, String execHost, String execVnode, String expected) {
        programs.qstat("-f -F json 7.head", json("7.head", execHost, execVnode));
        Allocation allocation = allocation(nodeFile);
        assertThat(nodes(allocation)).isEqualTo(expected);
        assertThat(allocation.job()).isEqualTo("7.head");
        assertThat(allocation.source()).isEqualTo("pbs");
        assertThat(allocation.notes()).isEmpty();
        assertThat(programs.calls()).hasSize(1);
    }

    @Test
    void tellsMemoryResourcesAndTheEnd() {
        programs.qstat("-f -F json 41.head", Programs.resource("openpbs-23.06.json"));
        Allocation allocation = new PbsSystem()
                .allocation(programs.environment(
                        "PBS_JOBID",
                        "41.head",
                        "PBS_NODEFILE",
                        programs.nodeFile("node1 node1").toString()))
                .orElseThrow();
        assertThat(allocation.nodes().get(0).memory()).isEqualTo(400 << 20);
        assertThat(allocation.nodes().get(0).resources())
                .containsEntry("gpu", 1)
                .containsEntry("nvme", 3);
        assertThat(allocation.end()).isNotNull();
    }

    /** Whatever is in the job's environment, qstat writes it into its JSON as it is. */
    @Test
    void asksForTextWhenTheJsonIsNone() {
        programs.add(
                "qstat",
                "case \"$*\" in *json*) echo '{\"pbs_version\":\"19.1.1\",\"Jobs\":{\"7.head\":{\"Variable_List\":{\"A\":\"x\"y\"}}}}';; '-f 7.head') cat <<'THE_END'\n"
                        + Programs.resource("openpbs-23.06.txt").replace("41.head", "7.head") + "\nTHE_END\n;; esac");
        assertThat(nodes(allocation("node1 node2 node3"))).isEqualTo("node1:4 node2:2 node3:2");
    }

    @Test
    void usesThePartOfAnArray() {
        programs.qstat("-f -F json 12[1].head", json("12[1].head", "node2/0*3", "(node2:ncpus=3)"));
        Allocation allocation = new PbsSystem()
                .allocation(programs.environment(
                        "PBS_JOBID", "12[1].head", "PBS_ARRAY_INDEX", "1", "PBS_ARRAY_ID", "12[].head"))
                .orElseThrow();
        assertThat(nodes(allocation)).isEqualTo("node2:3");
        assertThat(allocation.job()).isEqualTo("12[1].head");
    }

    @Test
    void readsTorquesText() {
        programs.torque("12[3].torque.site.org", Programs.resource("torque-6.1.txt"));
        Allocation allocation = new PbsSystem()
                .allocation(programs.environment("PBS_JOBID", "12[3].torque.site.org", "PBS_NUM_PPN", "4"))
                .orElseThrow();
        assertThat(nodes(allocation)).isEqualTo("n1:4 n2:3");
        assertThat(allocation.notes()).isEmpty();
    }

    @Test
    void countsLinesWhenNobodyAnswers() {
        programs.add(
                "qstat",
                "[ \"$1\" = --version ] && echo 'pbs_version = 2022.1' && exit; echo 'Connection refused' >&2; exit 111");
        Allocation allocation = allocation("node1 node1 node2");
        assertThat(nodes(allocation)).isEqualTo("node1:2 node2:1");
        assertThat(allocation.notes())
                .containsExactly(
                        "qstat says: Connection refused; each line of PBS_NODEFILE is taken for a core, of which the job may have more, and the memory is not known");
    }

    @ParameterizedTest
    @CsvSource({"n1 n2, n1:8 n2:8", "n1 n1 n2 n2, n1:8 n2:8", "n1 n1 n2, n1:2 n2:1"})
    void usesTorquesNumberWhereTheLinesDoNotContradict(String nodeFile, String expected) {
        programs.add("qstat", "[ \"$1\" = --version ] && echo 'Version: 4.2.10' && exit; exit 1");
        Allocation allocation = allocation(nodeFile, "PBS_NUM_PPN", "8");
        assertThat(nodes(allocation)).isEqualTo(expected);
        assertThat(allocation.notes()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "# queries slurm jobs in familiar PBS format\\nexit 1 | is Slurm's imitation of it",
                "echo 'SGE 8.1.9'; echo 'usage: qstat [options]'; exit 1 | is Grid Engine's",
                "echo 'no such option' >&2; exit 1 | is not PBS's",
                "echo '{}' | is not PBS's",
            })
    void saysWhoseQstatItIs(String script, String sentence) {
        programs.add("qstat", script.replace("\\n", "\n"));
        assertThat(allocation("node1").notes().get(0))
                .startsWith("the qstat on the PATH (" + folder + "/qstat) " + sentence + "; each line");
    }

    @Test
    void saysThatThereIsNoQstat() {
        assertThat(allocation("node1", "PATH", folder.toString()).notes().get(0))
                .startsWith("there is no program qstat on the PATH; each line");
    }

    @Test
    void saysWhatToDoWhenNobodyTellsTheNodes() {
        assertThatThrownBy(() -> allocation("", "PATH", folder.toString()))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "this is inside PBS job 7.head, but nobody tells its nodes: there is no program qstat on the PATH; PBS_NODEFILE is not set; "
                                + "run colla inside the job as PBS made it, with PBS's qstat on the PATH, or name the nodes in a host file");
    }

    @Test
    void saysThatItNeedNotBeStartedOnEachNode() {
        programs.qstat("-f -F json 7.head", json("7.head", "node1/0", "(node1:ncpus=1)"));
        assertThat(allocation("node1", "PBS_TASKNUM", "1").notes()).isEmpty();
        assertThat(allocation("node1", "PBS_TASKNUM", "3").notes().get(0))
                .startsWith("colla was started by pbsdsh or pbs_tmrsh, as task 3 of the job;");
    }

    @Test
    void doesNotUseAHostWithoutCores() {
        programs.qstat(
                "-f -F json 7.head", json("7.head", "node1/0*0+node2/0", "(node1:ncpus=0:nvme=1)+(node2:ncpus=1)"));
        Allocation allocation = allocation("node1 node2");
        assertThat(nodes(allocation)).isEqualTo("node2:1");
        assertThat(allocation.notes()).containsExactly("node1 gives the job no cores; it is not used");
    }

    @Test
    void findsCommandsWherePbsIsInstalled() throws Exception {
        Path bin = java.nio.file.Files.createDirectories(folder.resolve("pbs/bin"));
        new Programs(bin).qstat("-f -F json 7.head", json("7.head", "node1/0", "(node1:ncpus=1)"));
        assertThat(nodes(allocation("node1", "PBS_EXEC", folder.resolve("pbs").toString())))
                .isEqualTo("node1:1");
        assertThat(allocation("node1", "PBS_EXEC", folder.resolve("pbs").toString())
                        .notes())
                .isEmpty();
    }
}

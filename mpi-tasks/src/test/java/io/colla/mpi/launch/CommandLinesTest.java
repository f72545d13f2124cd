package io.colla.mpi.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.binary.spawn.Redirect;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What each launcher is told, word for word; the text that every rank begins with is {@code <rank>} here. */
class CommandLinesTest {

    private static final Placement SIX = new Placement(List.of("n1", "n2", "n3"), List.of(3, 2, 1));
    private static final Placement ONE = new Placement(List.of("n1"), List.of(2));

    private static Launch launch(Placement placement, @Nullable List<String> flags, MpiJob.Part... parts) {
        MpiJob job = new MpiJob(
                "job",
                Arrays.asList(parts),
                null,
                Map.of(),
                Redirect.NULL,
                Redirect.NULL,
                null,
                null,
                Objects.requireNonNullElse(flags, List.of()));
        return new Launch(job, placement, "here", Path.of("/s/hosts"), Path.of("/s/agent"));
    }

    private static String words(MpiLauncher launcher, Launch launch) {
        String script = RankScript.of(List.of()).get(2);
        return String.join(" ", launcher.command(launch)).replace(script, "<rank>");
    }

    @Test
    void openMpi() {
        MpiLauncher mpirun = new OpenMpi("mpirun", 4);
        Launch launch =
                launch(SIX, List.of("--mca", "btl", "self,tcp"), new MpiJob.Part(6, List.of("solve", "a b", "")));
        assertThat(words(mpirun, launch))
                .isEqualTo(
                        "mpirun --hostfile /s/hosts --mca btl self,tcp -np 6 /bin/sh -c <rank> colla-rank solve a b ");
        assertThat(mpirun.hosts(launch)).isEqualTo("localhost slots=3\nn2 slots=2\nn3 slots=1\n");
        assertThat(mpirun.environment(launch))
                .containsEntry("OMPI_MCA_plm", "rsh")
                .containsEntry("OMPI_MCA_plm_rsh_agent", "/bin/sh /s/agent")
                .containsEntry("OMPI_MCA_plm_rsh_no_tree_spawn", "1")
                .containsEntry("OMPI_MCA_orte_leave_session_attached", "1")
                .containsEntry("OMPI_MCA_ras", "^slurm,tm,pbs,lsf,gridengine,alps,loadleveler,flux")
                .containsEntry("OMPI_MCA_hwloc_base_binding_policy", "none");
    }

    @Test
    void openMpiFive() {
        assertThat(new OpenMpi("prterun", 5).environment(launch(ONE, null, new MpiJob.Part(2, List.of("solve")))))
                .containsEntry("PRTE_MCA_plm", "ssh")
                .containsEntry("PRTE_MCA_plm_ssh_agent", "/bin/sh /s/agent")
                .containsEntry("PRTE_MCA_plm_ssh_no_tree_spawn", "1")
                .containsEntry("PRTE_MCA_hwloc_default_binding_policy", "none")
                .doesNotContainKey("OMPI_MCA_plm");
    }

    @Test
    void openMpiWithSeveralPrograms() {
        Launch launch =
                launch(SIX, null, new MpiJob.Part(4, List.of("ocean", "grid")), new MpiJob.Part(2, List.of("ice")));
        assertThat(words(new OpenMpi("mpirun", 4), launch))
                .isEqualTo("mpirun --hostfile /s/hosts -np 4 /bin/sh -c <rank> colla-rank ocean grid"
                        + " : -np 2 /bin/sh -c <rank> colla-rank ice");
    }

    @Test
    void srun() {
        Launch launch = launch(SIX, List.of("--kill-on-bad-exit=0"), new MpiJob.Part(6, List.of("solve", "1")));
        assertThat(words(new Srun("srun"), launch))
                .isEqualTo("srun --mpi=pmix --overlap --nodes=3 --ntasks=6 --distribution=arbitrary --cpu-bind=none"
                        + " --kill-on-bad-exit=1 --input=0 --kill-on-bad-exit=0 /bin/sh -c <rank> colla-rank solve 1");
        assertThat(new Srun("srun").hosts(launch)).isEqualTo("n1\nn1\nn1\nn2\nn2\nn3\n");
        assertThat(new Srun("srun").environment(launch)).containsEntry("SLURM_HOSTFILE", "/s/hosts");
    }

    @Test
    void srunWithSeveralProgramsTakesThemByTheNumberOfTheRank() {
        Launch launch =
                launch(SIX, null, new MpiJob.Part(4, List.of("ocean", "grid")), new MpiJob.Part(2, List.of("ice")));
        assertThat(words(new Srun("srun"), launch)).endsWith("colla-rank 4 2 ocean grid 6 1 ice");
    }

    @Test
    void hydra() {
        Launch launch = launch(SIX, null, new MpiJob.Part(6, List.of("solve")));
        assertThat(words(new Hydra("mpiexec.hydra"), launch))
                .isEqualTo("mpiexec.hydra -f /s/hosts -rmk user -launcher ssh -launcher-exec /s/agent"
                        + " -n 6 /bin/sh -c <rank> colla-rank solve");
        assertThat(new Hydra("mpiexec").hosts(launch)).isEqualTo("here:3\nn2:2\nn3:1\n");
    }

    @Test
    void hydraOnOneNodeStartsNothingElsewhere() {
        Launch launch = launch(ONE, null, new MpiJob.Part(1, List.of("a")), new MpiJob.Part(1, List.of("b")));
        assertThat(words(new Hydra("mpiexec"), launch))
                .isEqualTo("mpiexec -f /s/hosts -rmk user -n 1 /bin/sh -c <rank> colla-rank a"
                        + " : -n 1 /bin/sh -c <rank> colla-rank b");
    }

    @Test
    void everyRankHasItsOwnPartOfTheCpus() {
        assertThat(NodeSite.masks(List.of(0, 1, 4, 5), 2)).containsExactly("0-1", "4-5");
        assertThat(NodeSite.masks(List.of(0, 1, 2), 2)).containsExactly("0", "1-2");
        assertThat(NodeSite.masks(List.of(), 2)).isEmpty();
        assertThat(NodeSite.masks(List.of(7), 2)).isEmpty();
    }

    @Test
    void ranksAreNumberedNodeByNode() {
        assertThat(List.of(0, 2, 3, 4, 5).stream().map(SIX::nodeOf)).containsExactly("n1", "n1", "n2", "n2", "n3");
    }
}

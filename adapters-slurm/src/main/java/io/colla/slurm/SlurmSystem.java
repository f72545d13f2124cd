package io.colla.slurm;

import io.colla.platform.Allocation;
import io.colla.platform.BatchSystem;
import io.colla.platform.Commands;
import io.colla.platform.Commands.CommandException;
import io.colla.platform.JobControl;
import io.colla.platform.NodeLauncher;
import io.colla.platform.SiteFacts;
import java.util.Map;
import java.util.Optional;

/** Slurm 20.11 and later: the job that this process is in, and workers started by srun. */
public final class SlurmSystem implements BatchSystem {
    /** Property of a node of a heterogeneous job: the number of its component. */
    static final String HET_GROUP = "slurm.het-group";

    @Override
    public String name() {
        return "slurm";
    }

    /**
     * {@inheritDoc}
     *
     * <p>The nodes and cores are those of the environment; the controller adds the end, the memory and the generic resources of each node, their
     * architecture and features. Where it does not answer, a note says so. Inside a step that srun started the whole job is used.
     */
    @Override
    public Optional<Allocation> allocation(Map<String, String> environment) {
        return SlurmEnvironment.of(environment)
                .map(job -> new AllocationQuery(environment, SlurmCommands.in(environment)).complete(job));
    }

    @Override
    public NodeLauncher launcher(Allocation allocation, Map<String, String> environment) {
        return new SlurmLauncher(allocation, environment);
    }

    @Override
    public Optional<JobControl> jobs(Map<String, String> environment) {
        return Commands.find("sbatch", environment).isPresent()
                ? Optional.of(new SlurmJobs(environment))
                : Optional.empty();
    }

    @Override
    public Optional<SiteFacts> site(Map<String, String> environment) throws CommandException {
        return Commands.find("sinfo", environment).isPresent()
                ? Optional.of(SlurmSite.ask(SlurmCommands.in(environment)))
                : Optional.empty();
    }
}

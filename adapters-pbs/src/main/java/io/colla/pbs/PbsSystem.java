package io.colla.pbs;

import io.colla.platform.Allocation;
import io.colla.platform.BatchSystem;
import io.colla.platform.Commands;
import io.colla.platform.Commands.CommandException;
import io.colla.platform.JobControl;
import io.colla.platform.NodeLauncher;
import io.colla.platform.SiteFacts;
import java.util.Map;
import java.util.Optional;

/** OpenPBS, PBS Professional and Torque: the job that this process is in, and workers started by its task manager, or by ssh. */
public final class PbsSystem implements BatchSystem {
    @Override
    public String name() {
        return "pbs";
    }

    /**
     * {@inheritDoc}
     *
     * <p>What {@code qstat} says of the job is used; where it does not answer, or is not PBS's, the node file, and a note says so. A job of Slurm that
     * was submitted with Slurm's imitations of PBS's commands is Slurm's.
     */
    @Override
    public Optional<Allocation> allocation(Map<String, String> environment) {
        return PbsEnvironment.of(environment).map(job -> new AllocationQuery(job, new Qstat(environment)).complete());
    }

    @Override
    public NodeLauncher launcher(Allocation allocation, Map<String, String> environment) {
        return new PbsLauncher(allocation, environment);
    }

    /** {@inheritDoc} Slurm's and Grid Engine's qsub do not count. */
    @Override
    public Optional<JobControl> jobs(Map<String, String> environment) {
        if (Commands.find("qsub", PbsCommands.withFolder(environment)).isEmpty()) {
            return Optional.empty();
        }
        Qstat.Maker maker = new Qstat(environment).maker();
        return maker.isPbs() ? Optional.of(new PbsJobs(environment, maker == Qstat.Maker.TORQUE)) : Optional.empty();
    }

    @Override
    public Optional<SiteFacts> site(Map<String, String> environment) throws CommandException {
        return new Qstat(environment).maker().isPbs()
                ? Optional.of(PbsSite.ask(new Commands(PbsCommands.withFolder(environment))))
                : Optional.empty();
    }
}

package io.colla.platform;

import java.util.Map;
import java.util.Optional;

/** What Colla knows about one batch system. Found by {@link java.util.ServiceLoader}; stateless; methods may run commands and block. */
public interface BatchSystem {
    /** Lower case, as users name it: {@code slurm}. */
    String name();

    /**
     * What the job that this process runs in was given; empty when this process is not inside a job of this system. Cheap when it is not.
     *
     * @param environment the process' environment
     * @throws io.colla.api.UsageException if it is inside a job whose shape cannot be found out; the message says what to do
     */
    Optional<Allocation> allocation(Map<String, String> environment);

    /** Starts workers inside the allocation that this system gave. */
    NodeLauncher launcher(Allocation allocation, Map<String, String> environment);

    /**
     * Submission and control of jobs, from wherever this system's commands are; empty where they are not, or are another system's imitations. Cheap when they are not
     * on the PATH.
     */
    default Optional<JobControl> jobs(Map<String, String> environment) {
        return Optional.empty();
    }

    /**
     * What it says of its queues and nodes; empty when its commands are not here.
     *
     * @throws io.colla.platform.Commands.CommandException if they do not answer
     */
    default Optional<SiteFacts> site(Map<String, String> environment) throws Commands.CommandException {
        return Optional.empty();
    }
}

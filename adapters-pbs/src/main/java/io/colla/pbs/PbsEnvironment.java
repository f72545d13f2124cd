package io.colla.pbs;

import java.util.Map;
import java.util.Optional;

/**
 * The job as PBS's environment variables tell it.
 *
 * @param job the id, as PBS writes it: {@code 12.server}, {@code 12[3].server}
 * @param nodeFile what PBS_NODEFILE names; without nodes when it cannot be read
 * @param perNode processors per node as Torque tells in PBS_NUM_PPN; 0 when not said
 * @param task which of the job's tasks this process belongs to; the script is 1
 */
record PbsEnvironment(String job, NodeFile nodeFile, int perNode, String task) {
    /** Empty outside of a job, and in a job of Slurm, which may set PBS's variables too. */
    static Optional<PbsEnvironment> of(Map<String, String> environment) {
        String job = environment.getOrDefault("PBS_JOBID", "").strip();
        if (job.isEmpty() || environment.containsKey("SLURM_JOB_ID")) {
            return Optional.empty();
        }
        String perNode = environment.getOrDefault("PBS_NUM_PPN", "");
        return Optional.of(new PbsEnvironment(
                job,
                NodeFile.of(environment),
                perNode.matches("\\d{1,6}") ? Integer.parseInt(perNode) : 0,
                environment.getOrDefault("PBS_TASKNUM", "1")));
    }
}

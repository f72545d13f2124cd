package io.colla.slurm;

import io.colla.api.UsageException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The job as Slurm's environment variables tell it (sbatch(1), "OUTPUT ENVIRONMENT VARIABLES"; Slurm's page on heterogeneous jobs). A plain job
 * has one component, a heterogeneous one several. In releases before 20.02 HET was called PACK.
 *
 * @param job the id, of the first component
 * @param components at least one
 * @param end from SLURM_JOB_END_TIME, which exists since 22.05; else null
 */
record SlurmEnvironment(String job, List<Component> components, @Nullable Instant end) {
    private static final long MIB = 1 << 20;
    /** Steps that hold the job's own script or shell rather than something that srun started in it (slurm.h, SLURM_BATCH_SCRIPT and others). */
    private static final List<String> OWN_STEPS = List.of("4294967290", "4294967291");

    /**
     * @param group number of the het group; -1 for a plain job
     * @param job the component's own id
     * @param nodeList Slurm's short form
     * @param cores per node, in the order of the nodes
     * @param memoryPerNode bytes; 0 when not said
     * @param memoryPerCore bytes; 0 when not said
     * @param gpus per node; 0 when not said
     */
    record Component(
            int group,
            String job,
            String nodeList,
            List<Integer> cores,
            long memoryPerNode,
            long memoryPerCore,
            int gpus) {}

    /** @throws UsageException if a variable that is needed is missing or unreadable, or if srun started this process several times */
    static Optional<SlurmEnvironment> of(Map<String, String> environment) {
        String job = environment.getOrDefault("SLURM_JOB_ID", environment.getOrDefault("SLURM_JOBID", ""));
        if (job.isBlank()) {
            return Optional.empty();
        }
        refuseManyCopies(environment);
        int groups = groups(environment);
        List<Component> components = new ArrayList<>();
        for (int group = 0; group < groups; group++) {
            components.add(component(environment, group, job));
        }
        if (groups == 0) {
            components.add(component(environment, -1, job));
        }
        return Optional.of(new SlurmEnvironment(job, List.copyOf(components), end(environment)));
    }

    /** Whether this process was started by srun inside the job. */
    static boolean insideStep(Map<String, String> environment) {
        String step = environment.getOrDefault("SLURM_STEP_ID", "");
        return !step.isEmpty() && !OWN_STEPS.contains(step);
    }

    private static void refuseManyCopies(Map<String, String> environment) {
        String tasks = environment.getOrDefault("SLURM_STEP_NUM_TASKS", "1");
        if (insideStep(environment) && !tasks.equals("1")) {
            throw new UsageException("srun started " + tasks + " copies of colla in step "
                    + environment.get("SLURM_STEP_ID") + "; start it once, without srun or with srun -n1: it starts "
                    + "its workers on all nodes of the job itself");
        }
    }

    private static int groups(Map<String, String> environment) {
        String size = environment.getOrDefault("SLURM_HET_SIZE", environment.getOrDefault("SLURM_PACK_SIZE", "0"));
        try {
            return Integer.parseInt(size);
        } catch (NumberFormatException e) {
            throw unreadable("SLURM_HET_SIZE", size, e);
        }
    }

    private static Component component(Map<String, String> environment, int group, String job) {
        Variables variables = new Variables(environment, group);
        String nodeList = variables.needed("SLURM_JOB_NODELIST", "SLURM_NODELIST");
        String cores = variables.needed("SLURM_JOB_CPUS_PER_NODE", "SLURM_JOB_CPUS_PER_NODE");
        List<Integer> perNode;
        try {
            perNode = RunLengths.expand(cores);
        } catch (IllegalArgumentException e) {
            throw unreadable("SLURM_JOB_CPUS_PER_NODE", cores, e);
        }
        return new Component(
                group,
                group < 0 ? job : variables.get("SLURM_JOB_ID").orElse(job),
                nodeList,
                perNode,
                variables.mebibytes("SLURM_MEM_PER_NODE"),
                variables.mebibytes("SLURM_MEM_PER_CPU"),
                variables.gpus());
    }

    private static @Nullable Instant end(Map<String, String> environment) {
        try {
            long seconds = Long.parseLong(environment.getOrDefault("SLURM_JOB_END_TIME", "0"));
            return seconds <= 0 ? null : Instant.ofEpochSecond(seconds);
        } catch (NumberFormatException | DateTimeException e) {
            return null;
        }
    }

    private static UsageException unreadable(String variable, String value, Exception cause) {
        return new UsageException(
                variable + " is '" + value
                        + "', which Colla cannot read; run colla inside the job as Slurm made it, or name the nodes in a host file",
                cause);
    }

    /** The variables of one component. */
    private record Variables(Map<String, String> environment, int group) {
        Optional<String> get(String name) {
            List<String> names =
                    group < 0 ? List.of(name) : List.of(name + "_HET_GROUP_" + group, name + "_PACK_GROUP_" + group);
            return names.stream()
                    .map(environment::get)
                    .filter(value -> value != null && !value.isBlank())
                    .findFirst();
        }

        String needed(String name, String older) {
            return get(name)
                    .or(() -> get(older))
                    .orElseThrow(
                            () -> new UsageException(
                                    "this is inside Slurm job "
                                            + environment.get("SLURM_JOB_ID") + ", but " + name
                                            + (group < 0 ? "" : "_HET_GROUP_" + group)
                                            + " is not set; do not clear Slurm's variables before starting colla, or name the nodes in a host file"));
        }

        long mebibytes(String name) {
            try {
                return Math.multiplyExact(Long.parseLong(get(name).orElse("0")), MIB);
            } catch (NumberFormatException | ArithmeticException e) {
                return 0;
            }
        }

        /** Per node; Slurm tells it of this node, or the user's request such as {@code a100:2}. */
        int gpus() {
            String count = get("SLURM_GPUS_ON_NODE")
                    .or(() -> get("SLURM_GPUS_PER_NODE"))
                    .orElse("");
            String number = count.substring(count.lastIndexOf(':') + 1);
            if (!number.isEmpty() && number.length() < 6 && number.chars().allMatch(Character::isDigit)) {
                return Integer.parseInt(number);
            }
            return get("SLURM_JOB_GPUS").map(ids -> ids.split(",").length).orElse(0);
        }
    }
}

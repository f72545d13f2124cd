package io.colla.slurm;

import io.colla.platform.Commands;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Slurm's short commands. */
final class SlurmCommands {
    private static final Pattern INSIDE =
            Pattern.compile("SLURM_|SLURMD_|SRUN_|PMI_|PMIX_|PBS_|OMPI_|PRTE_|HYDRA_|COLLA_JOB_|COLLA_ARRAY_INDEX$");

    private static final Pattern DIRECTIVE = Pattern.compile("(?m)^#SBATCH --([a-z-]+)");

    /** Where the variable is not named as the option, or another one stands against it. */
    private static final Map<String, List<String>> OTHER_NAMES = Map.of(
            "time", List.of("SBATCH_TIMELIMIT"),
            "array", List.of("SBATCH_ARRAY_INX"),
            "mem", List.of("SBATCH_MEM_PER_NODE", "SBATCH_MEM_PER_CPU", "SBATCH_MEM_PER_GPU"),
            "gpus-per-node", List.of("SBATCH_GPUS"),
            "no-requeue", List.of("SBATCH_REQUEUE"),
            "requeue", List.of("SBATCH_NO_REQUEUE"));

    private SlurmCommands() {}

    /** Without the variables that users set for their own eyes: they would change what is parsed here. */
    static Commands in(Map<String, String> environment) {
        Map<String, String> rest = new TreeMap<>(environment);
        rest.keySet()
                .removeIf(name -> name.startsWith("SQUEUE_")
                        || name.startsWith("SACCT_")
                        || name.equals("SLURM_TIME_FORMAT")
                        || name.equals("SCONTROL_ALL")
                        || name.equals("SCONTROL_FUTURE")
                        || name.equals("SLURM_CLUSTERS"));
        return new Commands(rest);
    }

    /** As a shell outside of any job has it, for commands about other jobs: without what Slurm, PBS and MPI put into a job of their own. */
    static Map<String, String> outside(Map<String, String> environment) {
        Map<String, String> rest = new TreeMap<>(environment);
        rest.keySet()
                .removeIf(name ->
                        !name.equals("SLURM_CONF") && INSIDE.matcher(name).lookingAt());
        return rest;
    }

    /**
     * For the submission of this script: without the variables that stand for options which the script has. sbatch gives them more weight than the script, which has
     * what the person asked for now.
     */
    static Map<String, String> submitting(Map<String, String> environment, String script) {
        Map<String, String> rest = new TreeMap<>(environment);
        DIRECTIVE.matcher(script).results().map(option -> option.group(1)).forEach(option -> {
            rest.remove("SBATCH_" + option.toUpperCase(Locale.ROOT).replace('-', '_'));
            OTHER_NAMES.getOrDefault(option, List.of()).forEach(rest::remove);
        });
        return rest;
    }
}

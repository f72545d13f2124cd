package io.colla.slurm;

import io.colla.platform.Commands;
import java.util.Map;
import java.util.TreeMap;

/** Slurm's short commands. */
final class SlurmCommands {
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
}

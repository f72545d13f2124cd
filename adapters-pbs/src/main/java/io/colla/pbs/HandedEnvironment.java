package io.colla.pbs;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The environment that workers get. PBS's task manager gives its tasks next to nothing, so the job's own environment (with what the job's script has loaded) is
 * handed to them, but for what is particular to a node or a process.
 */
final class HandedEnvironment {
    private static final Set<String> OF_THE_NODE = Set.of(
            "HOSTNAME",
            "HOST",
            "TMPDIR",
            "NCPUS",
            "CUDA_VISIBLE_DEVICES",
            "ROCR_VISIBLE_DEVICES",
            "HIP_VISIBLE_DEVICES",
            "GPU_DEVICE_ORDINAL",
            "ZE_AFFINITY_MASK",
            "PWD",
            "OLDPWD",
            "SHLVL",
            "_",
            "ENV",
            "BASH_ENV");

    private HandedEnvironment() {}

    /** @param more added to it, of any name */
    static Map<String, String> of(Map<String, String> own, Map<String, String> more) {
        Map<String, String> handed = new TreeMap<>(own);
        handed.keySet()
                .removeIf(name -> OF_THE_NODE.contains(name)
                        || (name.startsWith("PBS_") && !name.startsWith("PBS_O_"))
                        || !name.matches("[A-Za-z_][A-Za-z0-9_]*")); // functions that bash exports
        handed.putAll(more);
        return handed;
    }
}

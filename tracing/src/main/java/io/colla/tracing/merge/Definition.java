package io.colla.tracing.merge;

import java.util.Map;

/**
 * What is the same for all calls of a task.
 *
 * @param type value of {@link io.colla.tracing.EventTypes#TASK_TYPE}
 * @param memory MiB
 */
record Definition(int number, String name, int type, int cpus, int gpus, long memory) {
    static Definition of(Map<String, String> described) {
        return new Definition(
                number(described, "number"),
                described.getOrDefault("name", "task"),
                Math.max(1, number(described, "type")),
                Math.max(1, number(described, "cpus")),
                number(described, "gpus"),
                number(described, "memory"));
    }

    private static int number(Map<String, String> described, String key) {
        return Integer.parseInt(described.getOrDefault(key, "0"));
    }
}

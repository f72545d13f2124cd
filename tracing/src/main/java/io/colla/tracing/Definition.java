package io.colla.tracing;

import java.util.Map;

/**
 * What is the same for all calls of a task.
 *
 * @param type value of {@link EventTypes#TASK_TYPE}
 */
public record Definition(int number, String name, int type) {
    /** Of what a log says as {@code definition}. */
    public static Definition of(Map<String, String> described) {
        return new Definition(
                Integer.parseInt(described.getOrDefault("number", "0")),
                described.getOrDefault("name", "task"),
                Math.max(1, Integer.parseInt(described.getOrDefault("type", "1"))));
    }
}

package io.colla.scheduler;

import java.util.Map;

/** What a worker's node has for tasks: cores, memory in bytes, amounts of other resources, properties. */
public record NodeCapacity(int cores, long memory, Map<String, Integer> resources, Map<String, String> properties) {
    public NodeCapacity {
        resources = Map.copyOf(resources);
        properties = Map.copyOf(properties);
    }

    public NodeCapacity(int cores, long memory) {
        this(cores, memory, Map.of(), Map.of());
    }
}

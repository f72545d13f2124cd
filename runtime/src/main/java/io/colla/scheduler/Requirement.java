package io.colla.scheduler;

import io.colla.api.Memory;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one implementation of a task takes on each of its nodes.
 *
 * @param cores at least 1
 * @param memory bytes; 0 for none
 * @param resources amounts of other resources by name
 * @param properties values that a node must have by name
 * @param nodes number of nodes, at least 1
 */
public record Requirement(
        int cores, long memory, Map<String, Integer> resources, Map<String, String> properties, int nodes) {
    public static final Requirement ONE_CORE = new Requirement(1, 0, Map.of(), Map.of(), 1);

    public Requirement {
        if (cores < 1 || memory < 0 || nodes < 1) {
            throw new IllegalArgumentException("cores " + cores + ", memory " + memory + ", nodes " + nodes);
        }
        resources = resources.isEmpty() ? Map.of() : java.util.Collections.unmodifiableMap(new TreeMap<>(resources));
        properties = properties.isEmpty() ? Map.of() : java.util.Collections.unmodifiableMap(new TreeMap<>(properties));
    }

    public static Requirement cores(int cores) {
        return cores == 1 ? ONE_CORE : new Requirement(cores, 0, Map.of(), Map.of(), 1);
    }

    /** In words: {@code 2 cores, 4G of memory, 1 gpu, a node with arch=arm, each on 3 nodes}. */
    @Override
    public String toString() {
        StringBuilder words = new StringBuilder(cores + (cores == 1 ? " core" : " cores"));
        if (memory > 0) {
            words.append(", ").append(Memory.format(memory)).append(" of memory");
        }
        resources.forEach(
                (name, amount) -> words.append(", ").append(amount).append(' ').append(name));
        properties.forEach((name, value) ->
                words.append(", a node with ").append(name).append('=').append(value));
        return nodes == 1
                ? words.toString()
                : words.append(", each on ").append(nodes).append(" nodes").toString();
    }

    /** Whether the node as a whole, with nothing else on it, could take it. */
    boolean fits(NodeCapacity node) {
        if (cores > node.cores() || (memory > 0 && memory > node.memory())) {
            return false;
        }
        for (Map.Entry<String, Integer> need : resources.entrySet()) {
            if (node.resources().getOrDefault(need.getKey(), 0) < need.getValue()) {
                return false;
            }
        }
        for (Map.Entry<String, String> need : properties.entrySet()) {
            if (!need.getValue().equals(node.properties().get(need.getKey()))) {
                return false;
            }
        }
        return true;
    }
}

package io.colla.scheduler;

import io.colla.api.Memory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one implementation of a task takes on each of its nodes, or for each of its ranks.
 *
 * @param cores at least 1
 * @param memory bytes; 0 for none
 * @param resources amounts of other resources by name
 * @param properties values that a node must have by name
 * @param nodes number of nodes, at least 1; 1 for a task with ranks
 * @param ranks for a task of ranks, each of which takes the above; null for any other
 */
public record Requirement(
        int cores,
        long memory,
        Map<String, Integer> resources,
        Map<String, String> properties,
        int nodes,
        @Nullable Ranks ranks) {
    /**
     * How many ranks, and where.
     *
     * @param count at least 1
     * @param perNode on each node but the last one; 0 for as many as there is room for
     * @param spread over as many nodes as can be; else over as few
     * @param wholeNodes whether nothing else may run on the nodes
     */
    public record Ranks(int count, int perNode, boolean spread, boolean wholeNodes) {
        public Ranks {
            if (count < 1 || perNode < 0) {
                throw new IllegalArgumentException("ranks " + count + ", per node " + perNode);
            }
        }
    }

    public static final Requirement ONE_CORE = new Requirement(1, 0, Map.of(), Map.of(), 1);

    public Requirement {
        if (cores < 1 || memory < 0 || nodes < 1 || (ranks != null && nodes > 1)) {
            throw new IllegalArgumentException("cores " + cores + ", memory " + memory + ", nodes " + nodes);
        }
        resources = resources.isEmpty() ? Map.of() : java.util.Collections.unmodifiableMap(new TreeMap<>(resources));
        properties = properties.isEmpty() ? Map.of() : java.util.Collections.unmodifiableMap(new TreeMap<>(properties));
    }

    /** Of a task without ranks. */
    public Requirement(
            int cores, long memory, Map<String, Integer> resources, Map<String, String> properties, int nodes) {
        this(cores, memory, resources, properties, nodes, null);
    }

    public static Requirement cores(int cores) {
        return cores == 1 ? ONE_CORE : new Requirement(cores, 0, Map.of(), Map.of(), 1);
    }

    /** Whether it has ranks or takes more than one node. */
    public boolean isGang() {
        return nodes > 1 || ranks != null;
    }

    /** On all nodes together; of whole nodes, what the ranks need. */
    public long allCores() {
        return (long) cores * (ranks == null ? nodes : ranks.count());
    }

    /** Whether its ranks fit on these nodes, with nothing else on them; false for a task without ranks. */
    public boolean ranksFit(List<NodeCapacity> on) {
        int[] room = on.stream().mapToInt(this::timesOn).toArray();
        return ranks != null && RankFill.distribute(ranks, room) != null;
    }

    /** What so many ranks, or the task without ranks, take of one node. */
    Requirement onNode(int count, NodeCapacity node) {
        boolean whole = ranks != null && ranks.wholeNodes();
        Map<String, Integer> all = new TreeMap<>(resources);
        all.replaceAll((name, amount) -> amount * count);
        return new Requirement(whole ? node.cores() : cores * count, memory * count, all, properties, 1);
    }

    /** In words: {@code 2 cores, 4G of memory, 1 gpu, a node with arch=arm, each on 3 nodes}; {@code 6 ranks, 2 on each node, of 1 core each}. */
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
        if (ranks != null) {
            return words.insert(0, inWords(ranks) + " of ").append(" each").toString();
        }
        return nodes == 1
                ? words.toString()
                : words.append(", each on ").append(nodes).append(" nodes").toString();
    }

    private static String inWords(Ranks ranks) {
        return ranks.count()
                + (ranks.count() == 1 ? " rank" : " ranks")
                + (ranks.perNode() > 0 ? ", " + ranks.perNode() + " on each node," : "")
                + (ranks.wholeNodes() ? " on whole nodes" : "");
    }

    /** How many times the node as a whole, with nothing else on it, could take it; at most so many times as there are ranks. */
    public int timesOn(NodeCapacity node) {
        if (!hasProperties(node)) {
            return 0;
        }
        long times = ranks == null ? 1 : ranks.count();
        times = Math.min(times, node.cores() / cores);
        if (memory > 0) {
            times = Math.min(times, node.memory() / memory);
        }
        for (Map.Entry<String, Integer> need : resources.entrySet()) {
            int has = node.resources().getOrDefault(need.getKey(), 0);
            times = need.getValue() == 0 ? times : Math.min(times, has / need.getValue());
        }
        return (int) times;
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
        return hasProperties(node);
    }

    private boolean hasProperties(NodeCapacity node) {
        for (Map.Entry<String, String> need : properties.entrySet()) {
            if (!need.getValue().equals(node.properties().get(need.getKey()))) {
                return false;
            }
        }
        return true;
    }
}

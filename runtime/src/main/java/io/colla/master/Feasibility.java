package io.colla.master;

import io.colla.api.Memory;
import io.colla.platform.NodeShare;
import io.colla.scheduler.NodeCapacity;
import io.colla.scheduler.Requirement;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says before anything runs whether the nodes of the run could ever meet a task's constraints. */
final class Feasibility {
    private final List<NodeShare> nodes;

    Feasibility(List<NodeShare> nodes) {
        this.nodes = nodes;
    }

    /** One sentence that says why no node could run any of the implementations; null if some could. */
    @Nullable
    String problem(List<Requirement> implementations) {
        String first = null;
        for (Requirement need : implementations) {
            String problem = problem(need);
            if (problem == null) {
                return null;
            }
            first = first == null ? problem : first;
        }
        return first;
    }

    private @Nullable String problem(Requirement need) {
        String ofOne = problemOfNodes(need);
        Requirement.Ranks ranks = need.ranks();
        return ofOne == null && ranks != null ? problemOfRanks(need, ranks) : ofOne;
    }

    /** When one rank fits on some node. */
    private @Nullable String problemOfRanks(Requirement need, Requirement.Ranks ranks) {
        List<NodeCapacity> capacities =
                nodes.stream().map(Feasibility::capacity).toList();
        if (need.ranksFit(capacities)) {
            return null;
        }
        int room = capacities.stream().mapToInt(need::timesOn).sum();
        int most = capacities.stream().mapToInt(need::timesOn).max().orElse(0);
        String resources =
                cores(capacities.stream().mapToInt(NodeCapacity::cores).sum()) + " on " + nodes.size()
                        + (nodes.size() == 1 ? " node" : " nodes");
        if (room < ranks.count()) {
            return "it needs " + need + " at once, and there is room for " + room + " (" + resources + ")";
        }
        if (ranks.perNode() > most && ranks.count() > most) {
            return "it needs room for " + Math.min(ranks.perNode(), ranks.count()) + " ranks of "
                    + cores(need.cores()) + " on each node, and no node has room for more than " + most + " ("
                    + resources + ")";
        }
        long full = capacities.stream()
                .filter(node -> need.timesOn(node) >= ranks.perNode())
                .count();
        return "it needs " + (ranks.count() + ranks.perNode() - 1) / ranks.perNode() + " nodes with room for "
                + ranks.perNode() + " ranks of " + cores(need.cores()) + " each, and there are " + full + " ("
                + resources + ")";
    }

    private static String cores(int count) {
        return count + (count == 1 ? " core" : " cores");
    }

    private static NodeCapacity capacity(NodeShare node) {
        return new NodeCapacity(
                node.cores(), node.memory() > 0 ? node.memory() : Long.MAX_VALUE, node.resources(), node.properties());
    }

    private @Nullable String problemOfNodes(Requirement need) {
        long fitting = nodes.stream().filter(node -> fits(node, need)).count();
        if (fitting >= need.nodes()) {
            return null;
        }
        if (fitting > 0) {
            return "it needs " + need.nodes() + " nodes that fit and there are " + fitting;
        }
        int cores = nodes.stream().mapToInt(NodeShare::cores).max().orElse(0);
        if (need.cores() > cores) {
            return "it needs " + need.cores() + " cores on a node and the largest node has " + cores;
        }
        long memory = nodes.stream().mapToLong(NodeShare::memory).max().orElse(0);
        if (need.memory() > memory && nodes.stream().allMatch(node -> node.memory() > 0)) {
            return "it needs " + Memory.format(need.memory()) + " of memory on a node and the largest node has "
                    + Memory.format(memory);
        }
        for (Map.Entry<String, Integer> entry : need.resources().entrySet()) {
            int most = nodes.stream()
                    .mapToInt(node -> node.resources().getOrDefault(entry.getKey(), 0))
                    .max()
                    .orElse(0);
            if (most < entry.getValue()) {
                return "it needs " + entry.getValue() + " " + entry.getKey()
                        + " on a node and the most that a node has is " + most;
            }
        }
        for (Map.Entry<String, String> entry : need.properties().entrySet()) {
            if (nodes.stream()
                    .noneMatch(node -> entry.getValue().equals(node.properties().get(entry.getKey())))) {
                return "it needs a node with " + entry.getKey() + "=" + entry.getValue() + " and there is none";
            }
        }
        return "no single node meets all of its constraints (" + need + ")";
    }

    private static boolean fits(NodeShare node, Requirement need) {
        if (need.cores() > node.cores() || (node.memory() > 0 && need.memory() > node.memory())) {
            return false;
        }
        for (Map.Entry<String, Integer> entry : need.resources().entrySet()) {
            if (node.resources().getOrDefault(entry.getKey(), 0) < entry.getValue()) {
                return false;
            }
        }
        if (node.properties().containsKey(NodeShare.JOB)) {
            return true; // nobody knows yet what a node has that a job will bring
        }
        for (Map.Entry<String, String> entry : need.properties().entrySet()) {
            if (!entry.getValue().equals(node.properties().get(entry.getKey()))) {
                return false;
            }
        }
        return true;
    }
}

package io.colla.mpi.launch;

import io.colla.platform.TaskContext;
import java.util.List;

/**
 * Where the ranks of a job are: those of the first node come first.
 *
 * @param nodes names, the first of which is this node
 * @param ranks how many on each
 */
record Placement(List<String> nodes, List<Integer> ranks) {

    Placement {
        nodes = List.copyOf(nodes);
        ranks = List.copyOf(ranks);
    }

    static Placement of(TaskContext context) {
        return new Placement(context.nodes(), context.ranks());
    }

    int count() {
        return ranks.stream().mapToInt(Integer::intValue).sum();
    }

    /** The number of the node's first rank. */
    int firstOf(int node) {
        return ranks.subList(0, node).stream().mapToInt(Integer::intValue).sum();
    }

    /** The node of a rank; the last one for ranks that the job does not have. */
    String nodeOf(int rank) {
        int node = 0;
        while (node + 1 < nodes.size() && rank >= firstOf(node + 1)) {
            node++;
        }
        return nodes.get(node);
    }
}

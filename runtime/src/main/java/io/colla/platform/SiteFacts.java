package io.colla.platform;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a batch system says of its site.
 *
 * @param name the cluster's; empty when it has none
 * @param defaultQueue null when there is none
 * @param queues those that take jobs, in the batch system's order
 */
public record SiteFacts(String name, @Nullable String defaultQueue, List<Queue> queues) {
    public SiteFacts {
        queues = List.copyOf(queues);
    }

    /**
     * @param maxTime null for no limit
     * @param maxNodes of one job; 0 for no limit
     * @param nodes what there is in it; empty when it is not told
     */
    public record Queue(String name, @Nullable Duration maxTime, int maxNodes, List<Nodes> nodes) {
        public Queue {
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * Nodes that are alike.
     *
     * @param memory bytes of each; 0 when it is not told
     */
    public record Nodes(int count, int cores, long memory, int gpus) {}
}

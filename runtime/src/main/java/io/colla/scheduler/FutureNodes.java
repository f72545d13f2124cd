package io.colla.scheduler;

import java.util.Map;

/**
 * Nodes that may join later.
 *
 * @param capacity what each of them has, as far as is known
 * @param propertiesKnown whether the capacity has their properties; else they may have any
 * @param count how many
 * @param lasts nanoseconds that they take tasks; {@link Long#MAX_VALUE} when nothing ends them
 */
public record FutureNodes(NodeCapacity capacity, boolean propertiesKnown, int count, long lasts) {
    /** The need without what cannot be known of these nodes. */
    Requirement asked(Requirement need) {
        return propertiesKnown || need.properties().isEmpty()
                ? need
                : new Requirement(need.cores(), need.memory(), need.resources(), Map.of(), need.nodes(), need.ranks());
    }
}

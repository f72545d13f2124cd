package io.colla.master.elastic;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a further job is asked to bring.
 *
 * @param nodes how many
 * @param cores on each
 * @param memory bytes on each; 0 when the batch system is to choose
 * @param resources amounts of others on each, such as {@code gpu}
 * @param time after which the batch system ends it; null for the queue's own limit
 */
public record JobShape(int nodes, int cores, long memory, Map<String, Integer> resources, @Nullable Duration time) {
    public JobShape {
        resources = Map.copyOf(resources);
    }
}

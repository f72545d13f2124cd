package io.colla.launcher.site;

import io.colla.launcher.config.ConfigFile.Entry;
import io.colla.launcher.config.Option;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A site's profile, as its file says it.
 *
 * @param name of the file without its ending
 * @param file absolute
 * @param description for people; may be empty
 * @param hosts patterns of the names of hosts where it is chosen without being asked for
 * @param node what a node has
 * @param queues by name
 * @param setup lines of shell that a job begins with
 * @param settings defaults for options
 */
public record SiteProfile(
        String name,
        Path file,
        String description,
        List<String> hosts,
        NodeKind node,
        Map<String, Queue> queues,
        List<String> setup,
        Map<Option<?>, Entry> settings) {
    public SiteProfile {
        hosts = List.copyOf(hosts);
        queues = Collections.unmodifiableMap(new LinkedHashMap<>(queues));
        setup = List.copyOf(setup);
        settings = Map.copyOf(settings);
    }

    /**
     * What a node has; 0 where the profile does not say.
     *
     * @param memory bytes
     */
    public record NodeKind(int cores, long memory, int gpus) {
        public static final NodeKind UNKNOWN = new NodeKind(0, 0, -1);

        /** The number of GPUs is -1 where it is not known. */
        NodeKind or(NodeKind other) {
            return new NodeKind(
                    cores > 0 ? cores : other.cores(),
                    memory > 0 ? memory : other.memory(),
                    gpus >= 0 ? gpus : other.gpus());
        }
    }

    /**
     * What a queue allows.
     *
     * @param node of its nodes, where they differ from the site's
     * @param maxTime null for no limit
     * @param maxNodes 0 for no limit
     * @param qos to be used with it; null for none
     */
    public record Queue(NodeKind node, @Nullable Duration maxTime, int maxNodes, @Nullable String qos) {}

    /** A node of this queue; null for any. */
    NodeKind node(@Nullable String queue) {
        Queue known = queue == null ? null : queues.get(queue);
        return known == null ? node : known.node().or(node);
    }
}

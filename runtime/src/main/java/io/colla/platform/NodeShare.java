package io.colla.platform;

import java.util.List;
import java.util.Map;

/**
 * The part of one node that the run may use.
 *
 * @param name the name by which the batch system starts processes there; unique within an allocation
 * @param cores number of cores given
 * @param cpus the operating system's numbers of those cores as far as they are known before a process runs there; else empty
 * @param memory bytes given; 0 when not limited or not known (the worker then says what the node has)
 * @param resources amounts of other resources given, such as {@code gpu}
 * @param properties facts that a task may require, such as {@code arch} or {@code feature.ib}
 */
public record NodeShare(
        String name,
        int cores,
        List<Integer> cpus,
        long memory,
        Map<String, Integer> resources,
        Map<String, String> properties) {
    /** Property of a node of a further job of the run: the job's number in the run. */
    public static final String JOB = "colla.job";
    /** Property of such a node: when its job is over, in seconds since 1970. Absent when nothing ends it. */
    public static final String END = "colla.end";

    public NodeShare {
        cpus = List.copyOf(cpus);
        resources = Map.copyOf(resources);
        properties = Map.copyOf(properties);
    }

    public NodeShare(String name, int cores, long memory) {
        this(name, cores, List.of(), memory, Map.of(), Map.of());
    }
}

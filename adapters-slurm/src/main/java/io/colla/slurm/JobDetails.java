package io.colla.slurm;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Slurm's controller says of a job beyond the environment. Everything may be missing.
 *
 * @param nodes by name; empty when not said
 * @param end null when not said
 * @param notes what was odd, for people
 */
record JobDetails(Map<String, Node> nodes, @Nullable Instant end, List<String> notes) {
    static final JobDetails NOTHING = new JobDetails(Map.of(), null, List.of());

    /**
     * @param cpus how many; 0 when not said. (Their numbers are Slurm's own, which need not be the operating system's.)
     * @param memory bytes; 0 when not said
     */
    record Node(int cpus, long memory, Gres gres) {}

    /** This, and from the other what this does not say. */
    JobDetails orElse(JobDetails other) {
        List<String> all = new ArrayList<>(notes);
        all.addAll(other.notes);
        return new JobDetails(nodes.isEmpty() ? other.nodes : nodes, end == null ? other.end : end, all);
    }

    /** This and another component of the same job; the job ends when its first component does. */
    JobDetails and(JobDetails other) {
        Map<String, Node> both = new LinkedHashMap<>(nodes);
        other.nodes.forEach(both::putIfAbsent);
        List<String> all = new ArrayList<>(notes);
        all.addAll(other.notes);
        Instant first = end;
        Instant second = other.end;
        Instant earlier = first == null || (second != null && second.isBefore(first)) ? second : first;
        return new JobDetails(both, earlier, all);
    }
}

package io.colla.platform;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the run was given.
 *
 * @param source who gave it: {@code slurm}, {@code pbs}, {@code hosts}, {@code local}
 * @param job the batch system's job id; null without one
 * @param nodes at least one, in the batch system's order; none when all come {@linkplain #later later}
 * @param end when the batch system will end the job; null when it will not, or does not say
 * @param notes sentences for people about what was seen or assumed
 */
public record Allocation(
        String source, @Nullable String job, List<NodeShare> nodes, @Nullable Instant end, List<String> notes) {
    private static final String LATER = "later";

    public Allocation {
        nodes = List.copyOf(nodes);
        notes = List.copyOf(notes);
        if (nodes.isEmpty() && !source.equals(LATER)) {
            throw new IllegalArgumentException("an allocation needs a node");
        }
    }

    /** Of a run whose nodes all come from jobs that it submits itself. */
    public static Allocation later() {
        return new Allocation(LATER, null, List.of(), null, List.of());
    }

    public int cores() {
        return nodes.stream().mapToInt(NodeShare::cores).sum();
    }
}

package io.colla.scheduler;

import java.util.List;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/**
 * In which order ready tasks are taken, and whether the place of their data counts. Priorities come first under every policy.
 *
 * @param name as users name it
 * @param order the rank of a task among those of its priority, from the number that counts the tasks as they became ready; the smallest is
 *     taken first
 * @param followsData whether a task waits first for the worker that has most of its data
 */
public record PlacementPolicy(String name, LongUnaryOperator order, boolean followsData) {
    /** Where the data are, else oldest first. */
    public static final PlacementPolicy LOCALITY = new PlacementPolicy("locality", sequence -> sequence, true);

    /** Oldest first. */
    public static final PlacementPolicy FIFO = new PlacementPolicy("fifo", sequence -> sequence, false);

    /** Newest first. */
    public static final PlacementPolicy LIFO = new PlacementPolicy("lifo", sequence -> -sequence, false);

    public static final List<PlacementPolicy> ALL = List.of(LOCALITY, FIFO, LIFO);

    public static Optional<PlacementPolicy> named(String name) {
        return ALL.stream().filter(policy -> policy.name.equals(name)).findFirst();
    }
}

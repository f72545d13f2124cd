package io.colla.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Combines many data in a tree of tasks, so that the combining runs in parallel too. */
public final class TreeReduction {
    private TreeReduction() {}

    /**
     * Combines {@code fanIn} neighbours at a time until one is left. The order of the leaves is kept.
     *
     * @param leaves at least one
     * @param fanIn at least two
     * @param combine calls the task that combines these (two or more, at most {@code fanIn})
     */
    public static <D> D of(List<D> leaves, int fanIn, Function<List<D>, D> combine) {
        if (leaves.isEmpty() || fanIn < 2) {
            throw new IllegalArgumentException(leaves.size() + " leaves cannot be combined " + fanIn + " at a time");
        }
        List<D> level = leaves;
        while (level.size() > 1) {
            List<D> next = new ArrayList<>();
            for (int from = 0; from < level.size(); from += fanIn) {
                List<D> group = level.subList(from, Math.min(from + fanIn, level.size()));
                next.add(group.size() == 1 ? group.get(0) : combine.apply(List.copyOf(group)));
            }
            level = next;
        }
        return level.get(0);
    }
}

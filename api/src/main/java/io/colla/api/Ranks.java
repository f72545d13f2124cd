package io.colla.api;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The processes of an MPI task and how they are placed. All are reserved at once, each with the task's cores, memory and resources. Immutable.
 *
 * <pre>{@code
 * options().ranks(Ranks.of(6).perNode(2)).cores(4)      // 3 nodes, 2 ranks on each, 4 cores for each rank
 * }</pre>
 *
 * @param count number of ranks
 * @param perNode ranks on each node, where the last node has the rest; 0: as they fit
 * @param fill how they are put on nodes where {@code perNode} is 0
 * @param wholeNodes whether no other task may run on its nodes; the cores of a node are then divided among its ranks
 * @param launcher {@code openmpi}, {@code srun} or {@code hydra}; null: the run's own choice
 * @param flags for the launcher, put on its command line as they are
 * @param layouts what part of a list or array each rank of a function gets, by the parameter's name or number from 0; all of it without one
 * @param gather whether the result of a function is the {@code List} of all ranks' results, in their order, rather than that of rank 0
 */
public record Ranks(
        int count,
        int perNode,
        Fill fill,
        boolean wholeNodes,
        @Nullable String launcher,
        List<String> flags,
        Map<String, Layout> layouts,
        boolean gather)
        implements Serializable {

    public Ranks {
        flags = List.copyOf(flags);
        layouts = Map.copyOf(layouts);
        require(count >= 1, "ranks", count, "at least 1");
        require(perNode >= 0, "ranks per node", perNode, "at least 1, or 0 for as they fit");
    }

    /** So many ranks, on as few nodes as possible. */
    public static Ranks of(int count) {
        return new Ranks(count, 0, Fill.PACKED, false, null, List.of(), Map.of(), false);
    }

    /** The same for another number of ranks. */
    public Ranks count(int ranks) {
        return new Ranks(ranks, perNode, fill, wholeNodes, launcher, flags, layouts, gather);
    }

    /** So many on each node; the last node has the rest. 0: as they fit. */
    public Ranks perNode(int ranks) {
        return new Ranks(count, ranks, fill, wholeNodes, launcher, flags, layouts, gather);
    }

    /** On as many nodes as possible, evenly. */
    public Ranks spread() {
        return new Ranks(count, perNode, Fill.SPREAD, wholeNodes, launcher, flags, layouts, gather);
    }

    /** On as few nodes as possible, which is the default. */
    public Ranks packed() {
        return new Ranks(count, perNode, Fill.PACKED, wholeNodes, launcher, flags, layouts, gather);
    }

    /** On nodes where no other task runs. */
    public Ranks exclusive() {
        return new Ranks(count, perNode, fill, true, launcher, flags, layouts, gather);
    }

    /** Started by {@code openmpi}, {@code srun} or {@code hydra}, whatever the run prefers. */
    public Ranks launcher(String name) {
        return new Ranks(count, perNode, fill, wholeNodes, name, flags, layouts, gather);
    }

    /** Adds arguments for the launcher, as {@code "--mca", "btl", "tcp,self"}. */
    public Ranks flags(String... more) {
        List<String> all = new ArrayList<>(flags);
        all.addAll(List.of(more));
        return new Ranks(count, perNode, fill, wholeNodes, launcher, all, layouts, gather);
    }

    /** Each rank gets its part of this list or array: a parameter by its name (of classes compiled with {@code -parameters}). */
    public Ranks layout(String parameter, Layout layout) {
        Map<String, Layout> all = new TreeMap<>(layouts);
        all.put(parameter, layout);
        return new Ranks(count, perNode, fill, wholeNodes, launcher, flags, all, gather);
    }

    /** Each rank gets its part of this list or array: a parameter by its number from 0. */
    public Ranks layout(int parameter, Layout layout) {
        return layout(Integer.toString(parameter), layout);
    }

    /** The function's result is the {@code List} of all ranks' results, in their order. */
    public Ranks gathered() {
        return new Ranks(count, perNode, fill, wholeNodes, launcher, flags, layouts, true);
    }

    /**
     * The results of all ranks, by their type: {@code Ranks.results(colla.with(options().ranks(Ranks.of(4).gathered())).call(Solver::solve, in(x)))}.
     *
     * @param call of a function with {@link #gathered()}, whose own result type it has
     */
    @SuppressWarnings("unchecked") // handles have no type at run time, and this is what the runtime puts there
    public static <R extends @Nullable Object> Data<List<R>> results(Data<R> call) {
        return (Data<List<R>>) (Data<?>) call;
    }

    /** How many nodes it takes at least, whatever they have; 1 where the number on each is open. */
    public int fewestNodes() {
        return perNode == 0 ? 1 : (int) (((long) count + perNode - 1) / perNode);
    }

    static void require(boolean holds, String what, Object given, String wanted) {
        if (!holds) {
            throw new UsageException("task option " + what + " is " + given + "; it must be " + wanted);
        }
    }
}

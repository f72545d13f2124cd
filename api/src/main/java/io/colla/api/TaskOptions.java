package io.colla.api;

import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a task needs, how urgent it is and how its failure is treated. Immutable; what is not set (null) comes from the function's {@link Task}
 * annotation, then from the defaults there.
 *
 * @param cores cores on each node; of a task with ranks, for each rank
 * @param memory bytes on each node; of a task with ranks, for each rank
 * @param nodes number of nodes; not for a task with ranks, whose placement chooses them
 * @param ranks the processes of an MPI task; null: it is none
 * @param resources amounts of other resources on each node, by name; of a task with ranks, for each rank
 * @param properties values that each node must have, by name
 * @param timeout after which the task is ended and has failed
 * @param alternatives other implementations of the same task; the runtime chooses by what fits and what has been faster
 */
public record TaskOptions(
        @Nullable String name,
        @Nullable Integer cores,
        @Nullable Long memory,
        @Nullable Integer nodes,
        @Nullable Ranks ranks,
        Map<String, Integer> resources,
        Map<String, String> properties,
        @Nullable Integer priority,
        @Nullable FailurePolicy onFailure,
        @Nullable Integer retries,
        @Nullable Duration timeout,
        List<Alternative> alternatives)
        implements Serializable {

    private static final TaskOptions DEFAULTS =
            new TaskOptions(null, null, null, null, null, Map.of(), Map.of(), null, null, null, null, List.of());

    public TaskOptions {
        resources = Map.copyOf(resources);
        properties = Map.copyOf(properties);
        alternatives = List.copyOf(alternatives);
        require(cores == null || cores >= 1, "cores", cores, "at least 1");
        require(memory == null || memory >= 0, "memory", memory, "0 or more bytes");
        require(nodes == null || nodes >= 1, "nodes", nodes, "at least 1");
        if (nodes != null && ranks != null) {
            throw new UsageException("a task has either nodes or ranks, not both; ranks(" + ranks.count()
                    + ") chooses its nodes itself, and perNode says how many ranks go on each");
        }
        require(retries == null || retries >= 0, "retries", retries, "0 or more");
        require(timeout == null || !timeout.isNegative(), "timeout", timeout, "0 (none) or more");
        resources.forEach((key, amount) -> require(amount >= 0, "resource " + key, amount, "0 or more"));
    }

    /** Another implementation: a function with the same parameters, or a program with the same bindings, and its own needs. */
    public sealed interface Alternative extends Serializable {
        TaskOptions options();

        /** A Java function. */
        record Function(TaskFunction function, TaskOptions options) implements Alternative {}

        /** A program, whose options are its own. */
        record Program(BinaryTask program) implements Alternative {
            @Override
            public TaskOptions options() {
                return program.options();
            }
        }
    }

    /** Nothing set. */
    public static TaskOptions defaults() {
        return DEFAULTS;
    }

    /** {@link #defaults()} as the start of a chain, for {@code import static}: {@code options().cores(2).memory("4G")}. */
    public static TaskOptions options() {
        return DEFAULTS;
    }

    public TaskOptions name(String value) {
        return change(draft -> draft.name = value);
    }

    public TaskOptions cores(int value) {
        return change(draft -> draft.cores = value);
    }

    /** Memory on each node, in bytes. */
    public TaskOptions memory(long bytes) {
        return change(draft -> draft.memory = bytes);
    }

    /** Memory on each node, as {@code 500M} or {@code 4G} (units of 1024). */
    public TaskOptions memory(String amount) {
        return memory(Memory.parse(amount));
    }

    public TaskOptions nodes(int value) {
        return change(draft -> draft.nodes = value);
    }

    /** Makes it an MPI task of so many ranks, wherever there are cores; its other needs are those of one rank. */
    public TaskOptions ranks(int count) {
        return ranks(Ranks.of(count));
    }

    /** Makes it an MPI task; its other needs are those of one rank. */
    public TaskOptions ranks(Ranks value) {
        return change(draft -> draft.ranks = value);
    }

    public TaskOptions resource(String resource, int amount) {
        return change(draft -> draft.resources = put(resources, resource, amount));
    }

    public TaskOptions gpus(int amount) {
        return resource("gpu", amount);
    }

    public TaskOptions property(String property, String value) {
        return change(draft -> draft.properties = put(properties, property, value));
    }

    public TaskOptions priority(int value) {
        return change(draft -> draft.priority = value);
    }

    public TaskOptions onFailure(FailurePolicy value) {
        return change(draft -> draft.onFailure = value);
    }

    public TaskOptions retries(int value) {
        return change(draft -> draft.retries = value);
    }

    public TaskOptions timeout(Duration value) {
        return change(draft -> draft.timeout = value);
    }

    /** Adds an implementation: a function with the same parameter types. The other methods are this one with types. */
    public TaskOptions or(TaskFunction function, TaskOptions options) {
        return or(new Alternative.Function(function, options));
    }

    /** Adds an implementation with 0 parameters and a result. */
    public <R extends @Nullable Object> TaskOptions or(TaskFunction.F0<R> function, TaskOptions options) {
        return or((TaskFunction) function, options);
    }

    /** Adds an implementation with 1 parameter and a result. */
    public <A extends @Nullable Object, R extends @Nullable Object> TaskOptions or(
            TaskFunction.F1<A, R> function, TaskOptions options) {
        return or((TaskFunction) function, options);
    }

    /** Adds an implementation with 2 parameters and a result. */
    public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> TaskOptions or(
            TaskFunction.F2<A, B, R> function, TaskOptions options) {
        return or((TaskFunction) function, options);
    }

    /** Adds an implementation with 3 parameters and a result. */
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            TaskOptions or(TaskFunction.F3<A, B, C, R> function, TaskOptions options) {
        return or((TaskFunction) function, options);
    }

    /** Adds an implementation with 4 parameters and a result. */
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    R extends @Nullable Object>
            TaskOptions or(TaskFunction.F4<A, B, C, D, R> function, TaskOptions options) {
        return or((TaskFunction) function, options);
    }

    /** Adds an implementation with 5 parameters and a result. */
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    R extends @Nullable Object>
            TaskOptions or(TaskFunction.F5<A, B, C, D, E, R> function, TaskOptions options) {
        return or((TaskFunction) function, options);
    }

    /** Adds an implementation with 6 parameters and a result. */
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    F extends @Nullable Object,
                    R extends @Nullable Object>
            TaskOptions or(TaskFunction.F6<A, B, C, D, E, F, R> function, TaskOptions options) {
        return or((TaskFunction) function, options);
    }

    /** Adds an implementation with 7 parameters and a result. */
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    F extends @Nullable Object,
                    G extends @Nullable Object,
                    R extends @Nullable Object>
            TaskOptions or(TaskFunction.F7<A, B, C, D, E, F, G, R> function, TaskOptions options) {
        return or((TaskFunction) function, options);
    }

    /** Adds an implementation with 8 parameters and a result. */
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    F extends @Nullable Object,
                    G extends @Nullable Object,
                    H extends @Nullable Object,
                    R extends @Nullable Object>
            TaskOptions or(TaskFunction.F8<A, B, C, D, E, F, G, H, R> function, TaskOptions options) {
        return or((TaskFunction) function, options);
    }

    /** Adds an implementation with 0 parameters and no result. */
    public TaskOptions orRun(TaskFunction.A0 function, TaskOptions options) {
        return or((TaskFunction) function, options);
    }

    /** Adds an implementation with 1 parameter and no result. */
    public <A extends @Nullable Object> TaskOptions orRun(TaskFunction.A1<A> function, TaskOptions options) {
        return or((TaskFunction) function, options);
    }

    /** Adds an implementation with 2 parameters and no result. */
    public <A extends @Nullable Object, B extends @Nullable Object> TaskOptions orRun(
            TaskFunction.A2<A, B> function, TaskOptions options) {
        return or((TaskFunction) function, options);
    }

    /** Adds an implementation with 3 parameters and no result. */
    public <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object> TaskOptions orRun(
            TaskFunction.A3<A, B, C> function, TaskOptions options) {
        return or((TaskFunction) function, options);
    }

    /** Adds an implementation with 4 parameters and no result. */
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object>
            TaskOptions orRun(TaskFunction.A4<A, B, C, D> function, TaskOptions options) {
        return or((TaskFunction) function, options);
    }

    /** Adds an implementation with 5 parameters and no result. */
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object>
            TaskOptions orRun(TaskFunction.A5<A, B, C, D, E> function, TaskOptions options) {
        return or((TaskFunction) function, options);
    }

    /** Adds an implementation with 6 parameters and no result. */
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    F extends @Nullable Object>
            TaskOptions orRun(TaskFunction.A6<A, B, C, D, E, F> function, TaskOptions options) {
        return or((TaskFunction) function, options);
    }

    /** Adds an implementation with 7 parameters and no result. */
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    F extends @Nullable Object,
                    G extends @Nullable Object>
            TaskOptions orRun(TaskFunction.A7<A, B, C, D, E, F, G> function, TaskOptions options) {
        return or((TaskFunction) function, options);
    }

    /** Adds an implementation with 8 parameters and no result. */
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    F extends @Nullable Object,
                    G extends @Nullable Object,
                    H extends @Nullable Object>
            TaskOptions orRun(TaskFunction.A8<A, B, C, D, E, F, G, H> function, TaskOptions options) {
        return or((TaskFunction) function, options);
    }

    /** Adds an implementation: a program that takes the same bindings. */
    public TaskOptions or(BinaryTask program) {
        return or(new Alternative.Program(program));
    }

    private TaskOptions or(Alternative alternative) {
        List<Alternative> all = new ArrayList<>(alternatives);
        all.add(alternative);
        return change(draft -> draft.alternatives = all);
    }

    /** These, with what {@code more} sets put over them. */
    public TaskOptions and(TaskOptions more) {
        return change(draft -> {
            draft.name = more.name != null ? more.name : name;
            draft.cores = more.cores != null ? more.cores : cores;
            draft.memory = more.memory != null ? more.memory : memory;
            draft.nodes = more.nodes != null ? more.nodes : nodes;
            draft.ranks = more.ranks != null ? more.ranks : ranks;
            draft.resources = merge(resources, more.resources);
            draft.properties = merge(properties, more.properties);
            draft.priority = more.priority != null ? more.priority : priority;
            draft.onFailure = more.onFailure != null ? more.onFailure : onFailure;
            draft.retries = more.retries != null ? more.retries : retries;
            draft.timeout = more.timeout != null ? more.timeout : timeout;
            draft.alternatives = more.alternatives.isEmpty() ? alternatives : more.alternatives;
        });
    }

    private TaskOptions change(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.options();
    }

    /** Options that can still change. */
    private static final class Draft {
        @Nullable
        String name;

        @Nullable
        Integer cores;

        @Nullable
        Long memory;

        @Nullable
        Integer nodes;

        @Nullable
        Ranks ranks;

        Map<String, Integer> resources;
        Map<String, String> properties;

        @Nullable
        Integer priority;

        @Nullable
        FailurePolicy onFailure;

        @Nullable
        Integer retries;

        @Nullable
        Duration timeout;

        List<Alternative> alternatives;

        Draft(TaskOptions from) {
            name = from.name;
            cores = from.cores;
            memory = from.memory;
            nodes = from.nodes;
            ranks = from.ranks;
            resources = from.resources;
            properties = from.properties;
            priority = from.priority;
            onFailure = from.onFailure;
            retries = from.retries;
            timeout = from.timeout;
            alternatives = from.alternatives;
        }

        TaskOptions options() {
            return new TaskOptions(
                    name,
                    cores,
                    memory,
                    nodes,
                    ranks,
                    resources,
                    properties,
                    priority,
                    onFailure,
                    retries,
                    timeout,
                    alternatives);
        }
    }

    private static <V> Map<String, V> put(Map<String, V> base, String key, V value) {
        return merge(base, Map.of(key, value));
    }

    private static <V> Map<String, V> merge(Map<String, V> base, Map<String, V> over) {
        if (over.isEmpty()) {
            return base;
        }
        Map<String, V> all = new TreeMap<>(base);
        all.putAll(over);
        return all;
    }

    private static void require(boolean holds, String what, @Nullable Object given, String wanted) {
        if (!holds) {
            throw new UsageException("task option " + what + " is " + given + "; it must be " + wanted);
        }
    }
}

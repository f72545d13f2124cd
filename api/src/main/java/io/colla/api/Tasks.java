package io.colla.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Calls functions and programs as tasks. Every method returns at once; the task runs when the data that it reads are there. When the
 * application is far ahead of the tasks, a call waits until some have finished.
 */
public interface Tasks {
    /**
     * Submits one task. The other methods are this one with types; bindings for other languages use it directly.
     *
     * @return the handle on the task's result; for a task without one, it only says when the task is done
     * @throws UsageException if no node can ever meet the task's constraints, or an argument does not fit
     */
    <R extends @Nullable Object> Data<R> submit(TaskCall call);

    /** The same, with these options for every call made through the returned view. */
    Tasks with(TaskOptions options);

    /**
     * Runs a program as a task.
     *
     * @return its exit code
     */
    default Data<Integer> exec(BinaryTask program, Binding... bindings) {
        return submit(TaskCall.of(program, List.of(bindings)));
    }

    /**
     * Runs several programs as one MPI job, which is one task.
     *
     * @return the job's exit code
     */
    default Data<Integer> exec(MpmdTask programs, Binding... bindings) {
        return submit(TaskCall.of(programs, List.of(bindings)));
    }

    /** Calls a function with 0 arguments. */
    default <R extends @Nullable Object> Data<R> call(TaskFunction.F0<R> function) {
        return submit(TaskCall.of(function, List.of()));
    }

    /** Calls a function with 0 arguments and no result. */
    default Data<@Nullable Void> run(TaskFunction.A0 function) {
        return submit(TaskCall.of(function, List.of()));
    }

    /** Calls a function with 1 argument. */
    default <A extends @Nullable Object, R extends @Nullable Object> Data<R> call(
            TaskFunction.F1<A, R> function, Arg<? extends A> a) {
        return submit(TaskCall.of(function, List.of(a)));
    }

    /** Calls a function with 1 argument and no result. */
    default <A extends @Nullable Object> Data<@Nullable Void> run(TaskFunction.A1<A> function, Arg<? extends A> a) {
        return submit(TaskCall.of(function, List.of(a)));
    }

    /** Calls a function with 2 arguments. */
    default <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> Data<R> call(
            TaskFunction.F2<A, B, R> function, Arg<? extends A> a, Arg<? extends B> b) {
        return submit(TaskCall.of(function, List.of(a, b)));
    }

    /** Calls a function with 2 arguments and no result. */
    default <A extends @Nullable Object, B extends @Nullable Object> Data<@Nullable Void> run(
            TaskFunction.A2<A, B> function, Arg<? extends A> a, Arg<? extends B> b) {
        return submit(TaskCall.of(function, List.of(a, b)));
    }

    /** Calls a function with 3 arguments. */
    default <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            Data<R> call(
                    TaskFunction.F3<A, B, C, R> function, Arg<? extends A> a, Arg<? extends B> b, Arg<? extends C> c) {
        return submit(TaskCall.of(function, List.of(a, b, c)));
    }

    /** Calls a function with 3 arguments and no result. */
    default <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
            Data<@Nullable Void> run(
                    TaskFunction.A3<A, B, C> function, Arg<? extends A> a, Arg<? extends B> b, Arg<? extends C> c) {
        return submit(TaskCall.of(function, List.of(a, b, c)));
    }

    /** Calls a function with 4 arguments. */
    default <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    R extends @Nullable Object>
            Data<R> call(
                    TaskFunction.F4<A, B, C, D, R> function,
                    Arg<? extends A> a,
                    Arg<? extends B> b,
                    Arg<? extends C> c,
                    Arg<? extends D> d) {
        return submit(TaskCall.of(function, List.of(a, b, c, d)));
    }

    /** Calls a function with 4 arguments and no result. */
    default <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object>
            Data<@Nullable Void> run(
                    TaskFunction.A4<A, B, C, D> function,
                    Arg<? extends A> a,
                    Arg<? extends B> b,
                    Arg<? extends C> c,
                    Arg<? extends D> d) {
        return submit(TaskCall.of(function, List.of(a, b, c, d)));
    }

    /** Calls a function with 5 arguments. */
    default <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    R extends @Nullable Object>
            Data<R> call(
                    TaskFunction.F5<A, B, C, D, E, R> function,
                    Arg<? extends A> a,
                    Arg<? extends B> b,
                    Arg<? extends C> c,
                    Arg<? extends D> d,
                    Arg<? extends E> e) {
        return submit(TaskCall.of(function, List.of(a, b, c, d, e)));
    }

    /** Calls a function with 5 arguments and no result. */
    default <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object>
            Data<@Nullable Void> run(
                    TaskFunction.A5<A, B, C, D, E> function,
                    Arg<? extends A> a,
                    Arg<? extends B> b,
                    Arg<? extends C> c,
                    Arg<? extends D> d,
                    Arg<? extends E> e) {
        return submit(TaskCall.of(function, List.of(a, b, c, d, e)));
    }

    /** Calls a function with 6 arguments. */
    default <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    F extends @Nullable Object,
                    R extends @Nullable Object>
            Data<R> call(
                    TaskFunction.F6<A, B, C, D, E, F, R> function,
                    Arg<? extends A> a,
                    Arg<? extends B> b,
                    Arg<? extends C> c,
                    Arg<? extends D> d,
                    Arg<? extends E> e,
                    Arg<? extends F> f) {
        return submit(TaskCall.of(function, List.of(a, b, c, d, e, f)));
    }

    /** Calls a function with 6 arguments and no result. */
    default <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    F extends @Nullable Object>
            Data<@Nullable Void> run(
                    TaskFunction.A6<A, B, C, D, E, F> function,
                    Arg<? extends A> a,
                    Arg<? extends B> b,
                    Arg<? extends C> c,
                    Arg<? extends D> d,
                    Arg<? extends E> e,
                    Arg<? extends F> f) {
        return submit(TaskCall.of(function, List.of(a, b, c, d, e, f)));
    }

    /** Calls a function with 7 arguments. */
    default <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    F extends @Nullable Object,
                    G extends @Nullable Object,
                    R extends @Nullable Object>
            Data<R> call(
                    TaskFunction.F7<A, B, C, D, E, F, G, R> function,
                    Arg<? extends A> a,
                    Arg<? extends B> b,
                    Arg<? extends C> c,
                    Arg<? extends D> d,
                    Arg<? extends E> e,
                    Arg<? extends F> f,
                    Arg<? extends G> g) {
        return submit(TaskCall.of(function, List.of(a, b, c, d, e, f, g)));
    }

    /** Calls a function with 7 arguments and no result. */
    default <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    F extends @Nullable Object,
                    G extends @Nullable Object>
            Data<@Nullable Void> run(
                    TaskFunction.A7<A, B, C, D, E, F, G> function,
                    Arg<? extends A> a,
                    Arg<? extends B> b,
                    Arg<? extends C> c,
                    Arg<? extends D> d,
                    Arg<? extends E> e,
                    Arg<? extends F> f,
                    Arg<? extends G> g) {
        return submit(TaskCall.of(function, List.of(a, b, c, d, e, f, g)));
    }

    /** Calls a function with 8 arguments. */
    default <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    F extends @Nullable Object,
                    G extends @Nullable Object,
                    H extends @Nullable Object,
                    R extends @Nullable Object>
            Data<R> call(
                    TaskFunction.F8<A, B, C, D, E, F, G, H, R> function,
                    Arg<? extends A> a,
                    Arg<? extends B> b,
                    Arg<? extends C> c,
                    Arg<? extends D> d,
                    Arg<? extends E> e,
                    Arg<? extends F> f,
                    Arg<? extends G> g,
                    Arg<? extends H> h) {
        return submit(TaskCall.of(function, List.of(a, b, c, d, e, f, g, h)));
    }

    /** Calls a function with 8 arguments and no result. */
    default <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    F extends @Nullable Object,
                    G extends @Nullable Object,
                    H extends @Nullable Object>
            Data<@Nullable Void> run(
                    TaskFunction.A8<A, B, C, D, E, F, G, H> function,
                    Arg<? extends A> a,
                    Arg<? extends B> b,
                    Arg<? extends C> c,
                    Arg<? extends D> d,
                    Arg<? extends E> e,
                    Arg<? extends F> f,
                    Arg<? extends G> g,
                    Arg<? extends H> h) {
        return submit(TaskCall.of(function, List.of(a, b, c, d, e, f, g, h)));
    }
}

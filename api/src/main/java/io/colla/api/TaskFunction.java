package io.colla.api;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A function that can be called as a task, given as a method reference or a lambda: {@code F}<i>n</i> with a result,
 * {@code A}<i>n</i> without. What a lambda captures travels with the call and must be serializable.
 */
public sealed interface TaskFunction extends Serializable {

    /** 0 parameters and a result. */
    @FunctionalInterface
    non-sealed interface F0<R extends @Nullable Object> extends TaskFunction {
        R call() throws Exception;
    }

    /** 0 parameters, no result. */
    @FunctionalInterface
    non-sealed interface A0 extends TaskFunction {
        void run() throws Exception;
    }

    /** 1 parameter and a result. */
    @FunctionalInterface
    non-sealed interface F1<A extends @Nullable Object, R extends @Nullable Object> extends TaskFunction {
        R call(A a) throws Exception;
    }

    /** 1 parameter, no result. */
    @FunctionalInterface
    non-sealed interface A1<A extends @Nullable Object> extends TaskFunction {
        void run(A a) throws Exception;
    }

    /** 2 parameters and a result. */
    @FunctionalInterface
    non-sealed interface F2<A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
            extends TaskFunction {
        R call(A a, B b) throws Exception;
    }

    /** 2 parameters, no result. */
    @FunctionalInterface
    non-sealed interface A2<A extends @Nullable Object, B extends @Nullable Object> extends TaskFunction {
        void run(A a, B b) throws Exception;
    }

    /** 3 parameters and a result. */
    @FunctionalInterface
    non-sealed interface F3<
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            extends TaskFunction {
        R call(A a, B b, C c) throws Exception;
    }

    /** 3 parameters, no result. */
    @FunctionalInterface
    non-sealed interface A3<A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
            extends TaskFunction {
        void run(A a, B b, C c) throws Exception;
    }

    /** 4 parameters and a result. */
    @FunctionalInterface
    non-sealed interface F4<
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    R extends @Nullable Object>
            extends TaskFunction {
        R call(A a, B b, C c, D d) throws Exception;
    }

    /** 4 parameters, no result. */
    @FunctionalInterface
    non-sealed interface A4<
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object>
            extends TaskFunction {
        void run(A a, B b, C c, D d) throws Exception;
    }

    /** 5 parameters and a result. */
    @FunctionalInterface
    non-sealed interface F5<
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    R extends @Nullable Object>
            extends TaskFunction {
        R call(A a, B b, C c, D d, E e) throws Exception;
    }

    /** 5 parameters, no result. */
    @FunctionalInterface
    non-sealed interface A5<
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object>
            extends TaskFunction {
        void run(A a, B b, C c, D d, E e) throws Exception;
    }

    /** 6 parameters and a result. */
    @FunctionalInterface
    non-sealed interface F6<
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    F extends @Nullable Object,
                    R extends @Nullable Object>
            extends TaskFunction {
        R call(A a, B b, C c, D d, E e, F f) throws Exception;
    }

    /** 6 parameters, no result. */
    @FunctionalInterface
    non-sealed interface A6<
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    F extends @Nullable Object>
            extends TaskFunction {
        void run(A a, B b, C c, D d, E e, F f) throws Exception;
    }

    /** 7 parameters and a result. */
    @FunctionalInterface
    non-sealed interface F7<
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    F extends @Nullable Object,
                    G extends @Nullable Object,
                    R extends @Nullable Object>
            extends TaskFunction {
        R call(A a, B b, C c, D d, E e, F f, G g) throws Exception;
    }

    /** 7 parameters, no result. */
    @FunctionalInterface
    non-sealed interface A7<
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    F extends @Nullable Object,
                    G extends @Nullable Object>
            extends TaskFunction {
        void run(A a, B b, C c, D d, E e, F f, G g) throws Exception;
    }

    /** 8 parameters and a result. */
    @FunctionalInterface
    non-sealed interface F8<
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    F extends @Nullable Object,
                    G extends @Nullable Object,
                    H extends @Nullable Object,
                    R extends @Nullable Object>
            extends TaskFunction {
        R call(A a, B b, C c, D d, E e, F f, G g, H h) throws Exception;
    }

    /** 8 parameters, no result. */
    @FunctionalInterface
    non-sealed interface A8<
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    F extends @Nullable Object,
                    G extends @Nullable Object,
                    H extends @Nullable Object>
            extends TaskFunction {
        void run(A a, B b, C c, D d, E e, F f, G g, H h) throws Exception;
    }
}

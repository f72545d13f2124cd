package io.colla.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An argument of a task call: a {@link Data} handle, or what one of the functions of {@link Args} makes of a handle or a value.
 *
 * @param <T> what the task's function receives
 */
public sealed interface Arg<T extends @Nullable Object> {

    /** A value, copied when the call is made; the caller may change it afterwards. */
    record Literal<T extends @Nullable Object>(T value) implements Arg<T> {}

    /** A datum with the direction said at the call. */
    record Directed<T extends @Nullable Object>(Data<T> data, Direction direction) implements Arg<T> {}

    /**
     * Many data as one parameter; the task depends on every one of them.
     *
     * @param direction of each element; null: as the function declares its parameter
     */
    record Elements<T extends @Nullable Object>(
            List<? extends Data<? extends T>> elements, @Nullable Direction direction) implements Arg<List<T>> {
        public Elements {
            elements = List.copyOf(elements);
        }
    }

    /** Implemented by {@link Data} only. */
    non-sealed interface Handle<T extends @Nullable Object> extends Arg<T> {}
}

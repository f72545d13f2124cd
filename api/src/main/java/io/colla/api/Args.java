package io.colla.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the arguments of task calls; meant for {@code import static}. */
public final class Args {
    private Args() {}

    /** A value that is copied into the call (it must be serializable). */
    public static <T extends @Nullable Object> Arg<T> in(T value) {
        return new Arg.Literal<>(value);
    }

    public static <T extends @Nullable Object> Arg<T> in(Data<T> data) {
        return new Arg.Directed<>(data, Direction.IN);
    }

    public static <T extends @Nullable Object> Arg<T> out(Data<T> data) {
        return new Arg.Directed<>(data, Direction.OUT);
    }

    public static <T extends @Nullable Object> Arg<T> inout(Data<T> data) {
        return new Arg.Directed<>(data, Direction.INOUT);
    }

    public static <T extends @Nullable Object> Arg<T> concurrent(Data<T> data) {
        return new Arg.Directed<>(data, Direction.CONCURRENT);
    }

    public static <T extends @Nullable Object> Arg<T> commutative(Data<T> data) {
        return new Arg.Directed<>(data, Direction.COMMUTATIVE);
    }

    public static <T extends @Nullable Object> Arg<T> inDelete(Data<T> data) {
        return new Arg.Directed<>(data, Direction.IN_DELETE);
    }

    /** All elements as one {@code List} parameter, accessed as the function declares it (IN without an annotation). */
    public static <T extends @Nullable Object> Arg<List<T>> all(List<? extends Data<? extends T>> elements) {
        return new Arg.Elements<>(elements, null);
    }

    /** All elements as one {@code List} parameter, each accessed in the given direction. */
    public static <T extends @Nullable Object> Arg<List<T>> all(
            Direction direction, List<? extends Data<? extends T>> elements) {
        return new Arg.Elements<>(elements, direction);
    }
}

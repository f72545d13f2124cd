package io.colla.api;

import org.jspecify.annotations.Nullable;

/** A named argument of a {@link BinaryTask}: what {@code {{name}}} stands for in its template. */
public record Binding(String name, Arg<?> arg) {
    public static Binding bind(String name, Arg<? extends @Nullable Object> arg) {
        return new Binding(name, arg);
    }
}

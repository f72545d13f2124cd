package io.colla.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call of a task as data, before the runtime has seen it.
 *
 * @param function the Java function, or null when {@code program} is given
 * @param program the program, or null when {@code function} is given
 * @param arguments one per parameter of the function, or per binding of the program
 * @param names the bindings' names; empty for a function
 */
public record TaskCall(
        @Nullable TaskFunction function, @Nullable BinaryTask program, List<Arg<?>> arguments, List<String> names) {

    static TaskCall of(TaskFunction function, List<? extends Arg<?>> arguments) {
        return new TaskCall(function, null, List.copyOf(arguments), List.of());
    }

    static TaskCall of(BinaryTask program, List<Binding> bindings) {
        return new TaskCall(
                null,
                program,
                bindings.stream().<Arg<?>>map(Binding::arg).toList(),
                bindings.stream().map(Binding::name).toList());
    }
}

package io.colla.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call of a task as data, before the runtime has seen it: of exactly one of a function, a program and several programs.
 *
 * @param function the Java function, or null
 * @param program the program, or null
 * @param mpmd the programs of one MPI job, or null
 * @param arguments one per parameter of the function, or per binding of the program
 * @param names the bindings' names; empty for a function
 */
public record TaskCall(
        @Nullable TaskFunction function,
        @Nullable BinaryTask program,
        @Nullable MpmdTask mpmd,
        List<Arg<?>> arguments,
        List<String> names) {

    static TaskCall of(TaskFunction function, List<? extends Arg<?>> arguments) {
        return new TaskCall(function, null, null, List.copyOf(arguments), List.of());
    }

    static TaskCall of(BinaryTask program, List<Binding> bindings) {
        return bound(program, null, bindings);
    }

    static TaskCall of(MpmdTask programs, List<Binding> bindings) {
        return bound(null, programs, bindings);
    }

    private static TaskCall bound(@Nullable BinaryTask program, @Nullable MpmdTask mpmd, List<Binding> bindings) {
        return new TaskCall(
                null,
                program,
                mpmd,
                bindings.stream().<Arg<?>>map(Binding::arg).toList(),
                bindings.stream().map(Binding::name).toList());
    }
}

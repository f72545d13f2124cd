package io.colla.python;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * A function of a Python program: the body of implementations of kind {@value #KIND}.
 *
 * @param number the program's own, from 0
 * @param name for people
 * @param preload modules that it needs, imported before executors are forked
 * @param body opaque, for the executors; shared, not copied
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content below
public record PythonFunction(int number, String name, List<String> preload, byte[] body, PythonSetup setup)
        implements Serializable {
    /** {@link io.colla.platform.TaskDefinition.Implementation#kind()} of Python tasks. */
    public static final String KIND = "python";

    /** The kind of tasks whose function runs on every rank; their body is a {@link io.colla.platform.Ranked} function. */
    public static final String RANKED = "mpi-python";

    public PythonFunction {
        preload = List.copyOf(preload);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PythonFunction function
                && number == function.number
                && name.equals(function.name)
                && preload.equals(function.preload)
                && Arrays.equals(body, function.body)
                && setup.equals(function.setup);
    }

    @Override
    public int hashCode() {
        return 31 * number + Arrays.hashCode(body);
    }

    @Override
    public String toString() {
        return name;
    }
}

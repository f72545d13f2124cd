package io.colla.mpi.java;

import io.colla.api.Layout;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call as the ranks get it, before the values of its parameters.
 *
 * @param function the body of the Java task
 * @param gather whether the results of all ranks are wanted, rather than that of rank 0
 */
record RankCall(Serializable function, List<Parameter> parameters, boolean gather) implements Serializable {
    RankCall {
        parameters = List.copyOf(parameters);
    }

    /**
     * One parameter.
     *
     * @param returned whether the worker wants the object back
     * @param type the class of which each rank makes an object; null: the value follows
     * @param layout of the parts that ranks get; null: all of it
     */
    record Parameter(String name, boolean returned, @Nullable String type, @Nullable Layout layout)
            implements Serializable {}

    /** Comes before each value that rank 0 sends to the worker. */
    static final int OUTPUT = 1;

    /** Comes before the result of one rank, in the order of the ranks. */
    static final int RESULT = 2;

    /** All ranks have returned, and nothing more comes. */
    static final int DONE = 3;
}

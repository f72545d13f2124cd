package io.colla.master;

import io.colla.api.Direction;
import io.colla.api.TaskOptions;
import io.colla.platform.TaskDefinition.Implementation;
import java.util.Arrays;

/** A task of a {@link ForeignSession}, ready to be called many times. Used by the session's thread. */
public final class ForeignTask {
    /**
     * One way to do the task.
     *
     * @param needs cores, memory, resources, properties and nodes; the rest of the options says nothing here
     */
    public record Way(Implementation implementation, TaskOptions needs) {}

    final PreparedTask prepared;
    private Direction[] lastDirections = {};

    ForeignTask(PreparedTask prepared) {
        this.prepared = prepared;
    }

    /** The same task for another session. */
    public ForeignTask again() {
        return new ForeignTask(prepared);
    }

    public String name() {
        return prepared.template().name();
    }

    /** An array with the first {@code count} of these directions, which calls that are alike share. */
    Direction[] shared(Direction[] directions, int count) {
        Direction[] last = lastDirections;
        if (last.length == count && Arrays.equals(last, 0, count, directions, 0, count)) {
            return last;
        }
        Direction[] copy = Arrays.copyOf(directions, count);
        lastDirections = copy;
        return copy;
    }
}

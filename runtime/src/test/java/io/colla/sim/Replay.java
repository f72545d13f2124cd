package io.colla.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.api.Direction;
import io.colla.core.Failure;
import io.colla.core.TaskState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a sequential run of the same calls gives, if each task ends as it did in the simulation: the values that waits must have found, and the tasks that had
 * a reason to be cancelled.
 */
final class Replay {
    private sealed interface Step {}

    private record Provide(int datum, long value) implements Step {}

    private record Create(int datum) implements Step {}

    private record Call(int task, int[] data, Direction[] directions) implements Step {}

    private record Await(int number, int datum) implements Step {}

    /** @param value null when it will never be there */
    private record Value(Long value, boolean known) {
        static final Value POISON = new Value(null, true);
        static final Value UNKNOWN = new Value(null, false);

        boolean isPoison() {
            return known && value == null;
        }
    }

    private final List<Step> steps = new ArrayList<>();
    private final Set<Integer> homes = new HashSet<>();
    private final Map<Integer, Long> read = new HashMap<>();
    private final Map<Integer, Value> data = new HashMap<>();
    /** The program has cancelled something. */
    boolean cancelled;
    /** All nodes were lost for good. */
    boolean ended;
    /** Some of the program's data cannot be computed again. */
    boolean mayLose;

    void provide(int datum, long value) {
        steps.add(new Provide(datum, value));
    }

    /** The datum is a file with a path of the user's. */
    void home(int datum) {
        homes.add(datum);
    }

    /** A datum without content. */
    void create(int datum) {
        steps.add(new Create(datum));
    }

    void call(int task, int[] data, Direction[] directions) {
        steps.add(new Call(task, data, directions));
    }

    void await(int wait, int datum) {
        steps.add(new Await(wait, datum));
    }

    /** What the application found when its wait was done. */
    void read(int wait, Long value) {
        read.put(wait, value);
    }

    void check(Simulation world) {
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (step instanceof Provide p) {
                data.put(p.datum, new Value(p.value, true));
            } else if (step instanceof Create c) {
                data.put(c.datum, Value.POISON);
            } else if (step instanceof Call call) {
                check(world, call);
            } else if (step instanceof Await wait) {
                check(world, wait, isWrittenAfter(i, wait.datum));
            }
        }
    }

    private boolean isWrittenAfter(int step, int datum) {
        for (Step later : steps.subList(step, steps.size())) {
            if (later instanceof Call call) {
                for (int i = 0; i < call.data.length; i++) {
                    if (call.data[i] == datum && call.directions[i].writes()) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** @param writtenAfter whether a user's file may have been overwritten by a call made during the wait */
    private void check(Simulation world, Await wait, boolean writtenAfter) {
        boolean done = world.doneWaits.containsKey(wait.number);
        Failure failure = world.failedWaits.get(wait.number);
        String what = "wait " + wait.number + " for datum " + wait.datum;
        assertThat(done ^ failure != null).as(what + " ended once").isTrue();
        Value expected = data.getOrDefault(wait.datum, Value.POISON);
        if (done) {
            assertThat(read.get(wait.number)).as(what).isNotNull();
            assertThat(expected.isPoison()).as(what + " could not be done").isFalse();
            if (expected.known && !(writtenAfter && homes.contains(wait.datum))) {
                assertThat(read.get(wait.number)).as(what).isEqualTo(expected.value);
            }
        } else if (expected.known && !expected.isPoison()) {
            assertThat(failure.kind())
                    .as(what + " failed: " + failure.message())
                    .isEqualTo(Failure.Kind.LOST);
            assertThat(mayLose || ended)
                    .as(what + " lost something that could be computed again")
                    .isTrue();
        }
    }

    private void check(Simulation world, Call call) {
        Simulation.End end = world.ends.get(call.task);
        assertThat(end).as("task " + call.task + " ended").isNotNull();
        assertThat(end.times).as("task " + call.task + " ended once").isEqualTo(1);
        boolean doubtful = end.changed;
        boolean reason = false;
        long inputs = 0;
        Value[] before = new Value[call.data.length];
        for (int i = 0; i < call.data.length; i++) {
            Direction direction = call.directions[i];
            Value value = data.getOrDefault(call.data[i], Value.POISON);
            before[i] = value;
            boolean unordered = direction == Direction.COMMUTATIVE || direction == Direction.CONCURRENT;
            reason |= unordered || (direction.reads() && (value.isPoison() || !value.known));
            doubtful |= direction.reads() && !value.known;
            if (direction.reads() && !unordered && value.isPoison() && end.state == TaskState.DONE && !end.changed) {
                throw new AssertionError("task " + call.task + " is done without datum " + call.data[i]);
            }
            if ((direction == Direction.IN || direction == Direction.IN_DELETE) && value.value != null) {
                inputs = Simulation.mix(inputs, value.value);
            }
        }
        if (end.state == TaskState.CANCELLED) {
            boolean justified = reason || cancelled || ended || doubtful || !world.failures.isEmpty();
            assertThat(justified)
                    .as("task " + call.task + " was cancelled for a reason: " + end.failure)
                    .isTrue();
        }
        for (int i = 0; i < call.data.length; i++) {
            if (call.directions[i].writes()) {
                data.put(call.data[i], written(call, i, end, doubtful, before[i], inputs));
            }
        }
    }

    private static Value written(
            Call call, int access, Simulation.End end, boolean doubtful, Value before, long inputs) {
        Direction direction = call.directions[access];
        if (doubtful) {
            return Value.UNKNOWN;
        }
        if (end.state != TaskState.DONE) {
            return Value.POISON;
        }
        if (direction != Direction.OUT && before.value == null) {
            return before;
        }
        if (end.failure != null) {
            return direction == Direction.OUT ? new Value(0L, true) : before;
        }
        long old = before.value == null ? 0 : before.value;
        return new Value(Simulation.output(direction, call.task, old, inputs), true);
    }
}

package io.colla.core;

import io.colla.api.Direction;
import io.colla.api.FailurePolicy;
import io.colla.core.Assignment.Mode;
import io.colla.core.Assignment.PlannedAccess;
import io.colla.core.Version.State;
import io.colla.scheduler.Requirement;
import io.colla.scheduler.Schedulable;
import io.colla.scheduler.Scheduler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the scheduler's placements into assignments: decides for each access what it reads, what it writes and where. */
final class Dispatcher implements Scheduler.Sink {
    private static final int[] NONE = {};

    private final Core core;
    private final List<TaskRecord> bounced = new ArrayList<>();

    Dispatcher(Core core) {
        this.core = core;
    }

    /** Places what can be placed. */
    void dispatch() {
        core.scheduler.dispatch(core.now, this);
        while (!bounced.isEmpty()) {
            List<TaskRecord> again = List.copyOf(bounced);
            bounced.clear();
            for (TaskRecord task : again) {
                core.scheduler.left(task, task.worker);
                core.move(task, TaskState.WAITING);
                core.readiness.await(task);
            }
            core.scheduler.dispatch(core.now, this);
        }
    }

    @Override
    public void place(Schedulable placed, int worker, int @Nullable [] gang, boolean ahead) {
        TaskRecord task = (TaskRecord) placed;
        task.worker = worker;
        for (Version input : task.in) {
            if (input != null && !input.isAvailable()) {
                bounced.add(task);
                return;
            }
        }
        core.move(task, TaskState.ASSIGNED);
        task.attempt++;
        task.nodes = gang;
        Requirement need = task.template.implementations().get(task.implementation);
        core.effects.run(
                worker,
                new Assignment(task, task.attempt, task.implementation, gang == null ? NONE : gang, plan(task)));
        if (gang != null) {
            task.awaitedHolds = gang.length;
            for (int member : gang) {
                if (member != worker) {
                    core.effects.hold(member, task.id, task.attempt, need);
                }
            }
        }
    }

    @Override
    public void recall(Schedulable task, int worker) {
        TaskRecord record = (TaskRecord) task;
        core.effects.giveBack(worker, record.id, record.attempt);
    }

    private List<PlannedAccess> plan(TaskRecord task) {
        int count = task.in.length;
        if (count == 0) {
            return List.of();
        }
        PlannedAccess[] planned = new PlannedAccess[count];
        task.written = null;
        task.consumed = null;
        for (int i = 0; i < count; i++) {
            planned[i] = planOne(task, i);
        }
        return Arrays.asList(planned);
    }

    private PlannedAccess planOne(TaskRecord task, int access) {
        UpdateGroup group = task.groupOf(access);
        if (group != null && group.concurrent) {
            return planShared(task, group);
        }
        Direction direction = task.directions[access];
        Version input = task.in[access];
        Version output = task.out[access];
        Content from = input == null ? null : input.content;
        if (output == null) {
            return reading(task, direction, require(input), require(from));
        }
        if (input == null || from == null) {
            Content to = write(task, access, output, placeForOutput(output));
            return new PlannedAccess(
                    output.datum.id, direction, -1, to.id, Mode.KEEP, Place.STORE, to.place, NONE);
        }
        Place readFrom = from.place;
        int[] workers = sources(from, task.worker);
        boolean consume = input.readers == 1
                && from.versions == 1
                && task.template.policy() != FailurePolicy.IGNORE
                && (!task.mayRetry() || core.versions.isRecoverable(input, task.worker));
        Content to = write(task, access, output, consume ? readFrom : placeForOutput(output));
        if (consume) {
            consume(task, access, input, from);
        }
        return new PlannedAccess(
                output.datum.id,
                direction,
                from.id,
                to.id,
                consume ? Mode.CONSUME : Mode.COPY,
                readFrom,
                to.place,
                workers);
    }

    private static PlannedAccess reading(TaskRecord task, Direction direction, Version input, Content from) {
        return new PlannedAccess(
                input.datum.id,
                direction,
                from.id,
                -1,
                Mode.KEEP,
                from.place,
                Place.STORE,
                sources(from, task.worker));
    }

    private static int[] sources(Content content, int worker) {
        return content.isAt(worker) ? NONE : content.workers();
    }

    private Content write(TaskRecord task, int access, Version output, Place place) {
        Content content = new Content(core.contentNumbers.getAsInt(), output, place, 0);
        if (place == Place.HOME) {
            claimHome(output);
        }
        @Nullable Content[] written = task.written;
        if (written == null) {
            written = new Content[task.in.length];
            task.written = written;
        }
        written[access] = content;
        return content;
    }

    private void consume(TaskRecord task, int access, Version input, Content from) {
        @Nullable Content[] consumed = task.consumed;
        if (consumed == null) {
            consumed = new Content[task.in.length];
            task.consumed = consumed;
        }
        consumed[access] = from;
        boolean elsewhere = false;
        for (int worker : from.workers()) {
            elsewhere |= worker != task.worker;
        }
        if (elsewhere && !from.isEverywhere()) {
            from.removeWorker(task.worker);
        } else {
            core.versions.detach(input);
        }
    }

    private Place placeForOutput(Version output) {
        Datum datum = output.datum;
        if (datum.kind == DatumKind.SHARED_FILE && isHomeFree(datum, output)) {
            return Place.HOME;
        }
        return datum.kind.isShared() ? Place.SHARED : Place.STORE;
    }

    /** Whether nothing that is at the user's path may still be read, now or to compute something again. */
    private static boolean isHomeFree(Datum datum, Version output) {
        Version there = datum.atHome;
        if (there == null || there == output) {
            return true;
        }
        if (there.readers > 0 || there.lineage > 0 || there.state == State.PENDING) {
            return false;
        }
        TaskRecord writer = there.producer;
        return writer == null || writer.state.isOver();
    }

    private void claimHome(Version output) {
        Version before = output.datum.atHome;
        if (before != null && before != output) {
            Content old = before.content;
            if (old != null && old.place == Place.HOME) {
                core.contents.remove(old.id);
                before.content = null;
                before.state = State.DEAD;
            }
        }
        output.datum.atHome = output;
    }

    private PlannedAccess planShared(TaskRecord task, UpdateGroup group) {
        Content base = require(group.last.content);
        Content shared = group.content;
        if (shared == null) {
            Version result = require(group.result);
            if (base.isEverywhere()) {
                shared = base;
                base.versions++;
            } else {
                shared = new Content(core.contentNumbers.getAsInt(), result, Place.STORE, base.size);
                core.contents.put(shared.id, shared);
                group.worker = task.worker;
            }
            group.content = shared;
        }
        return new PlannedAccess(
                shared.owner.datum.id,
                Direction.CONCURRENT,
                base.id,
                shared.id,
                Mode.SHARE,
                base.place,
                shared.place,
                sources(base, task.worker));
    }

    private static <T> T require(@Nullable T object) {
        if (object == null) {
            throw new IllegalStateException("an input of a placed task has no content");
        }
        return object;
    }
}

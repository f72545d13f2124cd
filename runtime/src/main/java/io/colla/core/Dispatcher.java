package io.colla.core;

import io.colla.api.Direction;
import io.colla.api.FailurePolicy;
import io.colla.core.Assignment.Mode;
import io.colla.core.Assignment.PlannedAccess;
import io.colla.core.Version.State;
import io.colla.scheduler.Gang;
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
    public void place(Schedulable placed, int worker, @Nullable Gang gang, boolean ahead) {
        TaskRecord task = (TaskRecord) placed;
        task.worker = worker;
        if (!core.readiness.isComplete(task) || !core.updates.mayBegin(task, worker)) {
            bounced.add(task);
            return;
        }
        core.move(task, TaskState.ASSIGNED);
        task.attempt++;
        task.turns = 0;
        core.effects.run(worker, new Assignment(task, task.attempt, task.implementation, gang, plan(task)));
        if (gang != null && gang.size() > 1) {
            task.awaitedHolds = gang.workers().clone();
            for (int i = 1; i < gang.size(); i++) {
                core.effects.hold(gang.workers()[i], task.id, task.attempt, gang.needs()[i]);
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
            PlannedAccess shared = core.updates.plan(task, group);
            return shared != null ? shared : copying(task, access, group.last, require(group.result));
        }
        Direction direction = task.directions[access];
        Version input = task.in[access];
        Version output = task.out[access];
        Content from = input == null ? null : input.content;
        if (output == null && direction == Direction.CONCURRENT) {
            // Computed again for its other results: what it updated with others has it already.
            return copying(task, access, require(input), require(input));
        }
        if (output == null) {
            return reading(task, direction, require(input), require(from));
        }
        if (input == null || from == null) {
            Content to = write(task, access, output, placeForOutput(output));
            if (to.place == Place.HOME) {
                core.userFiles.claim(output);
            }
            return new PlannedAccess(output.datum.id, direction, -1, to.id, Mode.KEEP, Place.STORE, to.place, NONE);
        }
        Place readFrom = from.place;
        int[] workers = sources(from, task.worker);
        boolean consume = input.readers == 1
                && output.state == State.PENDING
                && from.isExclusive()
                && task.template.policy() != FailurePolicy.IGNORE
                && (!task.mayRetry() || Versions.isRecoverable(input, task.worker));
        Content to = write(task, access, output, consume ? readFrom : placeForOutput(output));
        if (consume) {
            consume(task, access, input, from);
        }
        if (to.place == Place.HOME) {
            core.userFiles.claim(output);
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
                input.datum.id, direction, from.id, -1, Mode.KEEP, from.place, Place.STORE, sources(from, task.worker));
    }

    private static int[] sources(Content content, int worker) {
        return content.isAt(worker) ? NONE : content.workers();
    }

    /** An update of a copy. */
    private PlannedAccess copying(TaskRecord task, int access, Version input, Version output) {
        Content from = require(input.content);
        Content to = write(task, access, output, output.datum.kind.isShared() ? Place.SHARED : Place.STORE);
        return new PlannedAccess(
                output.datum.id,
                task.directions[access],
                from.id,
                to.id,
                Mode.COPY,
                from.place,
                to.place,
                sources(from, task.worker));
    }

    private Content write(TaskRecord task, int access, Version output, Place place) {
        Content content = new Content(core.contentNumbers.getAsInt(), output, place, 0);
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

    private static Place placeForOutput(Version output) {
        DatumKind kind = output.datum.kind;
        if (kind == DatumKind.SHARED_FILE && UserFiles.mayWrite(output)) {
            return Place.HOME;
        }
        return kind.isShared() ? Place.SHARED : Place.STORE;
    }

    private static <T> T require(@Nullable T object) {
        if (object == null) {
            throw new IllegalStateException("an input of a placed task has no content");
        }
        return object;
    }
}

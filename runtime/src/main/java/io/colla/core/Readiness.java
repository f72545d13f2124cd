package io.colla.core;

import io.colla.api.Direction;
import io.colla.core.Version.State;
import io.colla.scheduler.TaskClass;
import org.jspecify.annotations.Nullable;

/** Takes tasks from submitted to queued: waits for inputs, takes turns on commutative data, finds the preferred worker. */
final class Readiness {
    /** Bytes below which the place of data does not matter. */
    private static final long WORTH_STAYING = 16 * 1024;

    private final Core core;

    Readiness(Core core) {
        this.core = core;
    }

    void inputArrived(TaskRecord task) {
        if (task.state == TaskState.WAITING && --task.missing == 0) {
            ready(task);
        }
    }

    /** Counts the inputs that are missing, has lost ones computed again, and queues the task if there are none. The task is WAITING. */
    void await(TaskRecord task) {
        task.missing = 0;
        for (int i = 0; i < task.in.length; i++) {
            Version input = awaited(task, i);
            if (input == null || input.isAvailable()) {
                continue;
            }
            if (input.state == State.FAILED) {
                core.outcomes.cancel(task, inherited(input));
                return;
            }
            task.missing++;
            input.addWaiter(task);
        }
        if (task.missing == 0) {
            ready(task);
            return;
        }
        for (int i = 0; i < task.in.length && task.state == TaskState.WAITING; i++) {
            Version input = awaited(task, i);
            if (input != null && input.state == State.LOST) {
                core.recovery.recompute(input);
            }
        }
    }

    /** The version whose arrival the task's access waits for. */
    private static @Nullable Version awaited(TaskRecord task, int access) {
        Version input = task.in[access];
        UpdateGroup group = task.groupOf(access);
        return input == null && group != null ? group.last : input;
    }

    private static Failure inherited(Version input) {
        Failure failure = input.failure;
        return failure != null ? failure : Failure.cancelled("", "an input is gone");
    }

    private void ready(TaskRecord task) {
        if (task.updates != null && !task.locked && !lock(task)) {
            core.move(task, TaskState.PARKED);
            return;
        }
        for (Version input : task.in) {
            if (input != null && !input.isAvailable()) {
                await(task);
                return;
            }
        }
        core.move(task, TaskState.READY);
        task.preferred = bestWorker(task);
        core.scheduler.offer(task, classOf(task.template), task.template.priority(), core.now);
        if (!core.scheduler.feasible(classOf(task.template)) && core.scheduler.workerCount() > 0) {
            core.recovery.stranded(task);
        }
    }

    TaskClass classOf(TaskTemplate template) {
        TaskClass known = template.taskClass;
        if (known == null) {
            known = core.scheduler.classFor(template.implementations(), template.definition());
            template.taskClass = known;
        }
        return known;
    }

    private int bestWorker(TaskRecord task) {
        int best = -1;
        long most = WORTH_STAYING;
        for (Version input : task.in) {
            Content content = input == null ? null : input.content;
            if (content == null || content.size <= WORTH_STAYING || content.isEverywhere()) {
                continue;
            }
            for (int worker : content.workers()) {
                long bytes = bytesAt(task, worker);
                if (bytes > most) {
                    most = bytes;
                    best = worker;
                }
            }
        }
        return best;
    }

    private static long bytesAt(TaskRecord task, int worker) {
        long bytes = 0;
        for (Version input : task.in) {
            Content content = input == null ? null : input.content;
            if (content != null && content.isAt(worker)) {
                bytes += content.size;
            }
        }
        return bytes;
    }

    /** Takes all the data that the task updates commutatively, or none; then parks it with one that it could not have. */
    private boolean lock(TaskRecord task) {
        for (int i = 0; i < task.in.length; i++) {
            UpdateGroup group = task.groupOf(i);
            if (group != null && !group.concurrent && group.holder != null) {
                group.parked.add(task);
                return false;
            }
        }
        for (int i = 0; i < task.in.length; i++) {
            UpdateGroup group = task.groupOf(i);
            if (group == null) {
                continue;
            }
            if (group.concurrent) {
                task.pinned = group.worker;
            } else {
                enter(task, i, group);
            }
        }
        task.locked = true;
        return true;
    }

    private void enter(TaskRecord task, int access, UpdateGroup group) {
        group.holder = task;
        group.remaining--;
        Version result = group.closed && group.remaining == 0 ? group.result : null;
        Version output = result != null ? result : new Version(group.last.datum, task);
        output.producer = task;
        // The group's reference on what it has so far becomes the task's own.
        task.in[access] = group.last;
        task.out[access] = output;
        task.liveOutputs++;
        if (result == null) {
            output.readers++;
        }
        group.last = output;
    }

    private void unlock(TaskRecord task) {
        UpdateGroup[] groups = task.updates;
        if (groups == null || !task.locked) {
            return;
        }
        task.locked = false;
        for (UpdateGroup group : groups) {
            if (group != null && group.holder == task) {
                group.holder = null;
                wakeParked(group);
            }
        }
    }

    private void wakeParked(UpdateGroup group) {
        while (group.holder == null) {
            TaskRecord next = group.parked.poll();
            if (next == null) {
                return;
            }
            if (next.state == TaskState.PARKED) {
                core.move(next, TaskState.WAITING);
                await(next);
            }
        }
    }

    /** Closes the unordered updates of a datum, so that somebody else can access what they make. */
    void close(Datum datum) {
        UpdateGroup group = datum.updates;
        if (group == null) {
            return;
        }
        datum.updates = null;
        group.closed = true;
        if (group.concurrent) {
            closeConcurrent(group);
            return;
        }
        Failure failure = group.failure;
        if (failure != null || group.remaining > 0) {
            Version result = new Version(datum, null);
            group.result = result;
            datum.current = result;
            result.readers = datum.handleOpen ? 1 : 0;
            if (failure != null) {
                core.outcomes.fail(result, failure);
            }
            if (group.remaining == 0) {
                core.versions.release(group.last);
            }
        } else {
            // The group's reference on its last version becomes that of the handle.
            datum.current = group.last;
            if (!datum.handleOpen) {
                core.versions.release(group.last);
            }
        }
    }

    private void closeConcurrent(UpdateGroup group) {
        Version result = group.result;
        if (result == null) {
            throw new IllegalStateException("a concurrent group without a result");
        }
        if (group.remaining == 0) {
            finishConcurrent(group, result);
        }
    }

    /** A task is over, with or without success: what it shared with others goes on without it. */
    void leaveGroups(TaskRecord task, @Nullable Failure failure) {
        UpdateGroup[] groups = task.updates;
        if (groups == null) {
            return;
        }
        for (int i = 0; i < groups.length; i++) {
            UpdateGroup group = groups[i];
            if (group == null) {
                continue;
            }
            if (failure != null && group.failure == null) {
                group.failure = failure;
            }
            if (group.concurrent) {
                leaveConcurrent(group);
            } else if (task.in[i] == null) {
                neverEntered(group);
            }
        }
        unlock(task);
        task.updates = null;
    }

    private void leaveConcurrent(UpdateGroup group) {
        group.remaining--;
        Version result = group.result;
        if (group.remaining == 0 && group.closed && result != null) {
            finishConcurrent(group, result);
        }
    }

    private void neverEntered(UpdateGroup group) {
        group.remaining--;
        Version result = group.result;
        Failure failure = group.failure;
        if (group.closed && result != null) {
            if (failure != null) {
                core.outcomes.fail(result, failure);
            }
            if (group.remaining == 0) {
                core.versions.release(group.last);
            }
        }
    }

    private void finishConcurrent(UpdateGroup group, Version result) {
        Failure failure = group.failure;
        Content content = group.content;
        if (failure != null || content == null || !content.isSomewhere()) {
            core.outcomes.fail(
                    result, failure != null ? failure : Failure.cancelled("", "no task has updated the datum"));
        } else {
            core.versions.available(result, content);
        }
        core.versions.release(group.last);
    }

    static boolean isUnordered(Direction direction) {
        return direction == Direction.COMMUTATIVE || direction == Direction.CONCURRENT;
    }
}

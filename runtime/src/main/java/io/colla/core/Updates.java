package io.colla.core;

import io.colla.api.Direction;
import io.colla.core.Assignment.Mode;
import io.colla.core.Assignment.PlannedAccess;
import io.colla.core.Version.State;
import org.jspecify.annotations.Nullable;

/** The life of {@link UpdateGroup}s: who joins, whose turn it is, on which worker the members are, and what comes out. */
final class Updates {
    private static final int[] NONE = {};

    private final Core core;

    Updates(Core core) {
        this.core = core;
    }

    static boolean isUnordered(Direction direction) {
        return direction == Direction.COMMUTATIVE || direction == Direction.CONCURRENT;
    }

    /** Makes the task a member of the datum's open group. */
    void join(TaskRecord task, int access, Datum datum, Direction direction) {
        boolean concurrent = direction == Direction.CONCURRENT;
        UpdateGroup group = datum.updates;
        if (group == null || group.concurrent != concurrent) {
            close(datum);
            group = open(datum, concurrent);
        }
        group.remaining++;
        @Nullable UpdateGroup[] groups = task.updates;
        if (groups == null) {
            groups = new UpdateGroup[task.directions.length];
            task.updates = groups;
        }
        for (UpdateGroup other : groups) {
            if (other == group) {
                throw new IllegalArgumentException(task.label() + " updates " + datum.name + " twice");
            }
        }
        groups[access] = group;
    }

    private UpdateGroup open(Datum datum, boolean concurrent) {
        Version base = datum.newest();
        UpdateGroup group = new UpdateGroup(concurrent, base);
        datum.updates = group;
        if (concurrent) {
            base.readers++;
            Version result = new Version(datum, null);
            group.result = result;
            core.versions.supersede(datum, result);
        } else if (!datum.handleOpen) {
            base.readers++;
        }
        return group;
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
            if (group.remaining == 0) {
                finishConcurrent(group, require(group.result));
            }
            return;
        }
        Failure failure = group.failure;
        if (failure != null || group.remaining > 0) {
            Version result = new Version(datum, null);
            group.result = result;
            datum.current = result;
            result.readers = datum.handleOpen ? 1 : 0;
            if (failure != null) {
                core.cascade.fail(result, failure);
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

    /**
     * Takes all the data that the task updates, as far as it has not got them, or none; then parks it with one that it could not have, or ends it if what
     * others have made is lost. The task is WAITING.
     *
     * @return whether it has them
     */
    boolean enter(TaskRecord task) {
        UpdateGroup[] groups = task.updates;
        if (groups == null) {
            return true;
        }
        for (UpdateGroup group : groups) {
            if (group != null && group.concurrent && group.isLost()) {
                core.recovery.lostUpdates(task, group);
                return false;
            }
        }
        task.pinned = pin(task, groups);
        for (UpdateGroup group : groups) {
            if (group != null && !isOpenFor(task, group)) {
                core.move(task, TaskState.PARKED);
                group.parked.add(task);
                return false;
            }
        }
        for (int i = 0; i < groups.length; i++) {
            UpdateGroup group = groups[i];
            if (group == null) {
                continue;
            }
            if (!group.concurrent) {
                if (!task.locked) {
                    take(task, i, group);
                }
            } else if (isStarter(group)) {
                group.holder = task;
            }
        }
        task.locked = true;
        return true;
    }

    /** The worker that the task has to go to, because others are updating an object there or one is kept there. */
    private int pin(TaskRecord task, @Nullable UpdateGroup[] groups) {
        int pin = -1;
        if (task.template.implementations().get(0).isGang()) {
            return pin;
        }
        for (UpdateGroup group : groups) {
            if (group != null && group.concurrent && group.worker >= 0 && (pin < 0 || group.active > 0)) {
                boolean fits = core.scheduler.couldRun(core.readiness.classOf(task.template), group.worker);
                pin = fits ? group.worker : pin;
            }
        }
        return pin;
    }

    private static boolean isOpenFor(TaskRecord task, UpdateGroup group) {
        if (!group.concurrent) {
            return task.locked || group.holder == null;
        }
        if (isStarter(group)) {
            return group.holder == null || group.holder == task;
        }
        return group.active == 0 || group.worker < 0 || group.worker == task.pinned;
    }

    /** Whether the next member makes the shared file and has to be alone. */
    private static boolean isStarter(UpdateGroup group) {
        DatumKind kind = group.last.datum.kind;
        return group.content == null && kind.isShared();
    }

    /** Whether the task may begin on a worker; what it updates with others may have gone elsewhere meanwhile. */
    boolean mayBegin(TaskRecord task, int worker) {
        UpdateGroup[] groups = task.updates;
        if (groups == null) {
            return true;
        }
        for (UpdateGroup group : groups) {
            if (group == null || !group.concurrent) {
                continue;
            }
            boolean elsewhere = group.active > 0 && group.worker >= 0 && group.worker != worker;
            if (elsewhere || group.isLost() || (isStarter(group) && group.holder != task)) {
                return false;
            }
        }
        return true;
    }

    private void take(TaskRecord task, int access, UpdateGroup group) {
        group.holder = task;
        group.remaining--;
        boolean isLast = group.closed && group.remaining == 0;
        Version result = group.result;
        // What all have made has failed already if a member did before it had its turn; the others still run.
        boolean wanted = isLast && result != null && result.state == State.PENDING;
        Version output = wanted && result != null ? result : new Version(group.last.datum, task);
        output.producer = task;
        // The group's reference on what it has so far becomes the task's own.
        task.in[access] = group.last;
        task.out[access] = output;
        task.liveOutputs++;
        if (!isLast) {
            output.readers++;
        }
        group.last = output;
    }

    /** Plans an access to what concurrent members share; for one that runs alone to make it, see {@link #isStarter}. */
    @Nullable
    PlannedAccess plan(TaskRecord task, UpdateGroup group) {
        group.active++;
        if (isStarter(group)) {
            return null;
        }
        Content from = null;
        Content shared = group.content;
        if (shared == null || (!shared.isEverywhere() && group.worker != task.worker)) {
            from = shared == null ? require(group.last.content) : shared;
            group.previous = shared;
            shared = new Content(core.contentNumbers.getAsInt(), require(group.result), Place.STORE, from.size);
            group.content = shared;
            group.worker = task.worker;
            group.made = false;
        } else if (!group.made) {
            from = group.previous == null ? require(group.last.content) : group.previous;
        } else if (shared.isEverywhere()) {
            from = shared;
        }
        return new PlannedAccess(
                shared.owner.datum.id,
                Direction.CONCURRENT,
                from == null ? -1 : from.id,
                shared.id,
                Mode.SHARE,
                from == null ? Place.STORE : from.place,
                shared.place,
                from == null || from.isAt(task.worker) ? NONE : from.workers());
    }

    /** A member has updated what is shared. */
    void updated(TaskRecord task, int access, UpdateGroup group, long size) {
        @Nullable Content[] written = task.written;
        Content started = written == null ? null : written[access];
        if (started != null) {
            group.content = started;
            core.contents.put(started.id, started);
        }
        Content content = require(group.content);
        content.size = size;
        if (!content.isEverywhere()) {
            content.addWorker(task.worker);
            core.contents.put(content.id, content);
        }
        group.made = true;
        Content previous = group.previous;
        group.previous = null;
        if (previous != null) {
            core.versions.discard(previous);
        }
    }

    /** An attempt of a member is over. What nobody has updated successfully is made again by the next one. */
    void attemptEnded(TaskRecord task) {
        UpdateGroup[] groups = task.updates;
        if (groups == null) {
            return;
        }
        for (UpdateGroup group : groups) {
            if (group == null || !group.concurrent) {
                continue;
            }
            if (group.holder == task) {
                group.holder = null;
            }
            if (--group.active == 0) {
                Content content = group.content;
                if (content != null && !group.made) {
                    if (core.scheduler.knows(group.worker)) {
                        core.effects.drop(group.worker, content.id);
                    }
                    unmake(group);
                }
            }
        }
    }

    private static void unmake(UpdateGroup group) {
        Content previous = group.previous;
        group.content = previous;
        group.previous = null;
        group.made = previous != null;
        group.worker = previous != null && previous.isSomewhere() ? previous.workers()[0] : -1;
    }

    /** Lets those go on that wait for what the task had; after {@link #attemptEnded}. */
    void wake(TaskRecord task) {
        UpdateGroup[] groups = task.updates;
        if (groups == null) {
            return;
        }
        for (UpdateGroup group : groups) {
            if (group != null && group.concurrent && group.active == 0) {
                wakeParked(group);
            }
        }
    }

    private void wakeParked(UpdateGroup group) {
        for (int left = group.parked.size(); left > 0 && (group.concurrent || group.holder == null); left--) {
            TaskRecord next = group.parked.poll();
            if (next != null && next.state == TaskState.PARKED) {
                core.move(next, TaskState.WAITING);
                core.readiness.await(next);
            }
        }
    }

    /** A task is over, with or without success: what it shared with others goes on without it. */
    void leave(TaskRecord task, @Nullable Failure failure) {
        UpdateGroup[] groups = task.updates;
        if (groups == null) {
            return;
        }
        task.updates = null;
        for (int i = 0; i < groups.length; i++) {
            UpdateGroup group = groups[i];
            if (group == null) {
                continue;
            }
            if (failure != null && group.failure == null) {
                group.failure = failure;
            }
            if (group.concurrent) {
                leaveConcurrent(task, i, group);
            } else if (task.in[i] == null) {
                neverEntered(group);
            } else if (group.holder == task) {
                group.holder = null;
                wakeParked(group);
            }
        }
    }

    private void leaveConcurrent(TaskRecord task, int access, UpdateGroup group) {
        if (task.state == TaskState.DONE) {
            // To run again it would read what the group started from; its own update is not made twice.
            task.in[access] = group.last;
            group.last.readers++;
        }
        if (group.holder == task) {
            group.holder = null;
        }
        group.remaining--;
        if (group.remaining == 0 && group.closed) {
            finishConcurrent(group, require(group.result));
        } else if (group.active == 0) {
            wakeParked(group);
        }
    }

    private void neverEntered(UpdateGroup group) {
        group.remaining--;
        Version result = group.result;
        Failure failure = group.failure;
        if (group.closed && result != null) {
            if (failure != null) {
                core.cascade.fail(result, failure);
            }
            if (group.remaining == 0) {
                core.versions.release(group.last);
            }
        }
    }

    private void finishConcurrent(UpdateGroup group, Version result) {
        Failure failure = group.failure;
        Content content = group.content;
        Content base = group.last.content;
        if (failure != null || group.isLost()) {
            if (content != null) {
                core.versions.discard(content);
            }
            core.cascade.fail(result, failure != null ? failure : Recovery.lostFor(result));
        } else if (content != null) {
            core.versions.available(result, content);
        } else if (base != null) {
            // All members failed and were ignored.
            base.share(result);
            core.versions.available(result, base);
        } else {
            core.cascade.fail(result, Recovery.lostFor(group.last));
        }
        core.versions.release(group.last);
    }

    /** Whether the task's end would change a version; for cancelling by datum. */
    static boolean makes(TaskRecord task, Version version) {
        UpdateGroup[] groups = task.updates;
        if (groups == null || task.state.isOver()) {
            return false;
        }
        for (UpdateGroup group : groups) {
            if (group != null && (group.result == version || group.last == version)) {
                return true;
            }
        }
        return false;
    }

    private static <T> T require(@Nullable T object) {
        if (object == null) {
            throw new IllegalStateException("a group of concurrent updates lacks what they share");
        }
        return object;
    }
}

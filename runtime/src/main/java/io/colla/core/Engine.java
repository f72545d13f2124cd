package io.colla.core;

import io.colla.api.Direction;
import io.colla.scheduler.FutureNodes;
import io.colla.scheduler.Gang;
import io.colla.scheduler.NodeCapacity;
import io.colla.scheduler.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The tasks, the data they share and the order that follows. The methods are the events that can happen; what is to be done about them leaves through
 * {@link Effects}. Single-threaded, without I/O or a clock: time comes in as a parameter (nanoseconds, any origin). Events about tasks, attempts, contents
 * or workers that are not known any more are ignored, so that late and duplicate messages do no harm.
 */
public final class Engine {
    /** The group of all tasks. */
    public static final int ALL_TASKS = -1;

    private final Core core;
    private @Nullable CallListener listener;

    /** @param contentNumbers gives each content a number that was never used before */
    public Engine(EngineSettings settings, Scheduler scheduler, Effects effects, IntSupplier contentNumbers) {
        this.core = new Core(settings, scheduler, effects, contentNumbers);
    }

    /** Has somebody told of what the application does from now on. */
    public void listen(CallListener to) {
        listener = to;
    }

    // What the application does

    /** A result or an object without content. */
    public void newDatum(int datum, DatumKind kind, String name) {
        Datum created = new Datum(datum, kind, name);
        core.data.put(datum, created);
    }

    /** A datum with a first content, which the master's store has under that number, or which is at the user's path. */
    public void newDatum(int datum, DatumKind kind, String name, int content, long size) {
        Datum created = new Datum(datum, kind, name);
        core.data.put(datum, created);
        Version first = new Version(created, null);
        first.readers = 1;
        created.current = first;
        boolean home = kind == DatumKind.SHARED_FILE;
        Content given = core.versions.newContent(first, content, home ? Place.HOME : Place.STORE, size);
        if (!home) {
            given.addWorker(0);
        }
        core.versions.available(first, given);
        if (kind == DatumKind.LOCAL_FILE) {
            created.copyAtHome = first;
        }
    }

    /** The application will not name the datum again. */
    public void closeDatum(int datum) {
        Datum closed = core.data.get(datum);
        if (closed == null) {
            return;
        }
        core.data.remove(datum);
        closeHandle(closed);
        if (listener != null) {
            listener.closed(datum);
        }
    }

    private void closeHandle(Datum datum) {
        if (!datum.handleOpen) {
            return;
        }
        core.updates.close(datum);
        datum.handleOpen = false;
        Version current = datum.current;
        if (current != null) {
            core.versions.release(current);
        }
    }

    /** Calls a task. */
    public void submit(Submission submission, long now) {
        core.now = now;
        if (listener != null) {
            listener.called(submission, now);
        }
        GroupRecord group = core.groups.getOrDefault(submission.group(), core.all);
        TaskRecord task = new TaskRecord(
                submission.task(), submission.template(), submission.payload(), submission.directions(), group);
        core.tasks.put(task.id, task);
        group.unfinished++;
        if (group.members != null) {
            group.members.add(task);
        }
        if (group != core.all) {
            core.all.unfinished++;
        }
        for (int i = submission.created(); i < submission.data().length; i++) {
            newDatum(
                    submission.data()[i],
                    DatumKind.OBJECT,
                    submission.template().resultName());
        }
        resolve(task, submission.data());
        Failure pending = core.pendingFailure;
        if (pending != null) {
            core.cascade.cancel(task, pending);
        } else if (group.endedBy != null) {
            core.cascade.cancel(task, group.cancelled(task));
        } else {
            core.readiness.await(task);
        }
    }

    /** Reads see what was there before the call, whatever else the call does to the same datum. */
    private void resolve(TaskRecord task, int[] data) {
        boolean unordered = false;
        for (int i = 0; i < data.length; i++) {
            Direction direction = task.directions[i];
            if (Updates.isUnordered(direction)) {
                unordered = true;
            } else if (direction.reads()) {
                Datum datum = datum(data[i]);
                core.updates.close(datum);
                Version input = datum.newest();
                input.readers++;
                task.in[i] = input;
            }
        }
        for (int i = 0; unordered && i < data.length; i++) {
            if (Updates.isUnordered(task.directions[i])) {
                core.updates.join(task, i, datum(data[i]), task.directions[i]);
            }
        }
        for (int i = 0; i < data.length; i++) {
            Direction direction = task.directions[i];
            if (direction == Direction.OUT || direction == Direction.INOUT) {
                Datum datum = datum(data[i]);
                core.updates.close(datum);
                Version output = new Version(datum, task);
                task.out[i] = output;
                task.liveOutputs++;
                core.versions.supersede(datum, output);
            } else if (direction == Direction.IN_DELETE) {
                closeHandle(datum(data[i]));
            }
        }
    }

    private Datum datum(int number) {
        Datum datum = core.data.get(number);
        if (datum == null) {
            throw new IllegalStateException("datum " + number + " is not known");
        }
        return datum;
    }

    public void newGroup(int group) {
        core.groups.put(group, new GroupRecord(group, true));
    }

    public void closeGroup(int group) {
        core.groups.remove(group);
    }

    /** Ends the unfinished tasks of a group. */
    public void cancelGroup(int group) {
        GroupRecord cancelled = core.groups.get(group);
        if (cancelled == null || cancelled.members == null) {
            return;
        }
        List<TaskRecord> members = new ArrayList<>(cancelled.members);
        members.sort((a, b) -> Integer.compare(a.id, b.id));
        for (TaskRecord task : members) {
            core.cascade.cancel(task, Failure.cancelled(task.label(), task.label() + " was cancelled with its group"));
        }
    }

    /** Ends the unfinished tasks that make the newest version of a datum. */
    public void cancelDatum(int datum) {
        Datum cancelled = core.data.get(datum);
        if (cancelled == null) {
            return;
        }
        core.updates.close(cancelled);
        Version current = cancelled.current;
        if (current == null || current.state != Version.State.PENDING) {
            return;
        }
        List<TaskRecord> makers = new ArrayList<>();
        TaskRecord producer = current.producer;
        if (producer != null) {
            makers.add(producer);
        } else {
            core.tasks.forEach(task -> {
                if (Updates.makes(task, current)) {
                    makers.add(task);
                }
            });
        }
        for (TaskRecord task : makers) {
            core.cascade.cancel(task, Failure.cancelled(task.label(), task.label() + " was cancelled"));
        }
    }

    /** The application will not name the file again, and wants it away from its path as soon as no task that was called reads it. */
    public void deleteFile(int datum) {
        Datum deleted = core.data.get(datum);
        if (deleted != null) {
            core.updates.close(deleted);
            Version last = deleted.newest();
            core.data.remove(datum);
            closeHandle(deleted);
            core.userFiles.delete(last);
            if (listener != null) {
                listener.closed(datum);
            }
        }
    }

    /** Ends every task. */
    public void cancelAll(Failure failure) {
        core.cascade.endAll(failure);
    }

    /** Waits for a datum; ends with {@link Effects#waitDone}, after which {@link #waitTaken} is due, or with {@link Effects#waitFailed}. */
    public void await(int wait, int datum, long now) {
        core.now = now;
        if (listener != null) {
            listener.awaited(datum, now);
        }
        core.waiting.start(wait, datum(datum));
    }

    public void waitTaken(int wait) {
        core.waiting.taken(wait);
    }

    /** Waits for all tasks of a group; {@link #ALL_TASKS} for all. */
    public void barrier(int wait, int group) {
        if (listener != null) {
            listener.barrier(group);
        }
        GroupRecord awaited = group == ALL_TASKS ? core.all : core.groups.get(group);
        if (awaited == null) {
            core.effects.waitDone(wait, -1);
        } else {
            core.waiting.barrier(wait, awaited);
        }
    }

    // What workers report

    public void workerJoined(int worker, NodeCapacity capacity) {
        workerJoined(worker, capacity, Long.MAX_VALUE);
    }

    /** @param end when what runs there must be over; {@link Long#MAX_VALUE} for never */
    public void workerJoined(int worker, NodeCapacity capacity, long end) {
        core.scheduler.addWorker(worker, capacity, end);
    }

    /** Nodes that may join later; replaces what was expected before. Tasks that no node can run any more are ended. */
    public void expect(List<FutureNodes> nodes) {
        core.scheduler.expect(nodes);
        core.recovery.endStranded();
    }

    /** The worker is to leave: it begins nothing more. */
    public void drain(int worker) {
        core.scheduler.drain(worker);
    }

    /** Breaks off what runs on a worker that is to leave, to run elsewhere. */
    public void evict(int worker, String why, long now) {
        core.now = now;
        core.recovery.evict(worker, why);
    }

    /** Brings what only a worker has to the master, a part at a time. @return how many contents still have to come */
    public int evacuate(int worker) {
        return core.recovery.evacuate(worker);
    }

    public void workerLost(int worker, String why, long now) {
        core.now = now;
        core.recovery.workerLost(worker, why);
    }

    /** The task has finished; sizes and copies are asked for in the order of the accesses that write. */
    public void finished(int worker, int task, int attempt, long run, OutputSizes sizes, long now) {
        core.now = now;
        TaskRecord record = current(worker, task, attempt);
        if (record != null) {
            core.outcomes.finished(record, run, sizes);
        }
    }

    /**
     * An attempt failed.
     *
     * @param why what the worker says of it; the task's name and the node are put before it
     */
    public void failed(int worker, String node, int task, int attempt, Outcome why, long now) {
        core.now = now;
        TaskRecord record = current(worker, task, attempt);
        if (record != null) {
            String message = record.label() + " failed on " + node + ": " + why.message();
            Failure failure =
                    new Failure(Failure.Kind.TASK, record.label(), node, message, why.exception(), why.stack());
            if (why.endsGroup() && record.group != core.all) {
                core.outcomes.endGroup(record, why.run(), failure, why.touched());
            } else {
                core.outcomes.failed(record, why.run(), failure, why.touched(), why.retriable());
            }
        }
    }

    /**
     * How an attempt failed.
     *
     * @param run nanoseconds that it ran
     * @param exception serialized; null when there is none
     * @param touched whether it may have changed what it was to update in place
     * @param retriable whether another attempt could do better
     * @param endsGroup whether the other tasks of its group are to be cancelled; without effect on a task without group
     */
    public record Outcome(
            long run,
            String message,
            byte @Nullable [] exception,
            String stack,
            boolean touched,
            boolean retriable,
            boolean endsGroup) {
        /** Of a task that does not end its group. */
        public Outcome(
                long run,
                String message,
                byte @Nullable [] exception,
                String stack,
                boolean touched,
                boolean retriable) {
            this(run, message, exception, stack, touched, retriable, false);
        }
    }

    /**
     * The worker has ended the task as asked.
     *
     * @param run nanoseconds that it ran
     */
    public void stopped(int worker, int task, int attempt, long run, boolean touched) {
        TaskRecord record = current(worker, task, attempt);
        if (record != null && record.state == TaskState.STOPPING) {
            core.outcomes.stopped(record, run, touched);
        }
    }

    /** The task had not begun and was given back. */
    public void returned(int worker, int task, int attempt, long now) {
        core.now = now;
        TaskRecord record = current(worker, task, attempt);
        if (record == null) {
            return;
        }
        if (record.state == TaskState.STOPPING) {
            core.outcomes.stopped(record, 0, false);
        } else {
            core.attempts.abandon(record, false);
            core.outcomes.again(record);
        }
    }

    /** The task could not begin: none of these workers gave it the content. */
    public void unfetched(int worker, int task, int attempt, int content, int[] workers, long now) {
        core.now = now;
        core.recovery.unreachable(content, workers, worker);
        TaskRecord record = current(worker, task, attempt);
        if (record != null) {
            core.recovery.unfetched(record, content);
        }
        core.waiting.restartBroken();
    }

    /** A task has been running on the worker for a while. */
    public void lasts(int worker) {
        core.scheduler.lasts(worker);
    }

    /**
     * A running task waits for tasks that it has called, or goes on.
     *
     * @param turn 1 for its first pause, 2 when it goes on, 3 for the next pause …; others than the next are ignored
     */
    public void turned(int worker, int task, int attempt, int turn) {
        TaskRecord record = current(worker, task, attempt);
        if (record == null || turn != record.turns + 1) {
            return;
        }
        record.turns++;
        if (turn % 2 == 1) {
            core.scheduler.pauses(record, worker);
        } else {
            core.scheduler.resumes(record, worker);
        }
    }

    /** A node of a task on several nodes has set its resources aside. */
    public void holding(int worker, int task, int attempt) {
        TaskRecord record = core.tasks.get(task);
        if (record != null && record.attempt == attempt && record.state == TaskState.ASSIGNED) {
            core.outcomes.holding(record, worker);
        }
    }

    /**
     * The worker that is a node of a task, for what its first node wants of it.
     *
     * @param first who asks
     * @param node counted from 0, the first
     * @return -1 if the attempt is not under way there, or it has no such other node, or that node is lost
     */
    public int otherNode(int first, int task, int attempt, int node) {
        TaskRecord record = current(first, task, attempt);
        Gang gang = record == null ? null : record.gang();
        int other = gang == null || node < 1 || node >= gang.size() ? -1 : gang.workers()[node];
        return core.scheduler.knows(other) ? other : -1;
    }

    /** The first node of a task, for what another of its nodes tells it; -1 if the attempt is not under way on both. */
    public int firstNode(int other, int task, int attempt) {
        TaskRecord record = core.tasks.get(task);
        Gang gang = record == null || current(record.worker, task, attempt) == null ? null : record.gang();
        return gang == null || !gang.has(other) ? -1 : gang.workers()[0];
    }

    /** A worker, or the master (0), has the content now. */
    public void fetched(int worker, int content, long now) {
        core.now = now;
        Content known = core.contents.get(content);
        if (known == null || (worker != 0 && !core.scheduler.knows(worker))) {
            core.effects.drop(worker, content);
            return;
        }
        known.addWorker(worker);
        if (worker == 0) {
            core.waiting.arrivedAtMaster(known);
        }
    }

    /** The master could not bring the content from these workers. */
    public void unfetched(int content, int[] workers, long now) {
        core.now = now;
        core.recovery.unreachable(content, workers, -1);
        core.waiting.retryBring(content);
    }

    /** A file is at the user's path, or could not be brought there. */
    public void published(int wait, boolean moved, @Nullable String error) {
        core.waiting.published(wait, moved, error);
    }

    private @Nullable TaskRecord current(int worker, int task, int attempt) {
        TaskRecord record = core.tasks.get(task);
        boolean current = record != null
                && record.attempt == attempt
                && record.worker == worker
                && (record.state == TaskState.ASSIGNED || record.state == TaskState.STOPPING);
        return current ? record : null;
    }

    /** Places what can be placed; to be called after a batch of events, and now and then. */
    public void dispatch(long now) {
        core.now = now;
        core.dispatcher.dispatch();
    }

    // What can be asked

    /** Whether a wait for the datum would end without another task having to. */
    public boolean isSettled(int datum) {
        Datum known = core.data.get(datum);
        if (known == null || known.updates != null) {
            return known == null;
        }
        Version current = known.current;
        return current == null || current.state != Version.State.PENDING;
    }

    /** The name and number of a task, for people. */
    public String label(int task) {
        TaskRecord known = core.tasks.get(task);
        return known == null ? "task #" + task : known.label();
    }

    /** Tasks that are ready and have no place yet. */
    public int ready() {
        return core.scheduler.queued();
    }

    /** Tasks that are not over. */
    public int unfinished() {
        return core.all.unfinished;
    }

    /** A failure that has ended all tasks and that no wait has delivered yet. */
    public @Nullable Failure pendingFailure() {
        return core.pendingFailure;
    }

    /** The application has heard of the failure by other means than a wait. */
    public void acknowledge(Failure failure) {
        core.waiting.acknowledged(failure);
    }

    /** How often each transition was taken, by the states' ordinals. */
    public long[][] transitions() {
        return core.transitions;
    }

    /** Throws if the books do not add up; for tests, O(everything). */
    public void checkInvariants() {
        new Invariants(core).check();
    }

    /** Contents and tasks that are still remembered; for tests of what is freed. */
    public String remembered() {
        return "tasks " + core.tasks.size() + ", contents " + core.contents.size() + ", data " + core.data.size()
                + ", waits " + core.waits.size() + ", retained " + core.versions.retainedTasks();
    }
}

package io.colla.core;

import io.colla.api.Direction;
import io.colla.api.FailurePolicy;
import io.colla.core.Version.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What follows from the end of an attempt: outputs become available, or the task is tried again, ignored, or takes others with it. */
final class Outcomes {
    private record Cancellation(TaskRecord task, Failure failure) {}

    private record Loss(Version version, Failure failure) {}

    private final Core core;
    private final ArrayDeque<Object> pending = new ArrayDeque<>();
    private boolean cascading;

    Outcomes(Core core) {
        this.core = core;
    }

    void finished(TaskRecord task, long run, OutputSizes sizes) {
        core.scheduler.ran(task, run);
        leaveWorker(task);
        if (task.state == TaskState.STOPPING) {
            dropWritten(task);
            cancelled(task, run);
            return;
        }
        core.move(task, TaskState.DONE);
        int output = 0;
        for (int i = 0; i < task.in.length; i++) {
            if (shared(task, i) != null) {
                sharedWritten(task, i, sizes.size(output++));
                continue;
            }
            Content content = task.written == null ? null : task.written[i];
            if (content == null) {
                continue;
            }
            content.size = sizes.size(output);
            if (content.place == Place.STORE) {
                content.addWorker(task.worker);
                if (sizes.atMaster(output)) {
                    content.addWorker(0);
                }
            }
            output++;
            forgetConsumed(task, i);
            deliver(task.out[i], content);
        }
        over(task, run, null);
    }

    private static @Nullable UpdateGroup shared(TaskRecord task, int access) {
        UpdateGroup group = task.groupOf(access);
        return group != null && group.concurrent ? group : null;
    }

    private static void sharedWritten(TaskRecord task, int access, long size) {
        UpdateGroup group = shared(task, access);
        Content content = group == null ? null : group.content;
        if (content != null && !content.isEverywhere()) {
            content.addWorker(task.worker);
            content.size = size;
        }
    }

    private void forgetConsumed(TaskRecord task, int access) {
        Content used = task.consumed == null ? null : task.consumed[access];
        if (used != null) {
            used.removeWorker(task.worker);
            if (!used.isSomewhere() || (used.isEverywhere() && used.owner.content != used)) {
                core.contents.remove(used.id);
            }
        }
    }

    private void deliver(@Nullable Version output, Content content) {
        if (output == null || output.state != State.PENDING) {
            dropUnwanted(content);
            return;
        }
        core.contents.put(content.id, content);
        core.versions.available(output, content);
    }

    private void dropUnwanted(Content content) {
        if (content.place == Place.SHARED) {
            core.effects.dropShared(content.owner.datum.id, content.id, content.place);
        }
        for (int worker : content.workers()) {
            core.effects.drop(worker, content.id);
        }
    }

    private void dropWritten(TaskRecord task) {
        @Nullable Content[] written = task.written;
        if (written == null) {
            return;
        }
        for (Content content : written) {
            if (content != null) {
                if (content.place == Place.STORE) {
                    content.addWorker(task.worker);
                }
                dropUnwanted(content);
            }
        }
        task.written = null;
        task.consumed = null;
    }

    /** The attempt is over: its cores are free, its other nodes are released. */
    void leaveWorker(TaskRecord task) {
        core.scheduler.left(task, task.worker);
        int[] nodes = task.nodes;
        task.nodes = null;
        if (nodes != null) {
            for (int node : nodes) {
                if (node != task.worker) {
                    core.effects.release(node, task.id, task.attempt);
                }
            }
        }
    }

    void failed(TaskRecord task, long run, Failure failure, boolean touched, boolean retriable) {
        leaveWorker(task);
        restoreConsumed(task, touched);
        if (task.state == TaskState.STOPPING) {
            cancelled(task, run);
            return;
        }
        if (retriable && task.mayRetry()) {
            task.failures++;
            task.avoided = task.worker;
            core.effects.retried(task, task.worker, failure);
            again(task);
            return;
        }
        if (task.template.policy() == FailurePolicy.IGNORE && ignore(task, run, failure)) {
            return;
        }
        giveUp(task, run, failure);
    }

    /** The task has failed for good. */
    void giveUp(TaskRecord task, long run, Failure failure) {
        core.move(task, TaskState.FAILED);
        task.failure = failure;
        failOutputs(task, failure);
        over(task, run, failure);
        if (task.template.policy() != FailurePolicy.CANCEL_SUCCESSORS) {
            failAll(failure);
        }
        cascade();
    }

    /** Ends every task of the application. */
    void failAll(Failure failure) {
        if (core.pendingFailure == null) {
            core.pendingFailure = failure;
            core.effects.failed(failure);
        }
        List<TaskRecord> unfinished = new ArrayList<>();
        core.tasks.forEach(task -> {
            if (!task.state.isOver()) {
                unfinished.add(task);
            }
        });
        unfinished.forEach(task -> pending.add(new Cancellation(task, failure)));
        cascade();
    }

    /** Puts the task back to the start of its life, with another attempt to come. */
    void again(TaskRecord task) {
        core.move(task, TaskState.WAITING);
        core.readiness.await(task);
    }

    /** Gives back the contents that a task was to change in place, if it has not. */
    void restoreConsumed(TaskRecord task, boolean touched) {
        @Nullable Content[] consumed = task.consumed;
        task.consumed = null;
        task.written = null;
        if (consumed == null) {
            return;
        }
        for (int i = 0; i < consumed.length; i++) {
            Content content = consumed[i];
            Version input = task.in[i];
            if (content == null || input == null) {
                continue;
            }
            if (touched) {
                content.removeWorker(task.worker);
                if (!content.isSomewhere() || input.content != content) {
                    core.contents.remove(content.id);
                }
            } else if (input.content == content) {
                content.addWorker(task.worker);
            } else if (input.state == State.LOST && content.isSomewhere()) {
                input.content = content;
                input.state = State.AVAILABLE;
            } else {
                core.contents.remove(content.id);
                dropUnwanted(content);
            }
        }
    }

    private boolean ignore(TaskRecord task, long run, Failure failure) {
        for (int i = 0; i < task.in.length; i++) {
            Version input = task.in[i];
            if (task.out[i] != null && input != null && !input.isAvailable()) {
                return false;
            }
        }
        core.move(task, TaskState.DONE);
        task.failure = failure;
        for (int i = 0; i < task.in.length; i++) {
            Version output = task.out[i];
            if (output == null || output.state != State.PENDING) {
                continue;
            }
            Version input = task.in[i];
            Content old = input == null ? null : input.content;
            if (old != null) {
                old.versions++;
                core.versions.available(output, old);
            } else {
                nothing(output);
            }
        }
        over(task, run, null);
        return true;
    }

    private void nothing(Version output) {
        Place place = output.datum.kind.isShared() ? Place.SHARED : Place.STORE;
        Content content = core.versions.newContent(output, core.contentNumbers.getAsInt(), place, 0);
        if (place == Place.STORE) {
            content.addWorker(0);
        }
        core.effects.provideNothing(output.datum.id, content.id, place);
        core.versions.available(output, content);
    }

    /** The worker has ended the task as asked. */
    void cancelled(TaskRecord task, long run) {
        core.move(task, TaskState.CANCELLED);
        over(task, run, task.failure);
        cascade();
    }

    /** Ends a task that is not over, and those that need what it would have written. */
    void cancel(TaskRecord task, Failure failure) {
        pending.add(new Cancellation(task, failure));
        cascade();
    }

    /** The version will never be there: those that wait for it are ended. */
    void fail(Version version, Failure failure) {
        pending.add(new Loss(version, failure));
        cascade();
    }

    private void cascade() {
        if (cascading) {
            return;
        }
        cascading = true;
        try {
            for (Object next = pending.poll(); next != null; next = pending.poll()) {
                if (next instanceof Cancellation c) {
                    cancelNow(c.task, c.failure);
                } else if (next instanceof Loss loss) {
                    failNow(loss.version, loss.failure);
                }
            }
        } finally {
            cascading = false;
        }
    }

    private void cancelNow(TaskRecord task, Failure failure) {
        switch (task.state) {
            case WAITING, PARKED -> {
                core.move(task, TaskState.CANCELLED);
                endCancelled(task, failure);
            }
            case READY -> {
                core.scheduler.withdraw(task);
                core.move(task, TaskState.CANCELLED);
                endCancelled(task, failure);
            }
            case ASSIGNED -> {
                core.move(task, TaskState.STOPPING);
                task.failure = failure;
                core.effects.stop(task.worker, task.id, task.attempt, failure.message());
                failOutputs(task, failure);
            }
            case STOPPING, DONE, FAILED, CANCELLED -> {}
        }
    }

    private void endCancelled(TaskRecord task, Failure failure) {
        task.failure = failure;
        failOutputs(task, failure);
        over(task, 0, failure);
    }

    private void failOutputs(TaskRecord task, Failure failure) {
        for (Version output : task.out) {
            if (output != null) {
                pending.add(new Loss(output, failure));
            }
        }
    }

    private void failNow(Version version, Failure failure) {
        if (version.state != State.PENDING && version.state != State.LOST) {
            return;
        }
        version.state = State.FAILED;
        version.failure = failure;
        for (Waiter waiter : version.takeWaiters()) {
            if (waiter instanceof TaskRecord task) {
                pending.add(new Cancellation(task, failure));
            } else if (waiter instanceof WaitRecord wait) {
                core.recovery.endWait(wait, failure);
            }
        }
    }

    /** The task is over, one way or the other. */
    private void over(TaskRecord task, long run, @Nullable Failure failure) {
        core.readiness.leaveGroups(task, failure);
        if (task.state == TaskState.DONE) {
            core.versions.retain(task);
        } else {
            core.tasks.remove(task.id);
            forgetOutputs(task);
        }
        core.versions.releaseInputs(task);
        task.written = null;
        task.consumed = null;
        deleteRead(task);
        core.effects.ended(task, task.worker, run, task.state == TaskState.DONE ? task.failure : failure);
        GroupRecord group = task.group;
        leave(group, task, failure);
        if (group != core.all) {
            leave(core.all, task, null);
        }
    }

    private static void forgetOutputs(TaskRecord task) {
        for (Version output : task.out) {
            if (output != null && output.producer == task) {
                output.producer = null;
            }
        }
    }

    private void deleteRead(TaskRecord task) {
        if (task.state != TaskState.DONE) {
            return;
        }
        for (int i = 0; i < task.directions.length; i++) {
            Version input = task.in[i];
            if (task.directions[i] == Direction.IN_DELETE && input != null && input.datum.kind.hasHome()) {
                core.effects.dropShared(input.datum.id, -1, Place.HOME);
            }
        }
    }

    private void leave(GroupRecord group, TaskRecord task, @Nullable Failure failure) {
        group.unfinished--;
        if (group.members != null) {
            group.members.remove(task);
        }
        if (failure != null && group.failure == null) {
            group.failure = failure;
        }
        if (group.unfinished == 0) {
            List<Integer> reached = List.copyOf(group.barriers);
            group.barriers.clear();
            reached.forEach(wait -> core.recovery.endBarrier(group, wait));
        }
    }

    /** A node of a task on several nodes has set its resources aside. */
    void holding(TaskRecord task) {
        if (--task.awaitedHolds == 0) {
            core.effects.begin(task.worker, task.id, task.attempt);
        }
    }

}

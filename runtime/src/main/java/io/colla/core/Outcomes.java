package io.colla.core;

import io.colla.api.FailurePolicy;
import io.colla.core.Version.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What follows from the end of an attempt: outputs become available, or the task is tried again, ignored, or takes others with it. */
final class Outcomes {
    private final Core core;

    Outcomes(Core core) {
        this.core = core;
    }

    void finished(TaskRecord task, long run, OutputSizes sizes) {
        core.scheduler.ran(task, run);
        if (task.state == TaskState.STOPPING) {
            core.attempts.dropWritten(task);
            stopped(task, run, true);
            return;
        }
        core.attempts.leaveWorker(task);
        core.move(task, TaskState.DONE);
        expectOutputs(task);
        int output = 0;
        for (int i = 0; i < task.in.length; i++) {
            UpdateGroup group = task.groupOf(i);
            if (group != null && group.concurrent) {
                core.updates.updated(task, i, group, sizes.size(output++));
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
            core.attempts.forgetConsumed(task, i);
            core.attempts.deliver(task.out[i], content);
        }
        core.updates.attemptEnded(task);
        over(task, run, null);
    }

    void failed(TaskRecord task, long run, Failure failure, boolean touched, boolean retriable) {
        if (task.state == TaskState.STOPPING) {
            stopped(task, run, touched);
            return;
        }
        core.attempts.abandon(task, touched);
        if (retriable && task.mayRetry()) {
            task.failures++;
            task.avoided = task.worker;
            core.effects.retried(task, task.worker, run, failure);
            again(task);
            return;
        }
        if (task.template.policy() == FailurePolicy.IGNORE) {
            if (keepsOldContents(task)) {
                task.failure = failure;
                ignore(task, run);
            } else {
                core.effects.retried(task, task.worker, run, failure);
                again(task);
            }
            return;
        }
        giveUp(task, run, failure);
    }

    /** The task has failed and ends the other tasks of its group, and nothing else; the application hears of it where it waits for the group. */
    void endGroup(TaskRecord task, long run, Failure failure, boolean touched) {
        if (task.state == TaskState.STOPPING) {
            stopped(task, run, touched);
            return;
        }
        core.attempts.abandon(task, touched);
        GroupRecord group = task.group;
        group.endedBy = task.label();
        core.move(task, TaskState.FAILED);
        task.failure = failure;
        core.cascade.failOutputs(task, failure);
        over(task, run, failure);
        if (group.members != null) {
            List<TaskRecord> others = new ArrayList<>(group.members);
            others.sort(Comparator.comparingInt(other -> other.id));
            others.forEach(other -> core.cascade.cancel(other, group.cancelled(other)));
        }
    }

    /** The worker has ended an attempt that was to be stopped, one way or the other. */
    void stopped(TaskRecord task, long run, boolean touched) {
        core.attempts.abandon(task, touched);
        if (task.restarting) {
            task.restarting = false;
            core.recovery.restart(task);
        } else {
            core.move(task, TaskState.CANCELLED);
            over(task, run, task.failure);
        }
    }

    /** The task has failed for good. */
    void giveUp(TaskRecord task, long run, Failure failure) {
        core.move(task, TaskState.FAILED);
        task.failure = failure;
        if (task.template.policy() == FailurePolicy.CANCEL_SUCCESSORS) {
            core.cascade.failOutputs(task, failure);
        } else {
            core.cascade.failAll(failure, task);
        }
        over(task, run, failure);
    }

    /** Puts the task back to the start of its life, with another attempt to come. */
    void again(TaskRecord task) {
        core.move(task, TaskState.WAITING);
        core.updates.wake(task);
        if (task.state == TaskState.WAITING) {
            core.readiness.await(task);
        }
    }

    /** Whether what the task was to update is still as it was. */
    private static boolean keepsOldContents(TaskRecord task) {
        for (int i = 0; i < task.in.length; i++) {
            Version input = task.in[i];
            if (task.out[i] != null && input != null && !input.isAvailable()) {
                return false;
            }
        }
        return true;
    }

    /** The task failed before, which was ignored, and its outputs were lost: they stand for what its inputs stand for, once more. */
    void ignoreAgain(TaskRecord task) {
        core.cascade.ignore(task);
    }

    /** Goes on as if the task had finished. */
    void ignore(TaskRecord task, long run) {
        core.move(task, TaskState.DONE);
        expectOutputs(task);
        for (int i = 0; i < task.in.length; i++) {
            Version output = task.out[i];
            if (output == null || output.state != State.PENDING) {
                continue;
            }
            Version input = task.in[i];
            Content old = input == null ? null : input.content;
            if (old != null) {
                old.share(output);
                core.versions.available(output, old);
            } else {
                nothing(output);
            }
        }
        over(task, run, null);
    }

    /** What was lost while the task was running again comes with the rest, so that nobody asks for one more run meanwhile. */
    private static void expectOutputs(TaskRecord task) {
        for (Version output : task.out) {
            if (output != null && output.state == State.LOST) {
                output.state = State.PENDING;
            }
        }
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

    /** The task is over, one way or the other. */
    void over(TaskRecord task, long run, @Nullable Failure failure) {
        core.updates.leave(task, failure);
        if (task.state == TaskState.DONE) {
            core.versions.retain(task);
        } else {
            core.tasks.remove(task.id);
            forgetOutputs(task);
        }
        core.versions.releaseInputs(task);
        task.written = null;
        task.consumed = null;
        if (task.state == TaskState.DONE) {
            core.userFiles.deleteRead(task);
        }
        core.effects.ended(task, task.worker, run, task.state == TaskState.DONE ? task.failure : failure);
        GroupRecord group = task.group;
        leave(group, task, failure);
        if (group != core.all) {
            leave(core.all, task, null);
        }
        core.recovery.resume();
    }

    private static void forgetOutputs(TaskRecord task) {
        for (Version output : task.out) {
            if (output != null && output.producer == task) {
                output.producer = null;
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
            reached.forEach(wait -> core.waiting.endBarrier(group, wait));
        }
    }

    /** A node of a task on several nodes has set its resources aside. */
    void holding(TaskRecord task, int worker) {
        int[] awaited = task.awaitedHolds;
        if (awaited == null) {
            return;
        }
        boolean all = true;
        for (int i = 0; i < awaited.length; i++) {
            awaited[i] = awaited[i] == worker ? -1 : awaited[i];
            all &= awaited[i] < 0;
        }
        if (all) {
            task.awaitedHolds = null;
            core.effects.begin(task.worker, task.id, task.attempt);
        }
    }
}

package io.colla.core;

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
                Failure failure = inherited(input);
                core.cascade.cancel(task, failure);
                if (failure.kind() == Failure.Kind.LOST) {
                    core.cascade.failAll(failure);
                }
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
    static @Nullable Version awaited(TaskRecord task, int access) {
        Version input = task.in[access];
        UpdateGroup group = task.groupOf(access);
        if (input != null || group == null) {
            return input;
        }
        return group.made || group.previous != null ? null : group.last;
    }

    /** Whether all that the task reads is there. */
    boolean isComplete(TaskRecord task) {
        for (int i = 0; i < task.in.length; i++) {
            Version input = awaited(task, i);
            if (input != null && !input.isAvailable()) {
                return false;
            }
        }
        return true;
    }

    private static Failure inherited(Version input) {
        Failure failure = input.failure;
        return failure != null ? failure : Failure.cancelled("", "an input is gone");
    }

    private void ready(TaskRecord task) {
        if (task.updates != null && !core.updates.enter(task)) {
            return;
        }
        if (!isComplete(task)) {
            await(task);
            return;
        }
        if (task.failure != null) {
            core.outcomes.ignoreAgain(task);
            return;
        }
        TaskClass taskClass = classOf(task.template);
        core.move(task, TaskState.READY);
        task.preferred = bestWorker(task);
        core.scheduler.offer(task, taskClass, task.template.priority(), core.now);
        if (!core.scheduler.feasible(taskClass) && core.scheduler.workerCount() > 0) {
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
}

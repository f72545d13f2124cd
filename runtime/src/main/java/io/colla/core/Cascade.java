package io.colla.core;

import io.colla.core.Version.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ends tasks and those that need what they would have written. Consequences queue up instead of nesting, since chains are long. */
final class Cascade {
    private record Cancellation(TaskRecord task, Failure failure) {}

    private record Loss(Version version, Failure failure) {}

    private final Core core;
    /** Cancellations, losses, and tasks whose failure is ignored once more. */
    private final ArrayDeque<Object> pending = new ArrayDeque<>();

    private boolean running;

    Cascade(Core core) {
        this.core = core;
    }

    /** Ends a task that is not over, and those that need what it would have written. */
    void cancel(TaskRecord task, Failure failure) {
        pending.add(new Cancellation(task, failure));
        run();
    }

    /** The version will never be there: those that wait for it are ended. */
    void fail(Version version, Failure failure) {
        pending.add(new Loss(version, failure));
        run();
    }

    /** Later in the same event, {@link Outcomes#ignore} the failure of the task again. */
    void ignore(TaskRecord task) {
        pending.add(task);
        run();
    }

    /** Ends every task of the application. */
    void failAll(Failure failure) {
        failAll(failure, null);
    }

    /**
     * Ends every task of the application.
     *
     * @param failed the task that is the reason, whose results will never be there; null for none. The failure is pending before any wait can hear
     *     of it: so a wait that does has delivered it.
     */
    void failAll(Failure failure, @Nullable TaskRecord failed) {
        if (failed != null) {
            addLosses(failed, failure);
        }
        if (core.pendingFailure == null) {
            endAll(failure);
        }
        run();
    }

    /** The same, even if the application has not heard yet of a failure that did so before: tasks may have had to run again since. */
    void endAll(Failure failure) {
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
        run();
    }

    private void run() {
        if (running) {
            return;
        }
        running = true;
        try {
            for (Object next = pending.poll(); next != null; next = pending.poll()) {
                if (next instanceof Cancellation c) {
                    cancelNow(c.task, c.failure);
                } else if (next instanceof Loss loss) {
                    failNow(loss.version, loss.failure);
                } else if (next instanceof TaskRecord task && task.state == TaskState.WAITING) {
                    core.outcomes.ignore(task, 0);
                }
            }
        } finally {
            running = false;
        }
    }

    private void cancelNow(TaskRecord task, Failure failure) {
        switch (task.state) {
            case WAITING, PARKED -> end(task, failure);
            case READY -> {
                core.scheduler.withdraw(task);
                end(task, failure);
            }
            case ASSIGNED -> {
                core.move(task, TaskState.STOPPING);
                task.failure = failure;
                if (core.scheduler.knows(task.worker)) {
                    core.effects.stop(task.worker, task.id, task.attempt, failure.message());
                }
                failOutputs(task, failure);
            }
            case STOPPING -> {
                if (task.restarting) {
                    task.restarting = false;
                    task.failure = failure;
                    failOutputs(task, failure);
                }
            }
            case DONE, FAILED, CANCELLED -> {}
        }
    }

    private void end(TaskRecord task, Failure failure) {
        core.move(task, TaskState.CANCELLED);
        task.failure = failure;
        failOutputs(task, failure);
        core.outcomes.over(task, 0, failure);
    }

    /** What the task would have written will never be there; takes effect with the cascade that is running or follows. */
    void failOutputs(TaskRecord task, Failure failure) {
        addLosses(task, failure);
        run();
    }

    private void addLosses(TaskRecord task, Failure failure) {
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
        boolean stopsAll = false;
        for (Waiter waiter : version.takeWaiters()) {
            if (waiter instanceof TaskRecord task) {
                pending.add(new Cancellation(task, failure));
                stopsAll |= failure.kind() == Failure.Kind.LOST && !task.state.isOver();
            } else if (waiter instanceof WaitRecord wait) {
                core.waiting.end(wait, failure);
            }
        }
        core.userFiles.changed(version);
        if (stopsAll) {
            failAll(failure);
        }
    }
}

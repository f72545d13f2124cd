package io.colla.core;

import io.colla.core.Version.State;
import io.colla.scheduler.Gang;
import org.jspecify.annotations.Nullable;

/** What an attempt to run a task has taken from the tables, and what of it comes back or stays when the attempt is over. */
final class Attempts {
    private final Core core;

    Attempts(Core core) {
        this.core = core;
    }

    /** The attempt is over: its cores are free, its other nodes are released. */
    void leaveWorker(TaskRecord task) {
        Gang gang = task.gang();
        core.scheduler.left(task, task.worker);
        task.awaitedHolds = null;
        if (gang != null) {
            for (int i = 1; i < gang.size(); i++) {
                if (core.scheduler.knows(gang.workers()[i])) {
                    core.effects.release(gang.workers()[i], task.id, task.attempt);
                }
            }
        }
    }

    /**
     * The attempt has ended without results; inputs that it was to change in place come back if it has not touched them.
     *
     * @param touched whether it may have changed them
     */
    void abandon(TaskRecord task, boolean touched) {
        leaveWorker(task);
        core.updates.attemptEnded(task);
        @Nullable Content[] consumed = task.consumed;
        @Nullable Content[] written = task.written;
        task.consumed = null;
        task.written = null;
        if (consumed != null) {
            for (int i = 0; i < consumed.length; i++) {
                Content content = consumed[i];
                Version input = task.in[i];
                if (content != null && input != null) {
                    restore(task, input, content, touched);
                }
            }
        }
        if (written != null && !core.scheduler.knows(task.worker)) {
            for (Content content : written) {
                if (content != null) {
                    dropUnwanted(content);
                }
            }
        }
    }

    private void restore(TaskRecord task, Version input, Content content, boolean touched) {
        if (touched) {
            core.recovery.lost(content, task.worker);
            dropAt(task.worker, content);
            if (input.content != content) {
                core.versions.discard(content);
            }
        } else if (input.content == content) {
            if (!content.isAt(task.worker)) {
                // A copy that the worker may have, and has not reported.
                dropAt(task.worker, content);
            }
        } else if (input.state == State.LOST && content.isSomewhere()) {
            input.content = content;
            input.state = State.AVAILABLE;
            if (content.place == Place.HOME) {
                input.datum.atHome = input;
            }
        } else {
            if (!content.isAt(task.worker)) {
                dropAt(task.worker, content);
            }
            core.versions.discard(content);
        }
    }

    private void dropAt(int worker, Content content) {
        if (core.scheduler.knows(worker)) {
            core.effects.drop(worker, content.id);
        }
    }

    /** The attempt has changed its input in place, and finished: what it changed is the output now. */
    void forgetConsumed(TaskRecord task, int access) {
        Content used = task.consumed == null ? null : task.consumed[access];
        Version input = task.in[access];
        if (used == null || input == null) {
            return;
        }
        core.recovery.lost(used, task.worker);
        if (input.content == used) {
            return;
        }
        core.contents.remove(used.id);
        for (int worker : used.workers()) {
            core.effects.drop(worker, used.id);
        }
    }

    /** Gives what an attempt wrote to its version, or deletes it if nobody wants it. */
    void deliver(@Nullable Version output, Content content) {
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

    /** Deletes what an attempt wrote that was to be stopped and finished before it heard of that. */
    void dropWritten(TaskRecord task) {
        @Nullable Content[] written = task.written;
        if (written == null) {
            return;
        }
        for (int i = 0; i < written.length; i++) {
            Content content = written[i];
            if (content != null) {
                forgetConsumed(task, i);
                if (content.place == Place.STORE) {
                    content.addWorker(task.worker);
                    content.addWorker(0);
                }
                dropUnwanted(content);
            }
        }
        task.written = null;
        task.consumed = null;
    }
}

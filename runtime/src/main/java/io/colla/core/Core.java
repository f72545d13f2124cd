package io.colla.core;

import io.colla.scheduler.Scheduler;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** All state of the engine and the parts that work on it. */
final class Core {
    final EngineSettings settings;
    final Scheduler scheduler;
    final Effects effects;
    final IntSupplier contentNumbers;

    final Pages<TaskRecord> tasks = new Pages<>();
    final Pages<Datum> data = new Pages<>();
    final Pages<Content> contents = new Pages<>();
    final Pages<WaitRecord> waits = new Pages<>();
    final Map<Integer, GroupRecord> groups = new HashMap<>();
    final GroupRecord all = new GroupRecord(Engine.ALL_TASKS, false);
    final long[][] transitions = new long[TaskState.values().length][TaskState.values().length];

    final Versions versions;
    final UserFiles userFiles;
    final Updates updates;
    final Readiness readiness;
    final Dispatcher dispatcher;
    final Attempts attempts;
    final Outcomes outcomes;
    final Cascade cascade;
    final Recovery recovery;
    final Waiting waiting;

    long now;
    /** Ended all tasks, and the application does not know yet. */
    @Nullable
    Failure pendingFailure;

    Core(EngineSettings settings, Scheduler scheduler, Effects effects, IntSupplier contentNumbers) {
        this.settings = settings;
        this.scheduler = scheduler;
        this.effects = effects;
        this.contentNumbers = contentNumbers;
        this.versions = new Versions(this);
        this.userFiles = new UserFiles(this);
        this.updates = new Updates(this);
        this.readiness = new Readiness(this);
        this.dispatcher = new Dispatcher(this);
        this.attempts = new Attempts(this);
        this.outcomes = new Outcomes(this);
        this.cascade = new Cascade(this);
        this.recovery = new Recovery(this);
        this.waiting = new Waiting(this);
    }

    void move(TaskRecord task, TaskState to) {
        TaskState from = task.state;
        if (!from.successors().contains(to)) {
            throw new IllegalStateException(task.label() + " cannot go from " + from + " to " + to);
        }
        transitions[from.ordinal()][to.ordinal()]++;
        task.state = to;
    }
}

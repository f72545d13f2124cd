package io.colla.worker;

import io.colla.platform.TaskDefinition;
import io.colla.wire.Message.Needs;
import io.colla.wire.Message.Run;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One attempt of a task on this worker, or what is set aside for a task on several nodes. Its state only goes forward; who moves it to {@link #ENDED} answers the master. */
final class Job {
    /** Its inputs are on their way. */
    static final int FETCHING = 0;
    /** It waits for resources. */
    static final int READY = 1;
    /** It has its resources and waits for the other nodes. */
    static final int HOLDING = 2;

    static final int RUNNING = 3;
    /** It runs and was told to end. */
    static final int STOPPING = 4;

    static final int ENDED = 5;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Job.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final int task;
    final int attempt;
    final Needs needs;
    final int priority;
    /** Position in the order of arrival. */
    final long order;

    /** Null for resources set aside, and after the end. */
    private volatile @Nullable Run run;

    final @Nullable Definition definition;

    private volatile int state;
    /** When it became ready; for those that wait in {@link WideTasks}. */
    long readyNanos;
    /** Resources of a job that is {@link #HOLDING}; guarded by the dispatcher. */
    ResourcePool.@Nullable Lease held;
    /** Inputs that are still on their way; guarded by {@link InputFetches}. */
    int missing;

    /** Number of the definition of a task whose first node is another. */
    final int heldFor;
    /** What the trace says of resources set aside; null if it says nothing. */
    volatile NodeTrace.@Nullable Share share;

    volatile @Nullable TaskThread thread;
    /** The master has asked for it when it could not be told whether it would still begin. */
    volatile boolean wantedBack;
    /** Why it is to end; set before it is {@link #STOPPING}. */
    volatile @Nullable StopCause cause;

    /** Guarded by this job, but for the task's own thread, which alone adds the first. */
    private volatile @Nullable List<Runnable> endActions;

    /** @param timedOut whether its own time limit ends it; else the master did */
    record StopCause(boolean timedOut, long sinceNanos, String reason) {}

    /** A definition with what this worker has learned about it. */
    static final class Definition {
        final TaskDefinition content;
        /** Nanoseconds of its last run; racy, a hint. */
        long lastRun = Long.MAX_VALUE;
        /** Nanoseconds of the longest of its recent runs; racy, a hint. */
        long longest = Long.MAX_VALUE;

        Definition(TaskDefinition content) {
            this.content = content;
        }

        void learn(long took) {
            lastRun = took;
            long before = longest;
            longest = before == Long.MAX_VALUE ? took : Math.max(took, before - before / 8);
        }
    }

    Job(Run run, Definition definition, long order) {
        this.task = run.task();
        this.attempt = run.attempt();
        this.needs = run.needs();
        this.priority = run.priority();
        this.order = order;
        this.run = run;
        this.definition = definition;
        this.heldFor = 0;
    }

    /** Resources set aside, which go before all else: several nodes wait for them. */
    Job(int task, int attempt, int heldFor, Needs needs, long order) {
        this.task = task;
        this.attempt = attempt;
        this.needs = needs;
        this.priority = Integer.MAX_VALUE;
        this.order = order;
        this.definition = null;
        this.heldFor = heldFor;
    }

    @Nullable
    Run run() {
        return run;
    }

    /** Whether it must hold its resources until it is told to begin, or for good. */
    boolean isGang() {
        Run message = run;
        return message == null || message.nodes().size() > 1;
    }

    /** Whether any core will do, and nothing else is needed. */
    boolean isNarrow() {
        return needs.cores() == 1 && needs.memory() == 0 && needs.resources().isEmpty() && !isGang();
    }

    int state() {
        return state;
    }

    boolean move(int from, int to) {
        boolean moved = STATE.compareAndSet(this, from, to);
        if (moved && to == ENDED) {
            run = null;
        }
        return moved;
    }

    boolean isEnded() {
        return state == ENDED;
    }

    /** Ends it if it has not begun; returns the state that it was in, or -1. */
    int endUnbegun() {
        while (true) {
            int now = state;
            if (now >= RUNNING) {
                return -1;
            }
            if (move(now, ENDED)) {
                return now;
            }
        }
    }

    /** Tells a running task to end, now or while it lasts; false if it does not run or was told before. */
    synchronized boolean stop(StopCause why) {
        if (state != RUNNING) {
            return false;
        }
        cause = why;
        if (!move(RUNNING, STOPPING)) {
            return false;
        }
        TaskThread runner = thread;
        if (runner != null) {
            runner.interrupt();
        }
        List<Runnable> actions = endActions;
        if (actions != null) {
            actions.forEach(Runnable::run);
            endActions = null;
        }
        return true;
    }

    /** Calls the action when the task is told to end, until {@link #forgetEndActions}. */
    synchronized void onEnd(Runnable action) {
        if (state >= STOPPING) {
            action.run();
            return;
        }
        List<Runnable> actions = endActions;
        if (actions == null) {
            actions = new ArrayList<>(1);
            endActions = actions;
        }
        actions.add(action);
    }

    /** By the task's thread: none of the actions is called, or still under way, afterwards. */
    void forgetEndActions() {
        if (endActions != null) {
            synchronized (this) {
                endActions = null;
            }
        }
    }

    /** Answers for a task that was told to end and does not; its thread will find that it has ended. */
    synchronized boolean giveUp() {
        return move(STOPPING, ENDED);
    }

    /** Returns when no {@link #stop} is about to interrupt any more. */
    synchronized void awaitInterrupter() {
        thread = null;
    }

    @Override
    public String toString() {
        return "task " + task + ", attempt " + attempt;
    }
}

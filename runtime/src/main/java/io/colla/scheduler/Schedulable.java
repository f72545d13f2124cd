package io.colla.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * A task as the scheduler sees it. The engine's tasks extend it, so that a waiting task is one object. The fields belong to the scheduler, except
 * that the engine sets {@link #preferred} and {@link #avoided} before it offers the task.
 */
public abstract class Schedulable {
    /** The worker that has most of its data; -1 for none. */
    public int preferred = -1;
    /** The worker where it failed last, to be avoided when there is another; -1 for none. */
    public int avoided = -1;
    /** The worker that must run it, because data that cannot move is there; -1 for none. */
    public int pinned = -1;

    /** Implementation chosen at the last placement. */
    public int implementation;

    int priority;
    /** Its place among those of its priority while it is queued; then when it was placed. */
    long order;
    /** Its place in the line or the heap of {@link #heap}. */
    int heapIndex = -1;

    boolean inLine;

    @Nullable
    ReadyHeap heap;

    @Nullable
    TaskClass taskClass;

    /** The last placement of a task with ranks or on several nodes; null while not placed. */
    @Nullable
    Gang gang;

    /** Where it counts at the moment: {@link #NOWHERE}, {@link #RUNNING} (its resources are taken) or {@link #AHEAD} (sent in advance). */
    byte placement;

    boolean recalled;
    /** It waits for other tasks, and they may use its cores. */
    boolean paused;

    int aheadOf = -1;

    static final byte NOWHERE = 0;
    static final byte RUNNING = 1;
    static final byte AHEAD = 2;

    /** Where it is placed, if it has ranks or is on several nodes; else null. */
    public final @Nullable Gang gang() {
        return gang;
    }

    /** What it runs, as a small number under which its times are remembered; -1 for none. */
    protected int kind() {
        return -1;
    }

    /** Nanoseconds after which it is ended; 0 for never. */
    protected long limit() {
        return 0;
    }

    boolean before(Schedulable other) {
        return priority != other.priority ? priority > other.priority : order < other.order;
    }
}

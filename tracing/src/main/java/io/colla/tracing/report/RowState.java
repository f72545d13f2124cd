package io.colla.tracing.report;

/** What a thread is doing at the time that a trace has been read to. */
final class RowState {
    /** Cores of its task, 0 before the trace has said so. */
    int cores;

    long memory;
    /** Whether it sees to a task, by the runtime's event. */
    boolean taken;
    /** Cores that are counted for that. */
    int seeingTo;

    /** Of the runtime's events, how many stand inside that. */
    int nested;

    long takenAt;
    /** The task that runs, or -1. */
    int task = -1;

    int running;
    int[] slots = {};
    /** The task that ended last, or -1, and when. */
    int last = -1;

    long endedAt;
    /** From the thread's turning to the last task until its code began. */
    long before;
    /** Predecessors of tasks that will begin here, by when their results arrive. */
    final TimeHeap coming = new TimeHeap();

    int hasCores() {
        return Math.max(1, cores);
    }
}

package io.colla.worker;

/** Tells the threads of tasks from others. */
public final class TaskThreads {
    private TaskThreads() {}

    /** Whether the calling thread runs a task now. */
    public static boolean isCurrent() {
        return Thread.currentThread() instanceof TaskThread;
    }
}

package io.colla.tracing.paraver;

/** A thread of a task of an application, all counted from 1. */
public record ThreadId(int application, int task, int thread) implements Comparable<ThreadId> {
    @Override
    public int compareTo(ThreadId other) {
        int byApplication = Integer.compare(application, other.application);
        int byTask = byApplication != 0 ? byApplication : Integer.compare(task, other.task);
        return byTask != 0 ? byTask : Integer.compare(thread, other.thread);
    }

    @Override
    public String toString() {
        return application + "." + task + "." + thread;
    }
}

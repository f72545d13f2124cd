package io.colla.tracing.export;

import io.colla.tracing.EventTypes;
import java.util.function.Consumer;

/** Makes tasks of the events that say when one begins, ends, and what it has. Each is told when its thread has done with it, or turns to another. */
final class TaskSpans {
    private final Consumer<TaskSpan> told;
    private final Thread[] threads;

    /** What is known of the task that a thread has. */
    private static final class Thread {
        private long function;
        private long id;
        private long taken = -1;
        private long begin = -1;
        private long end = -1;
        private long cores;
        private long coresOfTask;
        private long memory;
        private long memoryOfTask;
        private int cpu;
        private boolean failed;
    }

    TaskSpans(int rows, Consumer<TaskSpan> told) {
        this.told = told;
        threads = new Thread[rows];
        for (int row = 0; row < rows; row++) {
            threads[row] = new Thread();
        }
    }

    void event(int cpu, int row, long time, int type, long value) {
        Thread thread = threads[row];
        switch (type) {
            case EventTypes.CPUS -> thread.cores = value;
            case EventTypes.MEMORY -> thread.memory = value;
            case EventTypes.TASK_FAILED -> thread.failed = value != 0;
            case EventTypes.TASK_TYPE -> type(row, thread, time, value);
            case EventTypes.TASK -> task(cpu, row, thread, time, value);
            case EventTypes.TASK_ID -> {
                if (value != 0) {
                    thread.id = value;
                }
            }
            default -> {}
        }
    }

    private void type(int row, Thread thread, long time, long value) {
        if (value == 0) {
            tell(row, thread, time);
        } else {
            tell(row, thread, thread.end);
            thread.taken = time;
        }
    }

    private void task(int cpu, int row, Thread thread, long time, long value) {
        if (value == 0) {
            thread.end = time;
            return;
        }
        tell(row, thread, thread.end);
        thread.taken = thread.taken < 0 ? time : thread.taken;
        thread.begin = time;
        thread.function = value;
        thread.cpu = cpu;
        thread.coresOfTask = thread.cores;
        thread.memoryOfTask = thread.memory;
    }

    /** Tells the task that has ended, if there is one. */
    private void tell(int row, Thread thread, long left) {
        if (thread.end >= 0 && thread.begin >= 0) {
            told.accept(new TaskSpan(
                    row,
                    thread.cpu,
                    thread.id,
                    thread.function,
                    thread.taken,
                    thread.begin,
                    thread.end,
                    left,
                    thread.coresOfTask,
                    thread.memoryOfTask,
                    thread.failed));
            thread.taken = -1;
            thread.id = 0;
        }
        thread.begin = -1;
        thread.end = -1;
        thread.failed = false;
    }

    /** Tells what nothing came after. */
    void end() {
        for (int row = 0; row < threads.length; row++) {
            tell(row, threads[row], threads[row].end);
        }
    }
}

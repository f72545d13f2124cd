package io.colla.tracing;

/**
 * Types of records in a trace log that stand for more than themselves. Every other type is an event's number in Paraver, with its value. They are few so that a task costs four records,
 * whatever it says in the trace.
 */
public final class Records {
    /** The thread turns to a task: value is that of {@link #task}, detail its definition. */
    public static final int TASK_TAKEN = 1;
    /** The task's own code begins. Value and detail as {@link #TASK_TAKEN}. */
    public static final int TASK_BEGIN = 2;
    /** The task's own code ends: value is the task, detail 0 or 1 if it failed. */
    public static final int TASK_END = 3;
    /** The thread has done with the task. */
    public static final int TASK_LEFT = 4;
    /** The tasks of the thread run on this core from now on: value is the operating system's number, detail its place among the node's cores from 0. */
    public static final int CORE = 5;
    /** Something has arrived here: value is the number of bytes, detail the worker it came from (0: the master). Followed by {@link #TRANSFER_OF}. */
    public static final int TRANSFER = 6;
    /** About the transfer before: value is when it was asked for, in nanoseconds of this process' clock, detail the content. */
    public static final int TRANSFER_OF = 7;
    /** The clock of a worker was read: detail is the worker, value what it said; the record's time is when the answer was there. Followed by {@link #CLOCK_ERROR}. */
    public static final int CLOCK = 8;
    /** About the reading before: value is how many nanoseconds asking took. */
    public static final int CLOCK_ERROR = 9;

    /** The memory that the next task has, in MiB; absent where it asked for none. */
    public static final int MEMORY = 10;

    // The graph of tasks, in the master's log: in the order in which the engine takes what the application does.
    /** A task is called: detail is its definition, value {@link #pair} of the task and its group, which is -1 for none. */
    public static final int GRAPH_TASK = 40;
    /**
     * The task called before reads: detail is the datum, value {@link #pair} of the task that wrote what is read (0: the main program, {@link #TOGETHER}: several) and the version, which counts
     * from 1.
     */
    public static final int GRAPH_READ = 41;
    /** The task called before makes, with others in any order, this version: detail is the datum, value {@link #pair} of 0 or 1 (at the same time) and the version. */
    public static final int GRAPH_JOIN = 42;
    /** The application waits for a datum; detail and value as of {@link #GRAPH_READ}. */
    public static final int GRAPH_SYNC = 43;
    /** The application waits for all tasks of a group: detail is the group, -1 for all tasks. */
    public static final int GRAPH_BARRIER = 44;
    /** A task is over: value is the task, detail {@link #DONE}, {@link #FAILED}, {@link #CANCELLED} or {@link #IGNORED}. */
    public static final int GRAPH_ENDED = 45;

    /** The writer of a version that {@link #GRAPH_JOIN} tells of. */
    public static final int TOGETHER = -1;

    public static final int DONE = 1;
    public static final int FAILED = 2;
    public static final int CANCELLED = 3;
    /** It has failed, and the application goes on as if it had not. */
    public static final int IGNORED = 4;

    /** The first that is an event of Paraver. */
    public static final int FIRST_EVENT = 1000;

    private Records() {}

    /**
     * The value of {@link #TASK_TAKEN} and {@link #TASK_BEGIN}.
     *
     * @param cores that the task has
     * @param gpus that it has
     */
    public static long task(int task, int cores, int gpus) {
        return (task & 0xffff_ffffL) | (long) Math.min(cores, 0xffff) << 32 | (long) Math.min(gpus, 0x7fff) << 48;
    }

    /** Two numbers as a value. */
    public static long pair(int low, int high) {
        return (low & 0xffff_ffffL) | (long) high << 32;
    }

    /** The first number of a {@link #pair}. */
    public static int lowOf(long value) {
        return (int) value;
    }

    /** The second number of a {@link #pair}. */
    public static int highOf(long value) {
        return (int) (value >> 32);
    }

    /** The task in a value. */
    public static int taskOf(long value) {
        return (int) value;
    }

    /** The cores in a value. */
    public static int coresOf(long value) {
        return (int) (value >>> 32) & 0xffff;
    }

    /** The GPUs in a value. */
    public static int gpusOf(long value) {
        return (int) (value >>> 48);
    }
}

package io.colla.platform;

import org.jspecify.annotations.Nullable;

/**
 * Tasks of one thread that are done one after the other, each sent while those before are still under way. Used by that thread, but for {@link #recall}.
 */
public interface TaskPipeline extends AutoCloseable {
    /**
     * How a task ended.
     *
     * @param failure null if it succeeded
     * @param returned it was not begun and will not be
     * @param nanos that its own code took
     * @param begun when that began, by the clock of {@link System#nanoTime}; 0 if that is not known
     */
    record Answer(TaskContext task, @Nullable TaskError failure, boolean returned, long nanos, long begun) {
        /** It is not known when it began. */
        public Answer(TaskContext task, @Nullable TaskError failure, boolean returned, long nanos) {
            this(task, failure, returned, nanos, 0);
        }
    }

    /**
     * Takes a task to be done after those before; it is sent with the next {@link #poll} or {@link #await}.
     *
     * @return whether further ones should be added before answers are taken
     * @throws TaskError if it cannot be done; the others are not concerned
     */
    boolean add(TaskContext task) throws TaskError;

    /** Whether it can take further tasks; false for good when what does them is gone. Those that it has are answered all the same. */
    boolean isOpen();

    /** How the next of the tasks ended, if that is known; does not wait. */
    @Nullable
    Answer poll();

    /**
     * Waits until it is known how a task ended. Answers come in the order of the tasks, but that those who are given back may come sooner.
     *
     * @param lull nanoseconds for which nobody need be told of an answer that has come, so that several are taken at once
     */
    Answer await(long lull);

    /** Has those given back that have not begun, by any thread; returns at once. They are answered all the same. */
    void recall();

    /** To be called when every task has been answered. */
    @Override
    void close();
}

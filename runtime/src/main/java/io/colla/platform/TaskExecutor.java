package io.colla.platform;

import org.jspecify.annotations.Nullable;

/**
 * Executes the tasks of one kind on a node. Found by {@link java.util.ServiceLoader}; one instance a worker, created when the first task of its kind
 * arrives. {@link #execute} is called by as many threads at once as tasks run.
 */
public interface TaskExecutor extends AutoCloseable {
    /** The kind that {@link TaskDefinition.Implementation#kind()} names: {@code java}, {@code binary}. */
    String kind();

    /** Called once before anything else; should return at once. */
    default void start(ExecutorHost host) {}

    /**
     * Tasks of this kind are likely to come: what takes long may be prepared, beside the calling thread.
     *
     * @param hint of the executor's own, such as the interpreter that will be wanted
     */
    default void warmUp(String hint) {}

    /**
     * Runs one task to its end. The thread is interrupted when the task is to be ended.
     *
     * @return the function's result; null when there is none
     * @throws TaskError for a failure that is best told in words (an exit code, a signal)
     * @throws Exception what the task's own code threw
     */
    @Nullable
    Object execute(TaskContext context) throws Exception;

    /**
     * For the calling thread, if this executor can be given tasks while another of the thread runs. May wait until it can.
     *
     * @param first of the tasks
     * @return null if it cannot
     * @throws TaskError if that first one fails
     */
    default @Nullable TaskPipeline pipeline(TaskContext first) throws TaskError {
        return null;
    }

    /**
     * Does on this node what a task of this kind on another one has {@linkplain TaskContext#errand asked for}, on a thread of the errand's own, which is interrupted when it is to be
     * ended. The node's cores are the task's until it returns.
     *
     * @throws TaskError for a failure that is told in words
     * @throws Exception whose message the asking node is told
     */
    default void errand(Errand errand) throws Exception {
        throw new TaskError("tasks of kind \"" + kind() + "\" do nothing on further nodes", "", false, null);
    }

    /** Ends whatever it still runs; called once, when the worker ends. */
    @Override
    void close();
}

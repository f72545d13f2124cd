package io.colla.platform;

import java.nio.file.Path;
import java.util.List;

/**
 * Work that the executor of a task on several nodes has sent to one of the other nodes, as the executor there sees it. It has the cores of that node which are set aside
 * for the task, until {@link TaskExecutor#errand} has returned. Used by the executing thread, except {@link #ended}, {@link #onEnd} and {@link #say}.
 */
public interface Errand {
    int task();

    int attempt();

    /** What the first node's executor sent; its meaning is the executor's own. */
    byte[] request();

    /** The operating system's numbers of the cores of this node that are the task's alone; empty when the worker does not know them. */
    List<Integer> cpus();

    /** Cores of this node that are the task's. */
    int cores();

    /** Bytes of this node that the task asked for; 0 when it did not. */
    long memory();

    /** An empty folder, this errand's alone; what is left in it is removed afterwards. On the node's scratch disk. */
    Path workingDirectory();

    /**
     * Where to put what the errand prints: a file of this errand alone, empty or yet to be made, outside the working directory, removed afterwards. On the node's
     * scratch disk.
     */
    Path outputFile(String stream);

    /** True when the task is over or the first node has ended the errand; then the thread has been interrupted too. */
    boolean ended();

    /**
     * Registers what ends this errand's work where interrupting its thread does not. Called once, after {@link #ended} has become true, by any thread, which it must not
     * keep waiting; at once, by this thread, if it has become true already. Not called after the executor has returned.
     */
    void onEnd(Runnable action);

    /** Tells the first node's {@link ErrandListener#said}, in the order of the calls. Does not block. Any thread. */
    void say(byte[] content);
}

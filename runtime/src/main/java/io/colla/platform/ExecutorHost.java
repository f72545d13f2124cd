package io.colla.platform;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a worker offers to its executors. Thread-safe. */
public interface ExecutorHost {
    /** The node's name. */
    String node();

    /** Cores of the node that are the worker's. */
    int cores();

    /** An existing folder of this worker alone on the node's scratch disk, which goes with it. */
    Path scratch();

    /**
     * Where the executor's processes put objects that others on this node map: in memory as far as there is such a file system. A file there belongs to the worker as soon as it is
     * the content of an access.
     */
    Path sharedMemory();

    /** Where they put them when the memory is full. */
    Path sharedDisk();

    /** Variables that tell the executor's processes what to record for the run's trace, and where; empty when it is not traced. */
    default Map<String, String> traceVariables() {
        return Map.of();
    }

    /** Shows the user what a task prints while it runs. Does not block. */
    void printed(int task, String text);

    /**
     * Asks the master something for an attempt of a task, whose meaning is between the executor and the program. Does not block.
     *
     * @param channel what it is about, up to 255
     * @param answer told once, by any thread, which it must not keep waiting; never if the worker ends before. Null if no answer is wanted
     */
    void ask(int task, int attempt, int channel, byte[] question, @Nullable Consumer<byte[]> answer);
}

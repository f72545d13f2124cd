package io.colla.master;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Told what running tasks say beside their results. Called by threads of connections and tasks, which must not be kept waiting. */
public interface TaskVoices {
    /**
     * Who speaks.
     *
     * @param worker 0 for the one in this process, which shares the master's store
     * @param node its name
     */
    record Speaker(int worker, String node, int task, int attempt) {}

    /**
     * Something that a task has just printed.
     *
     * @param task its name and number
     */
    void printed(String task, String node, String text);

    /** Tasks on this worker will not be heard any more. */
    void lost(int worker);

    /**
     * A question of the task.
     *
     * @param channel what it is about
     * @param answer to be told once, by any thread; null if it wants no answer
     */
    void asked(Speaker speaker, int channel, byte[] question, @Nullable Consumer<byte[]> answer);
}

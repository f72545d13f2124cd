package io.colla.master;

import java.util.function.Consumer;

/** Told what running tasks say beside their results. Called by threads of connections and tasks, which must not be kept waiting. */
public interface TaskVoices {
    /** Something that the task has just printed. */
    void printed(String node, int task, String text);

    /**
     * A question of the task.
     *
     * @param answer to be told once, by any thread; the task waits for it
     */
    void asked(int task, byte[] question, Consumer<byte[]> answer);
}

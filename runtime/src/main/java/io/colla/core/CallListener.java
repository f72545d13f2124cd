package io.colla.core;

/** Is told what the application does, in the order in which the engine takes it; by the thread that owns the engine, which it must not keep. Times are those of the events. */
public interface CallListener {
    void called(Submission submission, long now);

    /** The application waits for a datum. */
    void awaited(int datum, long now);

    /** The application waits for the tasks of a group, or for {@link Engine#ALL_TASKS}. */
    void barrier(int group);

    /** The application will not name the datum again. */
    void closed(int datum);
}

package io.colla.launcher;

import io.colla.master.RunStatus;
import io.colla.master.TaskSummary;
import io.colla.python.gateway.Gateway;
import io.colla.python.gateway.Wishes;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** What {@code colla run} needs of the runtime: everything behind the application's session. Thread-safe. */
interface Backend {
    /** Cheap: it is asked several times a second. */
    RunStatus status();

    /** One row a task; asked at the end. */
    List<TaskSummary> tasks();

    /** Seconds that cores were held by tasks, added up. */
    double busySeconds();

    /**
     * The application's main program has returned: waits for the tasks that it left, and brings files to their paths.
     *
     * @throws io.colla.api.CollaException a failure that the application has not heard of
     */
    void applicationEnded();

    /**
     * Takes the calls of the program that joins there.
     *
     * @param wishes how its tasks are to run
     */
    void serve(Gateway gateway, Wishes wishes);

    /** Prepares this process for Python tasks, which are likely to come. */
    void warmUp(String interpreter);

    /** Cancels what runs and waits; the application's waits throw from now on. Returns at once. */
    void cancel(String why);

    /** Told once when the job's time is nearly over and the run should end; the sentence says why, and what is left undone. */
    default void onTimeUp(Consumer<String> listener) {}

    /** Told what people should know at once, such as jobs that the run has submitted; from any thread. */
    default void onNews(Consumer<String> listener) {}

    /** The batch system has warned of the end of the job's time. @return whether the run is going to end in order by itself */
    default boolean warned() {
        return false;
    }

    /** For a shutdown hook: the tasks in this process that called {@link System#exit}. They have failed then. */
    List<String> tasksThatExit();

    /**
     * Ends all workers. Returns when nothing that can be reached is left; may be called again.
     *
     * @return sentences about what could not be ended
     */
    List<String> stop(Duration grace);

    /** Opens one for a run. */
    interface Factory {
        /** @throws io.colla.api.CollaException if no worker can start */
        Backend open(RunPlan plan);
    }
}

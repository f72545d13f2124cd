package io.colla.launcher;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The main program of a run: what calls the tasks, be it code in this JVM or a process beside it. */
interface MainProgram extends AutoCloseable {
    /**
     * Begins what can go on while workers start.
     *
     * @param trace variables that tell a process of its own what to record for the run's trace; empty when it is not traced
     * @throws io.colla.api.UsageException if it cannot be started
     */
    void prepare(Map<String, String> trace);

    /**
     * Runs it, on threads of its own.
     *
     * @param ending told how it came to its end, with all tasks that it called; once
     */
    void start(Backend run, Consumer<Ending> ending);

    /** Ends it before its time. Returns when it has ended, or when it has had its chance; may be called again. */
    void end(Ending why, Duration grace);

    /** Whether it prints to the terminal without passing through this JVM, where the progress line would be in the way. */
    boolean printsItself();

    /** Class path of the tasks, for workers. */
    List<Path> classPath();

    /** Loads the tasks' classes in this JVM. */
    ClassLoader loader();

    /** Variables that workers need for its tasks. */
    Map<String, String> workerEnvironment();

    @Override
    void close();
}

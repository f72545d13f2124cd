package io.colla.master;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The workers of the run, wherever they are. */
interface WorkerPool extends AutoCloseable {
    void start(Master master) throws IOException;

    /** Regular checks; called every 100 ms or so. */
    void tick();

    /** Whether every node sees this path. May wait for workers to join. */
    boolean sees(Path path);

    /** The workers of the run's own allocation begin nothing more. */
    default void drain() {}

    int cores();

    int nodes();

    List<String> troubles();

    /** Tasks in this process that called {@link System#exit}. */
    List<String> tasksThatExit();

    @Override
    void close();

    /** Tasks of this kind are likely to come to a worker in this process; others learn of it from their environment. */
    default void warmUp(String kind, String hint) {}
}

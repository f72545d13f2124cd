package io.colla.api;

import io.colla.api.spi.SessionProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * The application's session with the runtime.
 *
 * <pre>{@code
 * try (Colla colla = Colla.start()) {
 *     Data<Integer> sum = colla.call(Math::addExact, in(1), in(2));
 *     System.out.println(sum.get());
 * }
 * }</pre>
 *
 * Under {@code colla run} the session uses the nodes of the run. A program that is started with plain {@code java} and has the runtime on
 * its class path gets the cores of its own machine.
 */
public interface Colla extends Tasks, AutoCloseable {
    /**
     * Opens the session.
     *
     * @throws CollaException if no runtime is on the class path
     */
    static Colla start() {
        return ServiceLoader.load(SessionProvider.class, SessionProvider.class.getClassLoader())
                .findFirst()
                .orElseThrow(
                        () -> new CollaException(
                                "Colla's runtime is not on the class path; start the program with 'colla run', or add colla-runtime"))
                .open();
    }

    /** A datum with this first content. The object belongs to the runtime from now on: the application must not change it. */
    <T extends @Nullable Object> Data<T> data(T value);

    /** A datum with no content yet, for an OUT parameter; the task's function gets an object made by the no-argument constructor. */
    <T> Data<T> empty(Class<T> type);

    /**
     * A file as a datum. Relative paths are the application's. It need not exist yet if a task writes it. The same path gives the
     * same datum.
     */
    Data<Path> file(Path path);

    /** {@link #file(Path)}. */
    default Data<Path> file(String path) {
        return file(Path.of(path));
    }

    /**
     * A folder with all that is in it as one datum, as {@link #file(Path)} otherwise. Tasks on nodes that do not share its file system get a copy; links inside stay links.
     */
    Data<Path> folder(Path path);

    /** {@link #folder(Path)}. */
    default Data<Path> folder(String path) {
        return folder(Path.of(path));
    }

    /**
     * A file for intermediate results, in the runtime's own folders; its name ends with {@code name} and it is deleted when nobody can read it any more.
     */
    Data<Path> temporaryFile(String name);

    /** A group for tasks that are waited for or cancelled together. */
    TaskGroup group(String name);

    /**
     * Waits for all tasks called so far.
     *
     * @throws TaskFailedException if one of them failed
     */
    void barrier();

    /**
     * As {@link #barrier()}, with a deadline.
     *
     * @throws WaitTimeoutException if it passes
     */
    void barrier(Duration timeout);

    /** What the run has at this moment. */
    Resources resources();

    /**
     * What a run has.
     *
     * @param cores of all nodes together
     * @param largestNodeCores cores of the node that has most: no task can ask for more on one node
     * @param memory of all nodes together, in bytes
     */
    record Resources(int nodes, int cores, int largestNodeCores, long memory) {}

    /** {@link #barrier()}, brings files to their paths, and ends the session. */
    @Override
    void close();
}

package io.colla.benchmarks.app;

/** One round of work of a known size, to be timed from outside. */
interface Workload extends AutoCloseable {
    /**
     * Does the work and waits for its end.
     *
     * @param tasks how many
     * @throws IllegalStateException if a result is wrong
     */
    void round(int tasks) throws Exception;

    @Override
    void close();
}

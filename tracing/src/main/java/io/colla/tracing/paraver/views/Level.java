package io.colla.tracing.paraver.views;

/** What a row of a window is. */
enum Level {
    /** The run as a whole. */
    WORKLOAD("workload"),
    /** A machine: the master or a worker. */
    APPLICATION("appl"),
    /** A thread: an executor, or one of the runtime's. */
    THREAD("thread");

    final String word;

    Level(String word) {
        this.word = word;
    }
}

package io.colla.tracing.paraver.views;

/** What a row of a window is. */
enum Level {
    /** The run as a whole. */
    WORKLOAD("workload", "Workload"),
    /** A machine: the master or a worker. */
    APPLICATION("appl", "Application"),
    /** A thread: an executor, or one of the runtime's. */
    THREAD("thread", "Thread");

    final String word;
    final String inHistograms;

    Level(String word, String inHistograms) {
        this.word = word;
        this.inHistograms = inHistograms;
    }
}

package io.colla.python.gateway.streams;

/** Who asks: an attempt of a task, or the program, which is {@link #PROGRAM_TASK}. */
record Asker(int task, int attempt) {
    static final int PROGRAM_TASK = -1;

    boolean isProgram() {
        return task == PROGRAM_TASK;
    }

    /** Whether this is another attempt of the same task. */
    boolean replaces(Asker other) {
        return task == other.task && attempt != other.attempt;
    }
}

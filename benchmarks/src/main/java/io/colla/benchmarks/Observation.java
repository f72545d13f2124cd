package io.colla.benchmarks;

/**
 * One repetition.
 *
 * @param value in the row's unit
 * @param first the same of the first round in a fresh JVM; NaN where there is only one
 * @param wall seconds that all of it took, start and end included
 * @param cpu seconds of processor time of the process and its children
 * @param cpuPerTask microseconds of processor time that the application's process used for each task, once warm; NaN where it is not known. It hardly depends on what else the
 *     machine does.
 */
record Observation(double value, double first, double wall, double cpu, double cpuPerTask) {
    static Observation of(double value, Processes.Run run) {
        return new Observation(value, Double.NaN, run.wall(), run.cpu(), Double.NaN);
    }
}

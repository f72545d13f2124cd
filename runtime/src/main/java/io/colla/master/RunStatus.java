package io.colla.master;

/**
 * How far a run is, at one moment.
 *
 * @param done tasks that ended well
 * @param running tasks that a worker has
 * @param waiting tasks that wait for data or for a core
 * @param failed tasks that failed for good
 * @param cancelled tasks that were cancelled, or dropped because one before them failed
 * @param coresBusy cores that tasks hold now
 * @param coresTotal cores of all nodes
 * @param nodes nodes that work for the run now
 * @param waitsFor a job that the run has submitted and that is to bring nodes; empty when there is none
 */
public record RunStatus(
        long done,
        long running,
        long waiting,
        long failed,
        long cancelled,
        int coresBusy,
        int coresTotal,
        int nodes,
        String waitsFor) {
    /** Of a run that waits for no job. */
    public RunStatus(
            long done,
            long running,
            long waiting,
            long failed,
            long cancelled,
            int coresBusy,
            int coresTotal,
            int nodes) {
        this(done, running, waiting, failed, cancelled, coresBusy, coresTotal, nodes, "");
    }
}

package io.colla.tracing.report;

import io.colla.tracing.paraver.Machine;
import io.colla.tracing.paraver.PrvReader;

/**
 * How many cores tasks could have on each node. Our traces give a node the cores that its worker has. Extrae gives it as many as there are threads there; then each executor thread is a core, as
 * COMPSs has one for each.
 */
final class Cores {
    private static final int EXECUTORS = 2;

    private Cores() {}

    /** By node, 0 for one without a worker. */
    static int[] of(PrvReader trace) {
        Machine machine = trace.machine();
        int nodes = machine.nodes().size();
        int[] threads = new int[nodes];
        int[] executors = new int[nodes];
        boolean[] workers = new boolean[nodes];
        boolean one = machine.applications().size() == 1;
        for (int row = 0; row < trace.rows(); row++) {
            int node = trace.node(row) - 1;
            threads[node]++;
            if (trace.thread(row).task() == EXECUTORS) {
                executors[node]++;
            }
            workers[node] |= one || trace.thread(row).application() > 1;
        }
        boolean byThreads = true;
        int[] cores = new int[nodes];
        for (int node = 0; node < nodes; node++) {
            cores[node] = workers[node] ? machine.nodes().get(node).cpus() : 0;
            byThreads &= machine.nodes().get(node).cpus() == threads[node];
        }
        return byThreads ? executors : cores;
    }
}

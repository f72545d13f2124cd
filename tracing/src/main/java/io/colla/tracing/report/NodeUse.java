package io.colla.tracing.report;

import io.colla.tracing.EventTypes;
import io.colla.tracing.paraver.Machine;
import java.util.Arrays;

/**
 * What tasks held of the nodes, and what the nodes' counters say was used. A sample is of the time until the next one. Where only one node has counters, they are those of the machine that all
 * workers share.
 */
final class NodeUse {
    private static final double THOUSAND = 1000;

    private final int[] held;
    private final long[] heldMemory;
    /** When the cores held were last summed up, by node. */
    private final long[] summedAt;

    private final double[] heldTime;
    private final long[] sampledAt;
    private final long[] sample;
    private int sampledNodes;
    private double heldInSamples;
    private double usedInSamples;
    private double sampled;
    private long memoryHeld;
    private long memoryUsed;

    NodeUse(Machine machine) {
        int nodes = machine.nodes().size();
        held = new int[nodes];
        heldMemory = new long[nodes];
        summedAt = new long[nodes];
        heldTime = new double[nodes];
        sampledAt = new long[nodes];
        sample = new long[nodes];
        Arrays.fill(sampledAt, -1);
    }

    /** A task has these from now on, or, with negative numbers, has them no more. */
    void holds(int node, long time, int cores, long memory) {
        sum(node, time);
        held[node] += cores;
        heldMemory[node] += memory;
        memoryHeld = Math.max(memoryHeld, heldMemory[node]);
    }

    private void sum(int node, long time) {
        heldTime[node] += (double) (time - summedAt[node]) * held[node];
        summedAt[node] = time;
    }

    void event(int node, long time, int type, long value) {
        if (type == EventTypes.NODE_CPU) {
            sampledNodes += sampledAt[node] < 0 ? 1 : 0;
            double tasks = heldSince(node, time);
            // Only where tasks held cores: what else runs on a node is not theirs.
            if (sampledAt[node] >= 0 && tasks > 0) {
                double span = time - sampledAt[node];
                heldInSamples += tasks;
                usedInSamples += span * sample[node] / THOUSAND;
                sampled += span;
            }
            sampledAt[node] = time;
            sample[node] = value;
        } else if (type == EventTypes.NODE_MEMORY) {
            memoryUsed = Math.max(memoryUsed, value);
        }
    }

    /** Core time that tasks held since the node's sample before. */
    private double heldSince(int node, long time) {
        double all = 0;
        for (int each = 0; each < held.length; each++) {
            if (each == node || sampledNodes == 1) {
                sum(each, time);
                all += heldTime[each];
                heldTime[each] = 0;
            }
        }
        return all;
    }

    boolean known() {
        return sampled > 0;
    }

    TraceReport.Use use() {
        return new TraceReport.Use(heldInSamples / sampled, usedInSamples / sampled, memoryHeld, memoryUsed);
    }
}

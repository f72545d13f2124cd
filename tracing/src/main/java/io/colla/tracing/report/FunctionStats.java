package io.colla.tracing.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is counted of a function's tasks while a trace is read. */
final class FunctionStats {
    private static final int LONGEST = 5;

    final String name;
    final Quantiles durations = new Quantiles();
    final Quantiles around = new Quantiles();
    /** By node: how many tasks and their time. */
    final Map<Integer, long[]> byNode = new HashMap<>();
    /** Places of the longest tasks, with their durations. */
    private final List<long[]> longest = new ArrayList<>();

    long failed;
    long coreTime;
    long before;
    long seenBefore;
    int cores = 1;
    long memory;

    FunctionStats(String name) {
        this.name = name;
    }

    void ended(int place, long duration, int hasCores, long hasMemory, int node) {
        durations.add(duration);
        coreTime += duration * hasCores;
        cores = Math.max(cores, hasCores);
        memory = Math.max(memory, hasMemory);
        long[] there = byNode.computeIfAbsent(node, n -> new long[2]);
        there[0]++;
        there[1] += duration;
        if (longest.size() < LONGEST || longest.get(longest.size() - 1)[1] < duration) {
            longest.add(new long[] {place, duration});
            longest.sort(Comparator.comparingLong((long[] task) -> task[1]).reversed());
            if (longest.size() > LONGEST) {
                longest.remove(LONGEST);
            }
        }
    }

    List<Integer> longest() {
        return longest.stream().map(task -> (int) task[0]).toList();
    }
}

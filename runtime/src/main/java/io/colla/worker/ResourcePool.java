package io.colla.worker;

import io.colla.platform.NodeShare;
import io.colla.wire.Message.Needs;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What of the node is free. Not thread-safe, except {@link #freeCores()}. */
final class ResourcePool {
    /** What one task has. */
    record Lease(Needs needs, int[] slots, List<Integer> cpus) {}

    private static final String CORES = "core";
    private static final String MEMORY = "memory";

    private final NodeShare node;
    private final long totalMemory;
    /** Positions in the node's list of cpus. */
    private final BitSet free;

    private final Map<String, Integer> resources;
    private volatile int cores;
    private long memory;

    ResourcePool(NodeShare node) {
        this.node = node;
        totalMemory = node.memory() > 0 ? node.memory() : Long.MAX_VALUE;
        free = new BitSet(node.cores());
        free.set(0, node.cores());
        cores = node.cores();
        memory = totalMemory;
        resources = new HashMap<>(node.resources());
    }

    /** Readable by any thread. */
    int freeCores() {
        return cores;
    }

    /** A sentence if the node as a whole has too little; else null. */
    @Nullable
    String impossible(Needs needs) {
        if (needs.cores() > node.cores()) {
            return "it needs " + needs.cores() + " cores, and node " + node.name() + " has " + node.cores();
        }
        if (needs.memory() > totalMemory) {
            return "it needs " + io.colla.api.Memory.format(needs.memory()) + " of memory, and node " + node.name()
                    + " has " + io.colla.api.Memory.format(totalMemory);
        }
        for (Map.Entry<String, Integer> need : needs.resources().entrySet()) {
            int has = node.resources().getOrDefault(need.getKey(), 0);
            if (need.getValue() > has) {
                return "it needs " + need.getValue() + " of " + need.getKey() + ", and node " + node.name() + " has "
                        + has;
            }
        }
        return null;
    }

    boolean fits(Needs needs) {
        return needs.cores() <= cores
                && needs.memory() <= memory
                && (needs.resources().isEmpty() || fits(needs.resources()));
    }

    private boolean fits(Map<String, Integer> wanted) {
        for (Map.Entry<String, Integer> need : wanted.entrySet()) {
            if (need.getValue() > resources.getOrDefault(need.getKey(), 0)) {
                return false;
            }
        }
        return true;
    }

    /** Names of those things of which there is too little at the moment. */
    Set<String> lacking(Needs needs) {
        Set<String> names = new HashSet<>();
        if (needs.cores() > cores) {
            names.add(CORES);
        }
        if (needs.memory() > memory) {
            names.add(MEMORY);
        }
        needs.resources().forEach((name, amount) -> {
            if (amount > resources.getOrDefault(name, 0)) {
                names.add("resource " + name);
            }
        });
        return names;
    }

    /** Whether the needs take any of these. */
    static boolean touches(Needs needs, Set<String> names) {
        if (names.isEmpty()) {
            return false;
        }
        return (needs.cores() > 0 && names.contains(CORES))
                || (needs.memory() > 0 && names.contains(MEMORY))
                || needs.resources().entrySet().stream()
                        .anyMatch(need -> need.getValue() > 0 && names.contains("resource " + need.getKey()));
    }

    /** To be called only when they fit. Cores next to each other if there are such, the lowest first. */
    Lease take(Needs needs) {
        memory -= needs.memory();
        needs.resources().forEach((name, amount) -> resources.merge(name, -amount, Integer::sum));
        return takeCores(needs);
    }

    /** The cores alone; the rest is had. To be called only when there are as many. */
    Lease takeCores(Needs needs) {
        int[] slots = new int[needs.cores()];
        int from = adjacent(needs.cores());
        for (int i = 0; i < slots.length; i++) {
            slots[i] = free.nextSetBit(from);
            free.clear(slots[i]);
        }
        cores -= slots.length;
        return new Lease(needs, slots, cpus(slots));
    }

    /** Gives the cores back; the rest stays with what is returned. */
    Lease giveCores(Lease lease) {
        for (int slot : lease.slots()) {
            free.set(slot);
        }
        cores += lease.slots().length;
        return new Lease(lease.needs(), new int[0], List.of());
    }

    private int adjacent(int count) {
        for (int start = free.nextSetBit(0); start >= 0; ) {
            int end = free.nextClearBit(start);
            if (end - start >= count) {
                return start;
            }
            start = free.nextSetBit(end);
        }
        return 0;
    }

    private List<Integer> cpus(int[] slots) {
        if (node.cpus().size() < node.cores()) {
            return List.of();
        }
        List<Integer> cpus = new ArrayList<>(slots.length);
        for (int slot : slots) {
            cpus.add(node.cpus().get(slot));
        }
        return List.copyOf(cpus);
    }

    void give(Lease lease) {
        memory += lease.needs().memory();
        lease.needs().resources().forEach((name, amount) -> resources.merge(name, amount, Integer::sum));
        giveCores(lease);
    }
}

package io.colla.scheduler;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is free on one worker, what was sent there in advance, and the ready tasks that want to run there. */
final class WorkerSlot {
    final int id;
    final NodeCapacity capacity;
    /** When what runs there must be over, on the scheduler's clock. */
    long end = Long.MAX_VALUE;
    /** It begins nothing more. */
    boolean leaving;

    /** Sent in advance, oldest first; those that have left are skipped when met. */
    final ArrayDeque<Schedulable> ahead = new ArrayDeque<>();

    int aheadCount;
    int running;
    /** Only this class may use the worker until one of its tasks has been placed, except for tasks that will be over by then. */
    @Nullable
    TaskClass reserved;

    long reservedAt;

    /** What is kept for {@link #claimant}; others do with the rest. */
    @Nullable
    Requirement claim;

    @Nullable
    TaskClass claimant;

    private int freeCores;
    private long freeMemory;
    private final Map<String, Integer> freeResources;
    private @Nullable ReadyHeap[] wanting = new ReadyHeap[4];
    private @Nullable ReadyHeap[] bound = new ReadyHeap[4];

    WorkerSlot(int id, NodeCapacity capacity) {
        this.id = id;
        this.capacity = capacity;
        this.freeCores = capacity.cores();
        this.freeMemory = capacity.memory();
        this.freeResources = new HashMap<>(capacity.resources());
    }

    boolean takesTasks(long now) {
        return !leaving && (end == Long.MAX_VALUE || end - now > 0);
    }

    int freeCores() {
        return freeCores;
    }

    boolean isIdle() {
        return freeCores == capacity.cores();
    }

    /** Whether there is as much beside what is kept for another class. */
    boolean hasFree(Requirement need, TaskClass c) {
        Requirement kept = claim;
        if (kept == null || claimant == c || reserved == c) {
            return hasFree(need);
        }
        if (need.cores() + kept.cores() > freeCores
                || (need.memory() > 0 && need.memory() + kept.memory() > freeMemory)) {
            return false;
        }
        for (Map.Entry<String, Integer> entry : need.resources().entrySet()) {
            int others = kept.resources().getOrDefault(entry.getKey(), 0);
            if (freeResources.getOrDefault(entry.getKey(), 0) < entry.getValue() + others) {
                return false;
            }
        }
        return need.properties().isEmpty() || need.fits(capacity);
    }

    boolean hasFree(Requirement need) {
        if (need.cores() > freeCores || (need.memory() > 0 && need.memory() > freeMemory)) {
            return false;
        }
        if (!need.resources().isEmpty()) {
            for (Map.Entry<String, Integer> entry : need.resources().entrySet()) {
                if (freeResources.getOrDefault(entry.getKey(), 0) < entry.getValue()) {
                    return false;
                }
            }
        }
        return need.properties().isEmpty() || need.fits(capacity);
    }

    /** How many ranks there is room for beside what is kept for another class. */
    int roomFor(Requirement need, TaskClass c) {
        Requirement kept = claim;
        if (kept == null || claimant == c) {
            return roomFor(need);
        }
        if (need.ranks() != null && need.ranks().wholeNodes()) {
            return 0;
        }
        change(kept, -1);
        int room = roomFor(need);
        change(kept, 1);
        return room;
    }

    /** How many ranks there is room for now. */
    int roomFor(Requirement need) {
        Requirement.Ranks ranks = need.ranks();
        if (ranks == null) {
            return hasFree(need) ? 1 : 0;
        }
        if (ranks.wholeNodes()) {
            return isIdle() && running == 0 ? need.timesOn(capacity) : 0;
        }
        if (!need.properties().isEmpty() && !need.fits(capacity)) {
            return 0;
        }
        long room = Math.min(ranks.count(), freeCores / need.cores());
        if (need.memory() > 0) {
            room = Math.min(room, freeMemory / need.memory());
        }
        for (Map.Entry<String, Integer> entry : need.resources().entrySet()) {
            int free = freeResources.getOrDefault(entry.getKey(), 0);
            room = entry.getValue() == 0 ? room : Math.min(room, free / entry.getValue());
        }
        return (int) Math.max(0, room);
    }

    void take(Requirement need) {
        change(need, -1);
        running++;
    }

    void give(Requirement need) {
        change(need, 1);
        running--;
    }

    /** The cores alone, which a task that waits for others does without. They may become less than none when it goes on: the worker lets it wait for one. */
    void changeCores(int cores) {
        freeCores += cores;
    }

    private void change(Requirement need, int sign) {
        freeCores += sign * need.cores();
        freeMemory += sign * need.memory();
        need.resources().forEach((name, amount) -> freeResources.merge(name, sign * amount, Integer::sum));
    }

    /** Tasks that would rather run here. */
    ReadyHeap wanting(TaskClass taskClass) {
        ReadyHeap heap = wantingOrNull(taskClass);
        if (heap == null) {
            if (taskClass.id >= wanting.length) {
                wanting = Arrays.copyOf(wanting, Math.max(taskClass.id + 1, wanting.length * 2));
            }
            heap = new ReadyHeap();
            wanting[taskClass.id] = heap;
        }
        return heap;
    }

    @Nullable
    ReadyHeap wantingOrNull(TaskClass taskClass) {
        return taskClass.id < wanting.length ? wanting[taskClass.id] : null;
    }

    /** Tasks that must run here. */
    ReadyHeap bound(TaskClass taskClass) {
        ReadyHeap heap = boundOrNull(taskClass);
        if (heap == null) {
            if (taskClass.id >= bound.length) {
                bound = Arrays.copyOf(bound, Math.max(taskClass.id + 1, bound.length * 2));
            }
            heap = new ReadyHeap();
            bound[taskClass.id] = heap;
        }
        return heap;
    }

    @Nullable
    ReadyHeap boundOrNull(TaskClass taskClass) {
        return taskClass.id < bound.length ? bound[taskClass.id] : null;
    }

    /** The free amounts must be within 0 and what the node has; cores may be fewer than none for tasks that go on after a pause. */
    void check() {
        if (freeCores > capacity.cores() || freeMemory < 0 || freeMemory > capacity.memory()) {
            throw new IllegalStateException("worker " + id + " has " + freeCores + " of " + capacity.cores()
                    + " cores and " + freeMemory + " of " + capacity.memory() + " bytes free");
        }
        freeResources.forEach((name, amount) -> {
            if (amount < 0 || amount > capacity.resources().getOrDefault(name, 0)) {
                throw new IllegalStateException("worker " + id + " has " + amount + " " + name + " free");
            }
        });
    }
}

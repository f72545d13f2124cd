package io.colla.worker;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The jobs of a worker by task number: open addressing with linear probing. Those that have ended are swept out when it grows. Not thread-safe. */
final class JobTable {
    private static final int SMALLEST = 1024;

    private @Nullable Job[] slots = new @Nullable Job[SMALLEST];
    private int used;

    /** The attempt of the task, which may have ended; null when it is not known. */
    @Nullable
    Job find(int task, int attempt) {
        Job job = slots[slotOf(slots, task)];
        return job != null && job.attempt == attempt ? job : null;
    }

    /** Takes the place of an earlier attempt. */
    void add(Job job) {
        int slot = slotOf(slots, job.task);
        if (slots[slot] == null && ++used > slots.length / 2) {
            sweep();
            slot = slotOf(slots, job.task);
        }
        slots[slot] = job;
    }

    private static int slotOf(@Nullable Job[] slots, int task) {
        int mask = slots.length - 1;
        int slot = (task * 0x9E3779B9 >>> 7) & mask;
        for (Job job = slots[slot]; job != null && job.task != task; job = slots[slot]) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void sweep() {
        List<Job> live = live();
        int size = SMALLEST;
        while (size < 4 * live.size() + 4) {
            size *= 2;
        }
        @Nullable Job[] fresh = new @Nullable Job[size];
        for (Job job : live) {
            fresh[slotOf(fresh, job.task)] = job;
        }
        slots = fresh;
        used = live.size() + 1;
    }

    List<Job> live() {
        List<Job> live = new ArrayList<>();
        for (Job job : slots) {
            if (job != null && !job.isEnded()) {
                live.add(job);
            }
        }
        return live;
    }
}

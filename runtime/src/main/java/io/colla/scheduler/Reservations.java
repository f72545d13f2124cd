package io.colla.scheduler;

/** Keeps workers free for tasks that have found no room for long, so that wide tasks are not starved by narrow ones. */
final class Reservations {
    /** Nanoseconds that the oldest task of a class waits before workers are kept free for it. */
    private static final long PATIENCE = 1_000_000_000L;

    private final Workers workers;

    private final Deadlines deadlines;

    Reservations(Workers workers, Deadlines deadlines) {
        this.workers = workers;
        this.deadlines = deadlines;
    }

    void reserveForPatient(Iterable<TaskClass> waiting, long now) {
        for (TaskClass c : waiting) {
            if (now - c.movedAt >= PATIENCE && c.reservations == 0 && c.feasible) {
                reserve(c, now);
            }
        }
    }

    private void reserve(TaskClass c, long now) {
        Schedulable first = c.first();
        Requirement need = c.implementations[0];
        long wanted = need.ranks() == null ? need.nodes() : need.ranks().count();
        while (wanted > 0) {
            WorkerSlot best = null;
            for (int i = 0; i < workers.alive.size(); i++) {
                WorkerSlot slot = workers.slot(workers.alive.at(i));
                if (slot.reserved == null
                        && c.fitsSomewhereOn(slot.capacity)
                        && (first == null || deadlines.inTime(first, slot, now))
                        && (best == null || slot.freeCores() > best.freeCores())) {
                    best = slot;
                }
            }
            if (best == null) {
                return;
            }
            best.reserved = c;
            c.reservations++;
            wanted -= need.ranks() == null ? 1 : share(need, need.ranks(), best);
        }
    }

    private static int share(Requirement need, Requirement.Ranks ranks, WorkerSlot slot) {
        int most = Math.max(1, need.timesOn(slot.capacity));
        return ranks.perNode() > 0 ? Math.min(most, ranks.perNode()) : most;
    }

    void drop(TaskClass c) {
        if (c.reservations == 0) {
            return;
        }
        for (int i = 0; i < workers.alive.size(); i++) {
            WorkerSlot slot = workers.slot(workers.alive.at(i));
            if (slot.reserved == c) {
                slot.reserved = null;
                workers.changed.add(slot.id);
            }
        }
        c.reservations = 0;
    }
}

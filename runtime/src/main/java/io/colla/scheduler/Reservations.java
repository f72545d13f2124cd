package io.colla.scheduler;

/** Keeps a worker free for tasks of one node that have found no room for long, so that wide tasks are not starved by narrow ones. {@link Claims} does it for others. */
final class Reservations {
    private final Workers workers;

    private final Deadlines deadlines;

    Reservations(Workers workers, Deadlines deadlines) {
        this.workers = workers;
        this.deadlines = deadlines;
    }

    void reserveForPatient(Iterable<TaskClass> waiting, Patience patience, long now) {
        for (TaskClass c : waiting) {
            if (now - c.movedAt >= patience.nanos() && c.reservations == 0 && c.feasible && !c.isGang()) {
                reserve(c, now);
            }
        }
    }

    private void reserve(TaskClass c, long now) {
        Schedulable first = c.first();
        WorkerSlot best = null;
        for (int i = 0; i < workers.alive.size(); i++) {
            WorkerSlot slot = workers.slot(workers.alive.at(i));
            if (slot.reserved == null
                    && slot.claim == null
                    && c.fitsSomewhereOn(slot.capacity)
                    && (first == null || deadlines.inTime(first, slot, now))
                    && (best == null || slot.freeCores() > best.freeCores())) {
                best = slot;
            }
        }
        if (best != null) {
            best.reserved = c;
            best.reservedAt = now;
            c.reservations++;
        }
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

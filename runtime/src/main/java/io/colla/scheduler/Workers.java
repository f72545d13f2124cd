package io.colla.scheduler;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The workers there are, and which of them are worth a look. */
final class Workers {
    final WorkerSet alive = new WorkerSet();
    /** Those with a free core. */
    final WorkerSet withRoom = new WorkerSet();
    /** Those where something has become possible since the last dispatch. */
    final WorkerSet changed = new WorkerSet();

    private final List<@Nullable WorkerSlot> slots = new ArrayList<>();

    WorkerSlot add(int id, NodeCapacity capacity) {
        while (slots.size() <= id) {
            slots.add(null);
        }
        WorkerSlot slot = new WorkerSlot(id, capacity);
        slots.set(id, slot);
        alive.add(id);
        withRoom.add(id);
        changed.add(id);
        return slot;
    }

    void remove(int id) {
        alive.remove(id);
        withRoom.remove(id);
        changed.remove(id);
        slots.set(id, null);
    }

    boolean isAlive(int worker) {
        return worker >= 0 && alive.contains(worker);
    }

    WorkerSlot slot(int id) {
        WorkerSlot slot = slots.get(id);
        if (slot == null) {
            throw new IllegalStateException("worker " + id + " is gone");
        }
        return slot;
    }

    void take(WorkerSlot slot, Requirement need) {
        slot.take(need);
        look(slot);
    }

    void give(WorkerSlot slot, Requirement need) {
        slot.give(need);
        changed.add(slot.id);
        look(slot);
    }

    /** A task pauses, or goes on if negative. */
    void giveCores(WorkerSlot slot, int cores) {
        slot.changeCores(cores);
        changed.add(slot.id);
        look(slot);
    }

    private void look(WorkerSlot slot) {
        if (slot.freeCores() > 0) {
            withRoom.add(slot.id);
        } else {
            withRoom.remove(slot.id);
        }
    }

    /** How many workers could run a task of the class if they were empty, counted up to a number. */
    int capable(TaskClass c, int enough) {
        int fitting = 0;
        for (int i = 0; i < alive.size() && fitting < enough; i++) {
            if (c.fitsSomewhereOn(slot(alive.at(i)).capacity)) {
                fitting++;
            }
        }
        return fitting;
    }

    /** The worker other than one that has least to do and could run a task of the class; -1 if there is none. */
    int leastLoadedBut(int avoided, TaskClass taskClass) {
        int best = -1;
        int bestLoad = Integer.MAX_VALUE;
        for (int i = 0; i < alive.size(); i++) {
            WorkerSlot slot = slot(alive.at(i));
            int load = slot.running + slot.aheadCount;
            if (slot.id != avoided && load < bestLoad && taskClass.fitsSomewhereOn(slot.capacity)) {
                best = slot.id;
                bestLoad = load;
            }
        }
        return best;
    }
}

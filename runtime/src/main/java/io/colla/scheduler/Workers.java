package io.colla.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The workers there are, and which of them are worth a look. */
final class Workers {
    final WorkerSet alive = new WorkerSet();
    /** Those with a free core. */
    final WorkerSet withRoom = new WorkerSet();
    /** Those where something has become possible since the last dispatch. */
    final WorkerSet changed = new WorkerSet();

    private int freeCores;

    /** Those that may join later. */
    List<FutureNodes> future = List.of();

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
        freeCores += slot.freeCores();
        return slot;
    }

    void remove(int id) {
        freeCores -= slot(id).freeCores();
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

    /** On all of them. */
    int freeCores() {
        return freeCores;
    }

    void take(WorkerSlot slot, Requirement need) {
        freeCores -= need.cores();
        slot.take(need);
        look(slot);
    }

    void give(WorkerSlot slot, Requirement need) {
        freeCores += need.cores();
        slot.give(need);
        changed.add(slot.id);
        look(slot);
    }

    /** A task pauses, or goes on if negative. */
    void giveCores(WorkerSlot slot, int cores) {
        freeCores += cores;
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

    /** Whether a task of the class could run if all workers but one, and those to come, were there and empty; -1 for no exception. */
    boolean couldRun(TaskClass c, int but) {
        return couldRun(c, slot -> slot.id != but, but < 0 ? future : List.of());
    }

    /** Whether a task of the class could run on empty workers of these. */
    boolean couldRun(TaskClass c, Predicate<WorkerSlot> among, List<FutureNodes> andLater) {
        for (Requirement need : c.implementations) {
            if (need.ranks() == null ? capable(need, among, andLater) : hasRoom(need, among, andLater)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a task could run on empty workers of these. */
    boolean couldRun(Requirement need, Predicate<WorkerSlot> among) {
        return need.ranks() == null ? capable(need, among, List.of()) : hasRoom(need, among, List.of());
    }

    private boolean capable(Requirement need, Predicate<WorkerSlot> among, List<FutureNodes> andLater) {
        int fitting = 0;
        for (int i = 0; i < alive.size() && fitting < need.nodes(); i++) {
            WorkerSlot slot = slot(alive.at(i));
            fitting += need.fits(slot.capacity) && among.test(slot) ? 1 : 0;
        }
        for (FutureNodes nodes : andLater) {
            fitting += nodes.asked(need).fits(nodes.capacity()) ? nodes.count() : 0;
        }
        return fitting >= need.nodes();
    }

    private boolean hasRoom(Requirement need, Predicate<WorkerSlot> among, List<FutureNodes> andLater) {
        int later = andLater.stream().mapToInt(FutureNodes::count).sum();
        int[] room = new int[alive.size() + later];
        int next = 0;
        for (int i = 0; i < alive.size(); i++) {
            WorkerSlot slot = slot(alive.at(i));
            room[next++] = among.test(slot) ? need.timesOn(slot.capacity) : 0;
        }
        for (FutureNodes nodes : andLater) {
            for (int i = 0; i < nodes.count(); i++) {
                room[next++] = nodes.asked(need).timesOn(nodes.capacity());
            }
        }
        return need.ranks() != null && RankFill.distribute(need.ranks(), room) != null;
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

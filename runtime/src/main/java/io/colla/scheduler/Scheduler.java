package io.colla.scheduler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides where and when ready tasks run. Pure: no I/O, no clock, not thread-safe. Every decision is O(log n) in the number of queued tasks.
 *
 * <p>Workers are filled round robin, first from the tasks that want them for their data, then from the class' common queue, then from tasks that wait for a
 * worker without room. When all cores are taken, workers get some short tasks in advance, which are recalled when another worker runs dry. A
 * task that has found no room for {@link #PATIENCE} has workers reserved for it, so that wide tasks are not starved by narrow ones.
 */
public final class Scheduler {
    /** Nanoseconds that the oldest task of a class waits before workers are kept free for it. */
    static final long PATIENCE = 1_000_000_000L;

    private static final long AHEAD_NANOS = 10_000_000L;
    private static final long TOO_LONG_TO_SEND_AHEAD = 1_000_000_000L;
    private static final int MOST_AHEAD_PER_CORE = 512;
    private static final double WORTH_A_RECALL = 1_000_000;

    /** Full workers whose queues an idle one compares. */
    private static final int MOST_COMPARED = 8;

    /** Receives the decisions. */
    public interface Sink {
        /**
         * @param gang all workers of a task on several nodes, the first of which is {@code worker}; else null
         * @param ahead whether the worker is full at the moment
         */
        void place(Schedulable task, int worker, int @Nullable [] gang, boolean ahead);

        /** Asks the worker to give a task back that it was sent in advance. */
        void recall(Schedulable task, int worker);
    }

    private record ClassKey(List<Requirement> implementations, int definition) {}

    private final PlacementPolicy policy;
    private final Map<ClassKey, TaskClass> classByKey = new HashMap<>();
    private final List<TaskClass> classes = new ArrayList<>();
    private final List<@Nullable WorkerSlot> workers = new ArrayList<>();
    private final WorkerSet alive = new WorkerSet();
    private final WorkerSet active = new WorkerSet();
    private final WorkerSet withRoom = new WorkerSet();
    private final WorkerSet changed = new WorkerSet();
    private final WorkerSet roomAhead = new WorkerSet();
    private int queued;
    private int aheadTotal;
    private int cursor;
    private long sequence;

    public Scheduler(PlacementPolicy policy) {
        this.policy = policy;
    }

    /** The class of tasks with these implementations; {@code definition} only matters when there are several. */
    public TaskClass classFor(List<Requirement> implementations, int definition) {
        ClassKey key = new ClassKey(List.copyOf(implementations), implementations.size() > 1 ? definition : -1);
        return classByKey.computeIfAbsent(key, k -> {
            TaskClass created = new TaskClass(classes.size(), k.implementations);
            created.feasible = feasibleNow(created);
            classes.add(created);
            return created;
        });
    }

    /** Whether the workers there are could ever run such a task. */
    public boolean feasible(TaskClass taskClass) {
        return taskClass.feasible;
    }

    public void addWorker(int id, NodeCapacity capacity) {
        while (workers.size() <= id) {
            workers.add(null);
        }
        workers.set(id, new WorkerSlot(id, capacity));
        alive.add(id);
        withRoom.add(id);
        roomAhead.add(id);
        changed.add(id);
        classes.forEach(c -> c.feasible = feasibleNow(c));
    }

    /** Forgets a worker. Its queued tasks go to the common queues; the tasks placed there are the caller's to offer again. */
    public void removeWorker(int id) {
        WorkerSlot slot = slot(id);
        alive.remove(id);
        withRoom.remove(id);
        roomAhead.remove(id);
        changed.remove(id);
        workers.set(id, null);
        aheadTotal -= slot.aheadCount;
        if (slot.reserved != null) {
            slot.reserved.reservations--;
        }
        for (TaskClass c : classes) {
            c.holders.remove(id);
            c.feasible = feasibleNow(c);
            c.blocked = false;
            requeue(slot.wantingOrNull(c), c);
            requeue(slot.boundOrNull(c), c);
        }
    }

    private void requeue(@Nullable ReadyHeap from, TaskClass taskClass) {
        if (from == null) {
            return;
        }
        for (Schedulable task = from.peek(); task != null; task = from.peek()) {
            from.remove(task);
            enqueue(task, taskClass);
        }
    }

    private boolean feasibleNow(TaskClass c) {
        int needed = c.implementations[0].nodes();
        return capable(c, needed) >= needed;
    }

    /** How many workers could run a task of the class if they were empty, counted up to a number. */
    private int capable(TaskClass c, int enough) {
        int fitting = 0;
        for (int i = 0; i < alive.size() && fitting < enough; i++) {
            if (c.fitsSomewhereOn(slot(alive.at(i)).capacity)) {
                fitting++;
            }
        }
        return fitting;
    }

    public boolean knows(int worker) {
        return isAlive(worker);
    }

    /** Whether the worker could run such a task if nothing else ran there. */
    public boolean couldRun(TaskClass taskClass, int worker) {
        return isAlive(worker) && taskClass.fitsSomewhereOn(slot(worker).capacity);
    }

    public int workerCount() {
        return alive.size();
    }

    /** Tasks that are ready and not placed. */
    public int queued() {
        return queued;
    }

    /** Offers a task whose data are all there. */
    public void offer(Schedulable task, TaskClass taskClass, int priority, long now) {
        task.taskClass = taskClass;
        task.priority = priority;
        task.order = policy.order().applyAsLong(sequence++);
        task.placement = Schedulable.NOWHERE;
        task.recalled = false;
        if (taskClass.queued++ == 0) {
            active.add(taskClass.id);
            taskClass.blocked = false;
            taskClass.movedAt = now;
        }
        queued++;
        enqueue(task, taskClass);
    }

    private void enqueue(Schedulable task, TaskClass taskClass) {
        ReadyHeap heap = taskClass.ready;
        if (!taskClass.spansNodes()) {
            int wanted = wantedBy(task, taskClass);
            if (isAlive(task.pinned)) {
                heap = slot(task.pinned).bound(taskClass);
                changed.add(task.pinned);
            } else if (wanted >= 0) {
                task.preferred = wanted;
                heap = slot(wanted).wanting(taskClass);
                taskClass.holders.add(wanted);
                changed.add(wanted);
            }
        }
        heap.add(task);
    }

    /** The worker that should run it if it has room before others have; -1 for none. */
    private int wantedBy(Schedulable task, TaskClass taskClass) {
        if (isAlive(task.avoided) && alive.size() > 1) {
            return leastLoadedBut(task.avoided, taskClass);
        }
        boolean follows = policy.followsData() && isAlive(task.preferred) && !crowded(task.preferred, taskClass);
        return follows ? task.preferred : -1;
    }

    private int leastLoadedBut(int avoided, TaskClass taskClass) {
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

    private boolean crowded(int worker, TaskClass taskClass) {
        WorkerSlot slot = slot(worker);
        ReadyHeap heap = slot.wantingOrNull(taskClass);
        return !taskClass.fitsSomewhereOn(slot.capacity)
                || (heap != null && alive.size() > 1 && heap.size() > 4096 + queued / 2);
    }

    private boolean isAlive(int worker) {
        return worker >= 0 && alive.contains(worker);
    }

    /** Takes back a task that was offered and has not been placed. */
    public void withdraw(Schedulable task) {
        unqueue(task, owner(task));
    }

    private void unqueue(Schedulable task, TaskClass taskClass) {
        ReadyHeap heap = task.heap;
        if (heap == null) {
            throw new IllegalStateException("the task is not queued");
        }
        heap.remove(task);
        if (heap != taskClass.ready && isAlive(task.preferred) && heap == slot(task.preferred).wantingOrNull(taskClass)) {
            if (heap.size() == 0) {
                taskClass.holders.remove(task.preferred);
            }
        }
        queued--;
        if (--taskClass.queued == 0) {
            active.remove(taskClass.id);
            taskClass.blocked = false;
            dropReservations(taskClass);
        }
    }

    /** A placed task has left its workers. */
    public void left(Schedulable task, int worker) {
        TaskClass taskClass = owner(task);
        Requirement need = taskClass.implementations[task.implementation];
        byte was = task.placement;
        task.placement = Schedulable.NOWHERE;
        int[] gang = task.gang;
        task.gang = null;
        if (was == Schedulable.AHEAD) {
            if (isAlive(worker)) {
                slot(worker).aheadCount--;
                aheadTotal--;
                roomAhead.add(worker);
                changed.add(worker);
            }
        } else if (gang != null) {
            for (int member : gang) {
                freed(member, need);
            }
        } else {
            freed(worker, need);
        }
    }

    private void freed(int worker, Requirement need) {
        if (!isAlive(worker)) {
            return;
        }
        WorkerSlot slot = slot(worker);
        slot.give(need);
        promote(slot);
        changed.add(worker);
        if (slot.freeCores() > 0) {
            withRoom.add(worker);
        } else {
            withRoom.remove(worker);
        }
        roomAhead.add(worker);
    }

    private void promote(WorkerSlot slot) {
        while (true) {
            Schedulable next = slot.ahead.peekFirst();
            if (next == null) {
                return;
            }
            boolean stale = next.placement != Schedulable.AHEAD || next.aheadOf != slot.id;
            if (!stale) {
                Requirement need = owner(next).implementations[next.implementation];
                if (!slot.hasFree(need)) {
                    return;
                }
                next.placement = Schedulable.RUNNING;
                slot.take(need);
                slot.aheadCount--;
                aheadTotal--;
            }
            slot.ahead.pollFirst();
        }
    }

    /** Remembers how long a task ran, in nanoseconds. */
    public void ran(Schedulable task, long nanos) {
        owner(task).ran(task.implementation, nanos);
    }

    /** Places what can be placed. */
    public void dispatch(long now, Sink sink) {
        if (queued > 0) {
            placeGangs(now, sink);
            fillChanged(now, sink);
            fillAll(now, sink);
            if (queued > 0) {
                reserveForPatient(now);
                sendAhead(now, sink);
            }
        }
        if (queued == 0 && aheadTotal > 0 && alive.size() > 1 && changed.size() > 0) {
            recall(sink);
        }
        changed.clear();
    }

    private void fillChanged(long now, Sink sink) {
        boolean placed = true;
        while (placed && queued > 0) {
            placed = false;
            for (int i = 0; i < changed.size() && queued > 0; i++) {
                WorkerSlot slot = slot(changed.at(i));
                if (slot.freeCores() > 0) {
                    placed |= placeOne(slot, true, now, sink);
                }
            }
        }
    }

    private void fillAll(long now, Sink sink) {
        int misses = 0;
        while (unblockedQueued() && misses < withRoom.size()) {
            cursor = cursor >= withRoom.size() ? 0 : cursor;
            WorkerSlot slot = slot(withRoom.at(cursor));
            if (placeOne(slot, false, now, sink)) {
                misses = 0;
                if (slot.freeCores() > 0) {
                    cursor++;
                }
            } else {
                misses++;
                cursor++;
            }
        }
        for (int i = 0; i < active.size(); i++) {
            classes.get(active.at(i)).blocked = true;
        }
    }

    private boolean unblockedQueued() {
        for (int i = 0; i < active.size(); i++) {
            TaskClass c = classes.get(active.at(i));
            if (!c.blocked && !c.spansNodes()) {
                return true;
            }
        }
        return false;
    }

    private boolean placeOne(WorkerSlot slot, boolean blockedToo, long now, Sink sink) {
        Schedulable best = null;
        int implementation = -1;
        for (int i = 0; i < active.size(); i++) {
            TaskClass c = classes.get(active.at(i));
            if (c.spansNodes() || (c.blocked && !blockedToo) || (slot.reserved != null && slot.reserved != c)) {
                continue;
            }
            int fitting = c.choose(slot);
            if (fitting < 0) {
                continue;
            }
            Schedulable head = head(slot, c);
            if (head != null && (best == null || head.before(best))) {
                best = head;
                implementation = fitting;
            }
        }
        if (best == null) {
            return false;
        }
        TaskClass c = owner(best);
        unqueue(best, c);
        best.implementation = implementation;
        take(slot, c.implementations[implementation]);
        best.placement = Schedulable.RUNNING;
        c.movedAt = now;
        dropReservations(c);
        sink.place(best, slot.id, null, false);
        return true;
    }

    private void take(WorkerSlot slot, Requirement need) {
        slot.take(need);
        if (slot.freeCores() == 0) {
            withRoom.remove(slot.id);
        }
    }

    /** The task of a class that this worker should take first: bound ones and those that want it, the common queue, what waits for full workers. */
    private @Nullable Schedulable head(WorkerSlot slot, TaskClass c) {
        Schedulable best = c.ready.peek();
        best = earlier(best, slot.boundOrNull(c));
        best = earlier(best, slot.wantingOrNull(c));
        return best != null ? best : waitingElsewhere(slot, c);
    }

    private static @Nullable Schedulable earlier(@Nullable Schedulable best, @Nullable ReadyHeap heap) {
        Schedulable head = heap == null ? null : heap.peek();
        return head != null && (best == null || best.priority <= head.priority) ? head : best;
    }

    private @Nullable Schedulable waitingElsewhere(WorkerSlot slot, TaskClass c) {
        ReadyHeap longest = null;
        int compared = 0;
        int count = c.holders.size();
        for (int i = 0; i < count && compared < MOST_COMPARED; i++) {
            int holder = c.holders.at((slot.id + i) % count);
            WorkerSlot other = slot(holder);
            ReadyHeap heap = other.wantingOrNull(c);
            if (holder == slot.id || heap == null || heap.size() == 0 || c.choose(other) >= 0 || heap.first().avoided == slot.id) {
                continue;
            }
            compared++;
            if (longest == null || heap.size() > longest.size()) {
                longest = heap;
            }
        }
        return longest == null ? null : longest.peek();
    }

    private void placeGangs(long now, Sink sink) {
        for (int i = 0; i < active.size(); i++) {
            TaskClass c = classes.get(active.at(i));
            if (!c.spansNodes() || (c.blocked && changed.size() == 0)) {
                continue;
            }
            boolean placed = true;
            while (placed && c.queued > 0) {
                placed = placeGang(c, now, sink);
            }
            if (c.queued == 0) {
                // Removing a class from the set has put the last one in its place.
                i--;
            }
        }
    }

    private boolean placeGang(TaskClass c, long now, Sink sink) {
        Requirement need = c.implementations[0];
        int[] members = new int[need.nodes()];
        int found = 0;
        Schedulable task = c.ready.first();
        boolean canAvoid = isAlive(task.avoided) && capable(c, members.length + 1) > members.length;
        for (int i = 0; i < withRoom.size() && found < members.length; i++) {
            WorkerSlot slot = slot(withRoom.at(i));
            boolean free = slot.reserved == null || slot.reserved == c;
            if (free && slot.hasFree(need) && (slot.id != task.avoided || !canAvoid)) {
                members[found++] = slot.id;
            }
        }
        if (found < members.length) {
            return false;
        }
        unqueue(task, c);
        task.implementation = 0;
        task.placement = Schedulable.RUNNING;
        task.gang = members;
        for (int member : members) {
            take(slot(member), need);
        }
        c.movedAt = now;
        dropReservations(c);
        sink.place(task, members[0], members, false);
        return true;
    }

    private void reserveForPatient(long now) {
        for (int i = 0; i < active.size(); i++) {
            TaskClass c = classes.get(active.at(i));
            if (now - c.movedAt < PATIENCE || c.reservations > 0 || !c.feasible) {
                continue;
            }
            reserve(c);
        }
    }

    private void reserve(TaskClass c) {
        for (int n = c.implementations[0].nodes(); n > 0; n--) {
            WorkerSlot best = null;
            for (int i = 0; i < alive.size(); i++) {
                WorkerSlot slot = slot(alive.at(i));
                if (slot.reserved == null
                        && c.fitsSomewhereOn(slot.capacity)
                        && (best == null || slot.freeCores() > best.freeCores())) {
                    best = slot;
                }
            }
            if (best == null) {
                return;
            }
            best.reserved = c;
            c.reservations++;
        }
    }

    private void dropReservations(TaskClass c) {
        if (c.reservations == 0) {
            return;
        }
        for (int i = 0; i < alive.size(); i++) {
            WorkerSlot slot = slot(alive.at(i));
            if (slot.reserved == c) {
                slot.reserved = null;
                changed.add(slot.id);
            }
        }
        c.reservations = 0;
    }

    private void sendAhead(long now, Sink sink) {
        if (!anyWorthAhead()) {
            return;
        }
        boolean placed = true;
        while (placed && queued > 0) {
            placed = false;
            for (int i = roomAhead.size() - 1; i >= 0 && queued > 0; i--) {
                WorkerSlot slot = slot(roomAhead.at(i));
                if (slot.reserved == null && sendOneAhead(slot, now, sink)) {
                    placed = true;
                } else {
                    roomAhead.remove(slot.id);
                }
            }
        }
    }

    private boolean anyWorthAhead() {
        for (int i = 0; i < active.size(); i++) {
            TaskClass c = classes.get(active.at(i));
            if (!c.spansNodes() && mostAhead(c, 1) > 0) {
                return true;
            }
        }
        return false;
    }

    private static int mostAhead(TaskClass c, int cores) {
        double mean = c.meanRun();
        if (mean >= TOO_LONG_TO_SEND_AHEAD) {
            return 0;
        }
        int perCore = mean == 0 ? 1 : (int) Math.min(MOST_AHEAD_PER_CORE, Math.max(1, AHEAD_NANOS / mean));
        return cores * perCore;
    }

    private boolean sendOneAhead(WorkerSlot slot, long now, Sink sink) {
        Schedulable best = null;
        int implementation = -1;
        for (int i = 0; i < active.size(); i++) {
            TaskClass c = classes.get(active.at(i));
            if (c.spansNodes() || c.reservations > 0 || slot.aheadCount >= mostAhead(c, slot.capacity.cores())) {
                continue;
            }
            int fitting = c.chooseAhead(slot);
            Schedulable head = fitting < 0 ? null : head(slot, c);
            if (head != null && (best == null || head.before(best))) {
                best = head;
                implementation = fitting;
            }
        }
        if (best == null) {
            return false;
        }
        TaskClass c = owner(best);
        unqueue(best, c);
        c.movedAt = now;
        best.implementation = implementation;
        best.placement = Schedulable.AHEAD;
        best.aheadOf = slot.id;
        slot.ahead.addLast(best);
        slot.aheadCount++;
        aheadTotal++;
        sink.place(best, slot.id, null, true);
        return true;
    }

    private void recall(Sink sink) {
        int wanted = 0;
        for (int i = 0; i < changed.size(); i++) {
            WorkerSlot slot = slot(changed.at(i));
            wanted += slot.aheadCount == 0 ? slot.freeCores() : 0;
        }
        for (int i = 0; i < alive.size() && wanted > 0; i++) {
            WorkerSlot slot = slot(alive.at(i));
            if (slot.aheadCount > 0) {
                wanted -= recallFrom(slot, wanted, sink);
            }
        }
    }

    private int recallFrom(WorkerSlot slot, int wanted, Sink sink) {
        int recalled = 0;
        var newestFirst = slot.ahead.descendingIterator();
        while (newestFirst.hasNext() && recalled < wanted) {
            Schedulable task = newestFirst.next();
            boolean here = task.placement == Schedulable.AHEAD && task.aheadOf == slot.id;
            if (here && !task.recalled && task.pinned < 0 && owner(task).meanRun() >= WORTH_A_RECALL) {
                task.recalled = true;
                recalled++;
                sink.recall(task, slot.id);
            }
        }
        return recalled;
    }

    /** Hands every queued task to the caller, in no particular order. */
    public void forEachQueued(TaskClass taskClass, Consumer<Schedulable> action) {
        List<Schedulable> all = new ArrayList<>();
        collect(taskClass.ready, all);
        for (int i = 0; i < alive.size(); i++) {
            WorkerSlot slot = slot(alive.at(i));
            collect(slot.wantingOrNull(taskClass), all);
            collect(slot.boundOrNull(taskClass), all);
        }
        all.forEach(action);
    }

    private static void collect(@Nullable ReadyHeap heap, List<Schedulable> into) {
        if (heap != null) {
            heap.addAllTo(into);
        }
    }

    /** Classes that no worker can run any more and that have tasks queued. */
    public List<TaskClass> stranded() {
        return classes.stream().filter(c -> c.queued > 0 && !c.feasible).toList();
    }

    /** Cores that placed tasks take at the moment, on all workers. */
    public int coresTaken() {
        int taken = 0;
        for (int i = 0; i < alive.size(); i++) {
            WorkerSlot slot = slot(alive.at(i));
            taken += slot.capacity.cores() - slot.freeCores();
        }
        return taken;
    }

    /** Throws if the books do not add up; for tests, O(everything). */
    public void checkInvariants() {
        int counted = 0;
        for (TaskClass c : classes) {
            List<Schedulable> all = new ArrayList<>();
            forEachQueued(c, all::add);
            require(all.size() == c.queued, "class " + c.id + " counts " + c.queued + " and holds " + all.size());
            require(active.contains(c.id) == (c.queued > 0), "class " + c.id + " is in the wrong set");
            counted += c.queued;
        }
        require(counted == queued, "queued is " + queued + " and not " + counted);
        int ahead = 0;
        for (int i = 0; i < alive.size(); i++) {
            WorkerSlot slot = slot(alive.at(i));
            slot.check();
            require(withRoom.contains(slot.id) == (slot.freeCores() > 0), "worker " + slot.id + " and withRoom");
            ahead += slot.aheadCount;
        }
        require(ahead == aheadTotal, "ahead is " + aheadTotal + " and not " + ahead);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }

    private WorkerSlot slot(int id) {
        WorkerSlot slot = workers.get(id);
        if (slot == null) {
            throw new IllegalStateException("worker " + id + " is gone");
        }
        return slot;
    }

    private static TaskClass owner(Schedulable task) {
        TaskClass owner = task.taskClass;
        if (owner == null) {
            throw new IllegalStateException("the task was never offered");
        }
        return owner;
    }
}

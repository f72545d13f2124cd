package io.colla.scheduler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides where and when ready tasks run. Pure: no I/O, no clock, not thread-safe. Every decision is O(log n) in the number of queued tasks.
 *
 * <p>Workers are filled round robin, first from the tasks that want them for their data, then from the class' common queue, then from tasks that wait for a
 * worker without room. When all cores are taken, workers get some short tasks in advance, which are recalled when another worker runs dry. A
 * task that has found no room for long ({@link Patience}) has a worker reserved for it, or claims cores on several ({@link Claims}), so that wide tasks are not starved by
 * narrow ones.
 */
public final class Scheduler {
    /** Full workers whose queues an idle one compares. */
    private static final int MOST_COMPARED = 8;

    /** Receives the decisions. */
    public interface Sink {
        /**
         * @param gang all workers of a task with ranks or on several nodes, the first of which is {@code worker}; else null
         * @param ahead whether the worker is full at the moment
         */
        void place(Schedulable task, int worker, @Nullable Gang gang, boolean ahead);

        /** Asks the worker to give a task back that it was sent in advance. */
        void recall(Schedulable task, int worker);
    }

    private record ClassKey(List<Requirement> implementations, int definition) {}

    private final PlacementPolicy policy;
    private final Map<ClassKey, TaskClass> classByKey = new HashMap<>();
    private final List<TaskClass> classes = new ArrayList<>();
    /** Classes with tasks queued. */
    private final WorkerSet active = new WorkerSet();

    private final Workers workers = new Workers();
    private final Prefetching prefetching = new Prefetching(workers);
    private final Deadlines deadlines = new Deadlines(workers);
    private final Reservations reservations = new Reservations(workers, deadlines);
    private final GangPlacement gangs = new GangPlacement(workers);
    private final Patience patience = new Patience();
    private final Claims claims = new Claims(workers, deadlines);
    /** Not all tasks have the same priority. */
    private boolean prioritised;

    private int queued;
    private int cursor;
    private long sequence;
    private long now;
    private @Nullable Sink sink;

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

    private boolean feasibleNow(TaskClass c) {
        return workers.couldRun(c, -1);
    }

    /** Nodes that may join later: tasks that only they can run wait for them. Replaces what was expected before. */
    public void expect(List<FutureNodes> nodes) {
        workers.future = List.copyOf(nodes);
        classes.forEach(c -> c.feasible = feasibleNow(c));
    }

    public void addWorker(int id, NodeCapacity capacity) {
        addWorker(id, capacity, Long.MAX_VALUE);
    }

    /** @param end when what runs there must be over, on the clock of {@link #dispatch}; {@link Long#MAX_VALUE} for never */
    public void addWorker(int id, NodeCapacity capacity, long end) {
        workers.add(id, capacity).end = end;
        prefetching.look(id);
        classes.forEach(c -> c.feasible = feasibleNow(c));
    }

    /** The worker begins nothing more, except what can run nowhere else; what was sent there in advance comes back. */
    public void drain(int id) {
        if (workers.isAlive(id)) {
            WorkerSlot slot = workers.slot(id);
            slot.leaving = true;
            prefetching.leaves(id);
            if (slot.reserved != null) {
                reservations.drop(slot.reserved);
            }
        }
    }

    /** Whether nothing runs on the worker, or was sent there to run. */
    public boolean isIdle(int id) {
        return workers.isAlive(id) && workers.slot(id).running == 0 && workers.slot(id).aheadCount == 0;
    }

    /** Forgets a worker. Its queued tasks are queued elsewhere; the tasks placed there are the caller's to offer again. */
    public void removeWorker(int id) {
        WorkerSlot slot = workers.slot(id);
        prefetching.removeWorker(slot);
        workers.remove(id);
        if (slot.reserved != null) {
            slot.reserved.reservations--;
        }
        for (TaskClass c : classes) {
            c.holders.remove(id);
            c.feasible = feasibleNow(c);
            if (!c.feasible) {
                claims.close(c);
            }
            c.blocked = false;
            requeue(slot.wantingOrNull(c), c);
            requeue(slot.boundOrNull(c), c);
        }
    }

    private void requeue(@Nullable ReadyHeap from, TaskClass taskClass) {
        while (from != null && from.size() > 0) {
            Schedulable task = from.first();
            from.remove(task);
            enqueue(task, taskClass);
        }
    }

    public boolean knows(int worker) {
        return workers.isAlive(worker);
    }

    /** Whether the worker could run such a task if nothing else ran there. */
    public boolean couldRun(TaskClass taskClass, int worker) {
        return workers.isAlive(worker) && taskClass.fitsSomewhereOn(workers.slot(worker).capacity);
    }

    public int workerCount() {
        return workers.alive.size();
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
        task.paused = false;
        if (taskClass.queued++ == 0) {
            active.add(taskClass.id);
            taskClass.blocked = false;
            taskClass.movedAt = now;
        }
        queued++;
        prioritised |= priority != 0;
        if (taskClass.late.size() > 0) {
            taskClass.blocked = false; // it may be shorter than those
        }
        enqueue(task, taskClass);
    }

    private void enqueue(Schedulable task, TaskClass taskClass) {
        ReadyHeap heap = taskClass.ready;
        if (!taskClass.isGang()) {
            int wanted = wantedBy(task, taskClass);
            if (workers.isAlive(task.pinned)) {
                heap = workers.slot(task.pinned).bound(taskClass);
                workers.changed.add(task.pinned);
            } else if (wanted >= 0) {
                task.preferred = wanted;
                heap = workers.slot(wanted).wanting(taskClass);
                taskClass.holders.add(wanted);
                workers.changed.add(wanted);
            }
        }
        heap.add(task);
    }

    /** The worker that should run it if it has room before others have; -1 for none. */
    private int wantedBy(Schedulable task, TaskClass taskClass) {
        if (workers.isAlive(task.avoided) && workers.alive.size() > 1) {
            return workers.leastLoadedBut(task.avoided, taskClass);
        }
        boolean follows =
                policy.followsData() && workers.isAlive(task.preferred) && !crowded(task.preferred, taskClass);
        return follows ? task.preferred : -1;
    }

    private boolean crowded(int worker, TaskClass taskClass) {
        WorkerSlot slot = workers.slot(worker);
        ReadyHeap heap = slot.wantingOrNull(taskClass);
        return !taskClass.fitsSomewhereOn(slot.capacity)
                || (heap != null && workers.alive.size() > 1 && heap.size() > 4096 + queued / 2);
    }

    /** Takes back a task that was offered and has not been placed. */
    public void withdraw(Schedulable task) {
        unqueue(task, owner(task));
    }

    private void unqueue(Schedulable task, TaskClass taskClass) {
        removeFromHeap(task, taskClass);
        queued--;
        if (--taskClass.queued == 0) {
            active.remove(taskClass.id);
            taskClass.blocked = false;
            reservations.drop(taskClass);
            claims.close(taskClass);
        }
    }

    private void removeFromHeap(Schedulable task, TaskClass taskClass) {
        ReadyHeap heap = task.heap;
        if (heap == null) {
            throw new IllegalStateException("the task is not queued");
        }
        heap.remove(task);
        boolean local = heap != taskClass.ready && heap.size() == 0 && workers.isAlive(task.preferred);
        if (local && heap == workers.slot(task.preferred).wantingOrNull(taskClass)) {
            taskClass.holders.remove(task.preferred);
        }
    }

    /** A placed task has left its workers. */
    public void left(Schedulable task, int worker) {
        TaskClass c = owner(task);
        Requirement need = c.implementations[task.implementation];
        byte was = task.placement;
        task.placement = Schedulable.NOWHERE;
        Gang gang = task.gang;
        task.gang = null;
        if (was == Schedulable.RUNNING && task.paused) {
            takeCoresBack(c, need, worker);
        }
        task.paused = false;
        if (was == Schedulable.RUNNING) {
            c.coresRunning -= gang == null ? c.cores() : gang.cores();
        }
        if (was == Schedulable.AHEAD) {
            prefetching.left(task, worker);
        } else if (gang != null) {
            for (int i = 0; i < gang.size(); i++) {
                freed(gang.workers()[i], gang.needs()[i]);
            }
        } else {
            freed(worker, need);
        }
    }

    /** A placed task waits for others from now on: its cores, not what else it has, are free for them. Not for tasks on several nodes. */
    public void pauses(Schedulable task, int worker) {
        if (task.gang != null || task.paused || task.placement == Schedulable.NOWHERE) {
            return;
        }
        task.paused = true;
        if (task.placement == Schedulable.RUNNING && workers.isAlive(worker)) {
            TaskClass c = owner(task);
            c.coresRunning -= c.cores();
            WorkerSlot slot = workers.slot(worker);
            workers.giveCores(slot, c.implementations[task.implementation].cores());
            prefetching.freed(slot);
        }
    }

    /** It goes on, with cores that the worker has found for it. */
    public void resumes(Schedulable task, int worker) {
        if (!task.paused) {
            return;
        }
        task.paused = false;
        if (task.placement == Schedulable.RUNNING) {
            TaskClass c = owner(task);
            takeCoresBack(c, c.implementations[task.implementation], worker);
        }
    }

    private void takeCoresBack(TaskClass c, Requirement need, int worker) {
        c.coresRunning += c.cores();
        if (workers.isAlive(worker)) {
            workers.giveCores(workers.slot(worker), -need.cores());
        }
    }

    private void freed(int worker, Requirement need) {
        if (workers.isAlive(worker)) {
            WorkerSlot slot = workers.slot(worker);
            workers.give(slot, need);
            prefetching.freed(slot);
        }
    }

    /** Remembers how long a task ran, in nanoseconds. */
    public void ran(Schedulable task, long nanos) {
        TaskClass c = owner(task);
        c.ran(task.implementation, nanos);
        deadlines.ran(task.kind(), nanos);
        if (c.late.size() > 0) {
            c.blocked = false;
        }
    }

    /** Remembers that a task that is placed takes longer than it has had so far. */
    public void brokenOff(Schedulable task, long at) {
        deadlines.ran(task.kind(), at - task.order);
    }

    /** A task has been running on the worker for a while. */
    public void lasts(int worker) {
        prefetching.lasts(worker);
    }

    /** Places what can be placed. */
    public void dispatch(long now, Sink sink) {
        this.now = now;
        this.sink = sink;
        if (queued > 0) {
            patience.look(classes);
            boolean lookForGangs = anyWaiting(c -> c.isGang() && (!c.blocked || workers.changed.size() > 0));
            if (lookForGangs) {
                placeGangs(true);
                claim();
            }
            fillChanged();
            fillAll();
            if (lookForGangs) {
                placeGangs(false);
            }
            if (queued > 0) {
                reservations.reserveForPatient(waiting(), patience, now);
                prefetching.send(this);
            }
        }
        prefetching.recall(classes, sink);
        prefetching.recallFromLeaving(sink);
        workers.changed.clear();
    }

    private List<TaskClass> waiting() {
        List<TaskClass> waiting = new ArrayList<>(active.size());
        for (int i = 0; i < active.size(); i++) {
            waiting.add(classes.get(active.at(i)));
        }
        return waiting;
    }

    /** Whether what becomes free is kept for somebody. */
    boolean isClaimed() {
        return claims.isOpen();
    }

    int classesWaiting() {
        return active.size();
    }

    /** Whether a class with that property has tasks queued. */
    boolean anyWaiting(Predicate<TaskClass> property) {
        for (int i = 0; i < active.size(); i++) {
            if (property.test(classes.get(active.at(i)))) {
                return true;
            }
        }
        return false;
    }

    private void fillChanged() {
        boolean placed = true;
        while (placed && queued > 0) {
            placed = false;
            for (int i = 0; i < workers.changed.size() && queued > 0; i++) {
                WorkerSlot slot = workers.slot(workers.changed.at(i));
                if (slot.freeCores() > 0) {
                    placed |= placeOne(slot, true);
                }
            }
        }
    }

    private void fillAll() {
        int misses = 0;
        WorkerSet withRoom = workers.withRoom;
        while (misses < withRoom.size() && anyWaiting(c -> !c.blocked && !c.isGang())) {
            cursor = cursor >= withRoom.size() ? 0 : cursor;
            WorkerSlot slot = workers.slot(withRoom.at(cursor));
            if (placeOne(slot, false)) {
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

    private boolean placeOne(WorkerSlot slot, boolean blockedToo) {
        Schedulable best = null;
        int implementation = -1;
        for (int i = 0; i < active.size(); i++) {
            TaskClass c = classes.get(active.at(i));
            if (c.isGang() || (c.blocked && !blockedToo)) {
                continue;
            }
            int fitting = c.choose(slot);
            boolean fills = fitting < 0 && slot.claim != null;
            fitting = fills ? c.chooseOfAll(slot) : fitting;
            Schedulable head = fitting < 0 ? null : head(slot, c);
            if (head != null && (best == null || comesBefore(head, best)) && mayUse(head, c, slot, fills)) {
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
        workers.take(slot, c.implementations[implementation]);
        c.coresRunning += c.cores();
        best.placement = Schedulable.RUNNING;
        c.movedAt = now;
        reservations.drop(c);
        place(best, slot.id, null, false);
        return true;
    }

    /** Whether the worker, or what is kept there, is for others only after the task will be over. */
    private boolean mayUse(Schedulable task, TaskClass c, WorkerSlot slot, boolean fills) {
        boolean free = slot.reserved == null || slot.reserved == c;
        return (free || claims.isOverInTime(task, c, slot, patience, now)) && (!fills || claims.isOverInTime(task, c));
    }

    /** The policy's order, except that wider tasks go first while they have less than their share of the cores: narrow ones fill the gaps they leave. */
    private boolean comesBefore(Schedulable task, Schedulable other) {
        TaskClass c = owner(task);
        TaskClass b = owner(other);
        if (policy.followsData() && task.priority == other.priority && c.cores() != b.cores()) {
            if (lags(c.cores() > b.cores() ? c : b)) {
                return c.cores() > b.cores();
            }
        }
        return task.before(other);
    }

    /** Whether the class' part of what runs is less than its part of what waits, in cores. */
    private boolean lags(TaskClass c) {
        long waiting = 0;
        long running = 0;
        for (int i = 0; i < active.size(); i++) {
            TaskClass each = classes.get(active.at(i));
            waiting += each.coresQueued();
            running += each.coresRunning;
        }
        return (double) c.coresRunning * waiting < (double) c.coresQueued() * running || c.coresRunning == 0;
    }

    private void place(Schedulable task, int worker, @Nullable Gang gang, boolean ahead) {
        Sink receiver = sink;
        if (receiver == null) {
            throw new IllegalStateException("nothing is placed between dispatches");
        }
        task.order = now;
        receiver.place(task, worker, gang, ahead);
    }

    /** Sends a full worker one more task in advance: one that wants it, or that wants no other. */
    boolean placeAhead(WorkerSlot slot) {
        Schedulable best = null;
        int implementation = -1;
        for (int i = 0; i < active.size(); i++) {
            TaskClass c = classes.get(active.at(i));
            int fitting = prefetching.accepts(slot, c) ? c.chooseAhead(slot) : -1;
            Schedulable head = fitting < 0 ? null : ownHead(slot, c);
            head = head != null && deadlines.inTimeLater(head, slot, now) ? head : null;
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
        prefetching.join(best, c, slot);
        place(best, slot.id, null, true);
        return true;
    }

    /** The task of a class that this worker should take first: its own, else what waits for full workers. */
    private @Nullable Schedulable head(WorkerSlot slot, TaskClass c) {
        Schedulable best = ownHead(slot, c);
        while (best != null && !deadlines.inTime(best, slot, now)) {
            removeFromHeap(best, c);
            c.late.add(best);
            best = ownHead(slot, c);
        }
        Schedulable late = c.late.peek();
        if (late != null && (best == null || late.before(best)) && deadlines.inTime(late, slot, now)) {
            return late;
        }
        if (best != null) {
            return best;
        }
        best = waitingElsewhere(slot, c);
        return best != null && deadlines.inTime(best, slot, now) ? best : null;
    }

    /** From those bound to it, those that want it, and the common queue; the earlier ones first when they have the same priority. */
    private static @Nullable Schedulable ownHead(WorkerSlot slot, TaskClass c) {
        Schedulable best = c.ready.peek();
        best = earlier(best, slot.boundOrNull(c));
        return earlier(best, slot.wantingOrNull(c));
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
            WorkerSlot other = workers.slot(holder);
            ReadyHeap heap = other.wantingOrNull(c);
            if (holder == slot.id || heap == null || heap.size() == 0 || c.choose(other) >= 0) {
                continue;
            }
            if (heap.first().avoided == slot.id) {
                continue;
            }
            compared++;
            if (longest == null || heap.size() > longest.size()) {
                longest = heap;
            }
        }
        return longest == null ? null : longest.peek();
    }

    /**
     * Places tasks with ranks and on several nodes, those first that wait for longest.
     *
     * @param before whether tasks of one node come afterwards, so that only what comes before them is to be placed
     */
    private void placeGangs(boolean before) {
        List<TaskClass> waiting = waiting();
        waiting.removeIf(c -> !c.isGang());
        boolean placed = true;
        while (placed) {
            placed = false;
            waiting.removeIf(c -> c.queued == 0);
            waiting.sort((a, b) -> ready(a).before(ready(b)) ? -1 : 1);
            boolean lag = !before || gangsLag();
            for (int i = 0; i < waiting.size() && !placed; i++) {
                TaskClass c = waiting.get(i);
                boolean mayGo = claims.isHeldBy(c) || (lag && !(before && isUrgentOther(ready(c).priority)));
                placed = mayGo && placeGang(c);
            }
        }
    }

    private static Schedulable ready(TaskClass c) {
        return c.ready.first();
    }

    /** Whether what runs of tasks of several nodes, or with ranks, is less than their part of what waits, in cores; or others do not wait at all. */
    private boolean gangsLag() {
        long waiting = 0;
        long running = 0;
        long gangsWaiting = 0;
        long gangsRunning = 0;
        for (int i = 0; i < active.size(); i++) {
            TaskClass c = classes.get(active.at(i));
            waiting += c.coresQueued();
            gangsWaiting += c.isGang() ? c.coresQueued() : 0;
        }
        for (TaskClass c : classes) {
            running += c.coresRunning;
            gangsRunning += c.isGang() ? c.coresRunning : 0;
        }
        return gangsRunning == 0
                || gangsWaiting == waiting
                || (double) gangsRunning * waiting < (double) gangsWaiting * running;
    }

    /** Whether a task of one node with a higher priority waits. */
    private boolean isUrgentOther(int priority) {
        return prioritised && anyWaiting(c -> !c.isGang() && highestPriority(c) > priority);
    }

    private int highestPriority(TaskClass c) {
        int highest = Integer.MIN_VALUE;
        Schedulable first = c.first();
        highest = first == null ? highest : first.priority;
        for (int i = 0; i < workers.alive.size(); i++) {
            WorkerSlot slot = workers.slot(workers.alive.at(i));
            highest = Math.max(highest, priorityOf(slot.wantingOrNull(c)));
            highest = Math.max(highest, priorityOf(slot.boundOrNull(c)));
        }
        return highest;
    }

    private static int priorityOf(@Nullable ReadyHeap heap) {
        Schedulable head = heap == null ? null : heap.peek();
        return head == null ? Integer.MIN_VALUE : head.priority;
    }

    /** Keeps what is free for the one that has waited for longest, if that is long. */
    private void claim() {
        if (!claims.isOpen() && anyWaiting(TaskClass::isGang)) {
            boolean lag = gangsLag();
            TaskClass longest = null;
            for (int i = 0; i < active.size(); i++) {
                TaskClass c = classes.get(active.at(i));
                boolean due = c.isGang() && Claims.isDue(c, lag, patience, now);
                if (due && (longest == null || ready(c).before(ready(longest)))) {
                    longest = c;
                }
            }
            if (longest != null && !isUrgentOther(ready(longest).priority)) {
                claims.open(longest, now);
            }
        }
        claims.update(classes, patience, now);
    }

    private boolean placeGang(TaskClass c) {
        Schedulable task = c.ready.first();
        GangPlacement.Found found = gangs.find(c, task, slot -> deadlines.inTime(task, slot, now));
        if (found == null) {
            return false;
        }
        Gang gang = found.gang();
        unqueue(task, c);
        task.implementation = found.implementation();
        task.placement = Schedulable.RUNNING;
        task.gang = gang;
        for (int i = 0; i < gang.size(); i++) {
            workers.take(workers.slot(gang.workers()[i]), gang.needs()[i]);
        }
        c.coresRunning += gang.cores();
        c.movedAt = now;
        claims.close(c);
        place(task, gang.workers()[0], gang, false);
        return true;
    }

    /** Hands every queued task to the caller, in no particular order. */
    public void forEachQueued(TaskClass taskClass, Consumer<Schedulable> action) {
        List<Schedulable> all = new ArrayList<>();
        collect(taskClass.ready, all);
        collect(taskClass.late, all);
        for (int i = 0; i < workers.alive.size(); i++) {
            WorkerSlot slot = workers.slot(workers.alive.at(i));
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

    /** What waits, one entry for each class. */
    public List<Demand> demand(long at) {
        List<Demand> all = new ArrayList<>(active.size());
        for (TaskClass c : waiting()) {
            Schedulable late = c.late.peek();
            all.add(new Demand(
                    c.implementations[0],
                    c.implementations[0].allCores(),
                    c.queued,
                    c.late.size(),
                    (long) c.meanRun(),
                    late == null ? 0 : deadlines.known(late),
                    late == null ? 0 : late.limit(),
                    Math.max(0, at - c.movedAt),
                    isHelped(c, at),
                    isPlaceable(c, at)));
        }
        return all;
    }

    /** For what is not the first of its class, whether any worker that is there takes tasks at all. */
    private boolean isPlaceable(TaskClass c, long at) {
        Schedulable first = c.queued == c.late.size() || c.isGang() ? c.first() : null;
        return workers.couldRun(
                c, slot -> first == null ? slot.takesTasks(at) : deadlines.inTime(first, slot, at), List.of());
    }

    private boolean isHelped(TaskClass c, long at) {
        Schedulable first = c.queued == c.late.size() ? c.first() : null;
        long needed = first == null ? 0 : deadlines.known(first);
        List<FutureNodes> inTime =
                workers.future.stream().filter(nodes -> nodes.lasts() >= needed).toList();
        boolean any = inTime.stream().anyMatch(nodes -> c.fitsSomewhereOn(nodes));
        return any && workers.couldRun(c, slot -> slot.takesTasks(at), inTime);
    }

    /** Cores of workers that still begin tasks. */
    public int coresTaking(long at) {
        int cores = 0;
        for (int i = 0; i < workers.alive.size(); i++) {
            WorkerSlot slot = workers.slot(workers.alive.at(i));
            cores += slot.takesTasks(at) ? slot.capacity.cores() : 0;
        }
        return cores;
    }

    /** Cores that placed tasks take at the moment, on all workers. */
    public int coresTaken() {
        int taken = 0;
        for (int i = 0; i < workers.alive.size(); i++) {
            WorkerSlot slot = workers.slot(workers.alive.at(i));
            taken += slot.capacity.cores() - slot.freeCores();
        }
        return taken;
    }

    /** Throws if the books do not add up; for tests, O(everything). */
    public void checkInvariants() {
        int counted = 0;
        int reserved = 0;
        for (TaskClass c : classes) {
            List<Schedulable> all = new ArrayList<>();
            forEachQueued(c, all::add);
            require(all.size() == c.queued, "class ", c.id, " counts ", c.queued, " and holds ", all.size());
            require(active.contains(c.id) == (c.queued > 0), "class ", c.id, " is in the wrong set");
            counted += c.queued;
            reserved += c.reservations;
        }
        require(counted == queued, "queued is ", queued, " and not ", counted);
        int ahead = 0;
        int free = 0;
        for (int i = 0; i < workers.alive.size(); i++) {
            WorkerSlot slot = workers.slot(workers.alive.at(i));
            slot.check();
            require(workers.withRoom.contains(slot.id) == (slot.freeCores() > 0), "worker ", slot.id, " and withRoom");
            ahead += slot.aheadCount;
            free += slot.freeCores();
            reserved -= slot.reserved == null ? 0 : 1;
        }
        require(ahead == prefetching.total(), "ahead is ", prefetching.total(), " and not ", ahead);
        require(free == workers.freeCores(), "free cores are ", free, " and not ", workers.freeCores());
        require(reserved == 0, "reservations are off by ", reserved);
    }

    private static void require(boolean holds, Object... what) {
        if (!holds) {
            throw new IllegalStateException(
                    Arrays.stream(what).map(String::valueOf).collect(Collectors.joining()));
        }
    }

    private static TaskClass owner(Schedulable task) {
        TaskClass owner = task.taskClass;
        if (owner == null) {
            throw new IllegalStateException("the task was never offered");
        }
        return owner;
    }
}

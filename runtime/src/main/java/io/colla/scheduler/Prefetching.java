package io.colla.scheduler;

/** Sends full workers some short tasks in advance, so that the network's latency is hidden, and calls them back when another worker runs dry. */
final class Prefetching {
    private static final long AHEAD_NANOS = 10_000_000L;
    private static final long TOO_LONG_TO_SEND_AHEAD = 1_000_000_000L;
    private static final int MOST_AHEAD_PER_CORE = 512;
    private static final double WORTH_A_RECALL = 1_000_000;

    private final Workers workers;
    /** Workers that could take more in advance than when they were last looked at. */
    private final WorkerSet withRoom = new WorkerSet();
    /** Workers where a task has been seen to last since one of them ended: what was sent there waits. */
    private final WorkerSet lasting = new WorkerSet();

    /** Workers that are to end: what was sent there is to come back. */
    private final WorkerSet leaving = new WorkerSet();

    private boolean newLasting;
    private int total;
    /** Tasks of several classes wait. */
    private boolean mixed;

    Prefetching(Workers workers) {
        this.workers = workers;
    }

    int total() {
        return total;
    }

    /** The worker may have room for more. */
    void look(int worker) {
        withRoom.add(worker);
    }

    /** A task has been running on the worker for a while. What was sent there goes where there is room, however short such tasks have been so far. */
    void lasts(int worker) {
        if (workers.isAlive(worker)) {
            lasting.add(worker);
            newLasting |= workers.slot(worker).aheadCount > 0;
        }
    }

    /** The worker is to end. */
    void leaves(int worker) {
        leaving.add(worker);
    }

    /** A task has left the worker. */
    void freed(WorkerSlot slot) {
        lasting.remove(slot.id);
        promote(slot);
        look(slot.id);
    }

    void removeWorker(WorkerSlot slot) {
        withRoom.remove(slot.id);
        lasting.remove(slot.id);
        leaving.remove(slot.id);
        for (Schedulable task : slot.ahead) {
            if (isAheadOf(task, slot)) {
                leave(task, slot);
                task.aheadOf = -1;
            }
        }
    }

    /** Sends what is worth it, one task to each worker in turn. */
    void send(Scheduler scheduler) {
        mixed = scheduler.classesWaiting() > 1;
        boolean placed = !scheduler.isClaimed() && scheduler.anyWaiting(c -> mostAhead(c, 1) > 0);
        while (placed) {
            placed = false;
            for (int i = withRoom.size() - 1; i >= 0 && scheduler.queued() > 0; i--) {
                WorkerSlot slot = workers.slot(withRoom.at(i));
                if (slot.reserved == null && scheduler.placeAhead(slot)) {
                    placed = true;
                } else {
                    withRoom.remove(slot.id);
                }
            }
        }
    }

    /** Whether a class' task may be sent to a worker that is full at the moment. */
    boolean accepts(WorkerSlot slot, TaskClass c) {
        return !c.isGang()
                && c.reservations == 0
                && !lasting.contains(slot.id)
                && slot.aheadCount < mostAhead(c, slot.capacity.cores());
    }

    private int mostAhead(TaskClass c, int cores) {
        double mean = c.meanRun();
        // What is sent ahead takes the cores that become free, whatever would fit there better; that is only worth it
        // for short tasks.
        double longest = mixed ? AHEAD_NANOS : TOO_LONG_TO_SEND_AHEAD;
        boolean unknown = mixed && mean == 0;
        if (c.isGang() || mean >= longest || unknown) {
            return 0;
        }
        int perCore = mean == 0 ? 1 : (int) Math.min(MOST_AHEAD_PER_CORE, Math.max(1, AHEAD_NANOS / mean));
        return cores * perCore;
    }

    void join(Schedulable task, TaskClass c, WorkerSlot slot) {
        task.placement = Schedulable.AHEAD;
        task.aheadOf = slot.id;
        slot.ahead.addLast(task);
        slot.aheadCount++;
        total++;
        if (task.pinned < 0) {
            c.recallable++;
        }
    }

    /** The task has left its worker before it counted as running. */
    void left(Schedulable task, int worker) {
        if (workers.isAlive(worker) && task.aheadOf == worker) {
            WorkerSlot slot = workers.slot(worker);
            leave(task, slot);
            withRoom.add(worker);
            workers.changed.add(worker);
        }
        task.aheadOf = -1;
    }

    private void leave(Schedulable task, WorkerSlot slot) {
        slot.aheadCount--;
        total--;
        TaskClass c = task.taskClass;
        if (c != null && task.pinned < 0 && !task.recalled) {
            c.recallable--;
        }
    }

    /** Counts tasks that were sent in advance as running, as far as there is room now. */
    private void promote(WorkerSlot slot) {
        for (Schedulable next = slot.ahead.peekFirst(); next != null; next = slot.ahead.peekFirst()) {
            TaskClass c = next.taskClass;
            if (isAheadOf(next, slot) && c != null) {
                Requirement need = c.implementations[next.implementation];
                if (!slot.hasFree(need)) {
                    return;
                }
                leave(next, slot);
                next.aheadOf = -1;
                next.placement = Schedulable.RUNNING;
                workers.take(slot, need);
                if (next.paused) {
                    workers.giveCores(slot, need.cores());
                } else {
                    c.coresRunning += c.cores();
                }
            }
            slot.ahead.pollFirst();
        }
    }

    private static boolean isAheadOf(Schedulable task, WorkerSlot slot) {
        return task.placement == Schedulable.AHEAD && task.aheadOf == slot.id;
    }

    /** Calls back what workers that have just run dry could take; when a task has just been seen to last, what any idle worker could. */
    void recall(Iterable<TaskClass> classes, Scheduler.Sink sink) {
        WorkerSet takers = newLasting ? workers.withRoom : workers.changed;
        newLasting = false;
        if (total == 0 || workers.alive.size() < 2) {
            return;
        }
        int wanted = 0;
        for (int i = 0; i < takers.size(); i++) {
            WorkerSlot slot = workers.slot(takers.at(i));
            wanted += slot.aheadCount == 0 ? Math.max(0, slot.freeCores()) : 0;
        }
        if (wanted == 0 || (lasting.size() == 0 && !anyWorthARecall(classes))) {
            return;
        }
        for (int i = 0; i < workers.alive.size() && wanted > 0; i++) {
            WorkerSlot slot = workers.slot(workers.alive.at(i));
            if (slot.aheadCount > 0) {
                wanted -= recallFrom(slot, wanted, sink);
            }
        }
    }

    /** Calls everything back from workers that are to end. */
    void recallFromLeaving(Scheduler.Sink sink) {
        for (int i = 0; i < leaving.size(); i++) {
            WorkerSlot slot = workers.slot(leaving.at(i));
            for (Schedulable task : slot.ahead) {
                TaskClass c = task.taskClass;
                if (c != null && isAheadOf(task, slot) && !task.recalled && task.pinned < 0) {
                    task.recalled = true;
                    c.recallable--;
                    sink.recall(task, slot.id);
                }
            }
        }
    }

    private static boolean anyWorthARecall(Iterable<TaskClass> classes) {
        for (TaskClass c : classes) {
            if (c.recallable > 0 && c.meanRun() >= WORTH_A_RECALL) {
                return true;
            }
        }
        return false;
    }

    private int recallFrom(WorkerSlot slot, int wanted, Scheduler.Sink sink) {
        int recalled = 0;
        var newestFirst = slot.ahead.descendingIterator();
        while (newestFirst.hasNext() && recalled < wanted) {
            Schedulable task = newestFirst.next();
            TaskClass c = task.taskClass;
            boolean worth = c != null && (lasting.contains(slot.id) || c.meanRun() >= WORTH_A_RECALL);
            if (c == null || task.pinned >= 0 || !worth) {
                continue;
            }
            if (isAheadOf(task, slot) && !task.recalled) {
                task.recalled = true;
                c.recallable--;
                recalled++;
                sink.recall(task, slot.id);
            }
        }
        return recalled;
    }
}

package io.colla.scheduler;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a task with ranks, or on several nodes, needs that has waited for long: what is free is kept for it, and what becomes free, up to what it needs and no more.
 * For one class at a time, so that no two keep from each other what both need. What is kept and waits for the rest is for tasks that will be over by then.
 */
final class Claims {
    /** By so many times a class waits longer while gangs have their share. */
    private static final int WITH_THEIR_SHARE = 5;

    /** By so much a task may last longer than usual and still be over in time. */
    private static final double RESERVE = 1.2;

    private final Workers workers;
    private final Deadlines deadlines;
    private @Nullable TaskClass holder;
    private Requirement need = Requirement.ONE_CORE;
    /** Where it has to be on particular workers: these, and how much of each. */
    private int[] chosen = {};

    private Requirement[] shares = {};
    private long openedAt;
    /** Nanoseconds until all is there, as far as can be told. */
    private double rest;

    Claims(Workers workers, Deadlines deadlines) {
        this.workers = workers;
        this.deadlines = deadlines;
    }

    boolean isOpen() {
        return holder != null;
    }

    boolean isHeldBy(TaskClass c) {
        return holder == c;
    }

    /** Whether the class has waited for long enough. */
    static boolean isDue(TaskClass c, boolean gangsLag, Patience patience, long now) {
        long waited = now - c.movedAt;
        boolean starved = c.coresRunning == 0 && waited >= WITH_THEIR_SHARE * patience.nanos();
        return c.feasible && waited >= patience.nanos() && (gangsLag || starved);
    }

    void open(TaskClass c, long now) {
        holder = c;
        openedAt = now;
        chosen = new int[0];
        for (int implementation : c.byTime()) {
            need = c.implementations[implementation];
            if (workers.couldRun(need, slot -> isOpenTo(c, slot, now))) {
                return;
            }
        }
        holder = null;
    }

    private boolean isOpenTo(TaskClass c, WorkerSlot slot, long now) {
        Schedulable first = c.first();
        return slot.reserved == null && (first == null || deadlines.inTime(first, slot, now));
    }

    /** One of its tasks has found its place, or none is left, or the class cannot run any more. */
    void close(TaskClass c) {
        if (holder == c) {
            holder = null;
            for (int i = 0; i < workers.alive.size(); i++) {
                claim(workers.slot(workers.alive.at(i)), null);
            }
        }
    }

    private void claim(WorkerSlot slot, @Nullable Requirement amount) {
        if (slot.claim != null && !slot.claim.equals(amount)) {
            workers.changed.add(slot.id);
        }
        slot.claim = amount;
        slot.claimant = amount == null ? null : holder;
    }

    /** Looks again at what is free. */
    void update(Iterable<TaskClass> classes, Patience patience, long now) {
        TaskClass c = holder;
        if (c == null) {
            return;
        }
        if (isFree(need)) {
            claimAnywhere(c, classes, now);
        } else if (areThere(chosen) || choose(c, now)) {
            for (int i = 0; i < chosen.length; i++) {
                claim(workers.slot(chosen[i]), shares[i]);
            }
            rest = openedAt + patience.longest() - now;
        } else {
            close(c);
        }
    }

    /** Whether any cores will do. */
    private static boolean isFree(Requirement need) {
        Requirement.Ranks ranks = need.ranks();
        return ranks != null && ranks.perNode() == 0 && !ranks.wholeNodes();
    }

    private void claimAnywhere(TaskClass c, Iterable<TaskClass> classes, long now) {
        int left = need.ranks() == null ? 0 : need.ranks().count();
        for (int worker : byRoom(c, now)) {
            WorkerSlot slot = workers.slot(worker);
            int share = Math.min(left, slot.roomFor(need));
            left -= share;
            claim(slot, share == 0 ? null : need.onNode(share, slot.capacity));
        }
        double rate = 0;
        for (TaskClass each : classes) {
            rate += each.coresRunning == 0 || each.meanRun() == 0 ? 0 : each.coresRunning / each.meanRun();
        }
        rest = rate == 0 ? 0 : left * need.cores() / rate;
    }

    /** All workers, those first that have most room; those that may not be used have none. */
    private int[] byRoom(TaskClass c, long now) {
        long[] keys = new long[workers.alive.size()];
        for (int i = 0; i < keys.length; i++) {
            WorkerSlot slot = workers.slot(workers.alive.at(i));
            int room = isOpenTo(c, slot, now) ? slot.roomFor(need) : 0;
            keys[i] = (long) (Integer.MAX_VALUE - room) << 32 | slot.id;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }

    private boolean areThere(int[] members) {
        for (int member : members) {
            if (!workers.isAlive(member)) {
                return false;
            }
        }
        return members.length > 0;
    }

    /** The workers where the least has to end for it. */
    private boolean choose(TaskClass c, long now) {
        Requirement.Ranks ranks = need.ranks();
        boolean whole = ranks != null && ranks.wholeNodes();
        int count = ranks == null ? need.nodes() : ranks.count();
        int perNode = ranks == null ? 1 : ranks.perNode() == 0 ? count : ranks.perNode();
        int[] members = new int[workers.alive.size()];
        Requirement[] amounts = new Requirement[members.length];
        int next = 0;
        for (int worker : byWhatIsToEnd(perNode, whole)) {
            WorkerSlot slot = workers.slot(worker);
            int most = Math.min(need.ranks() == null ? 1 : need.timesOn(slot.capacity), Math.min(perNode, count));
            boolean enough =
                    whole && ranks != null && ranks.perNode() == 0 ? most > 0 : most == Math.min(perNode, count);
            if (count > 0 && enough && fits(slot) && isOpenTo(c, slot, now)) {
                members[next] = worker;
                amounts[next++] = need.onNode(most, slot.capacity);
                count -= most;
            }
        }
        chosen = Arrays.copyOf(members, next);
        shares = Arrays.copyOf(amounts, next);
        return count == 0;
    }

    private boolean fits(WorkerSlot slot) {
        return need.fits(slot.capacity);
    }

    private int[] byWhatIsToEnd(int perNode, boolean whole) {
        long[] keys = new long[workers.alive.size()];
        for (int i = 0; i < keys.length; i++) {
            WorkerSlot slot = workers.slot(workers.alive.at(i));
            long wanted = whole ? slot.capacity.cores() : (long) Math.min(perNode, 1 << 20) * need.cores();
            long busy = Math.max(0, Math.min(wanted, slot.capacity.cores()) - slot.freeCores());
            keys[i] = busy << 32 | slot.id;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }

    /** Whether a task that begins now on what is kept will be over when it is needed. */
    boolean isOverInTime(Schedulable task, TaskClass c) {
        return isOver(task, c, rest);
    }

    /** The same for a worker that is reserved for a task of one node. */
    boolean isOverInTime(Schedulable task, TaskClass c, WorkerSlot reserved, Patience patience, long now) {
        return isOver(task, c, reserved.reservedAt + patience.longest() - now);
    }

    private boolean isOver(Schedulable task, TaskClass c, double time) {
        double usual = Math.max(deadlines.known(task), c.meanRun());
        return usual > 0 && usual * RESERVE <= time;
    }
}

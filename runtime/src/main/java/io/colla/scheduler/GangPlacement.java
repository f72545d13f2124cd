package io.colla.scheduler;

import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds the workers where a task with ranks, or on several nodes, could begin at once. Changes nothing. */
final class GangPlacement {
    /** A place for a task: what it takes of which workers, by one of its implementations. */
    record Found(int implementation, Gang gang) {}

    private final Workers workers;

    GangPlacement(Workers workers) {
        this.workers = workers;
    }

    /** By the fastest implementation for which there is room on workers of these; null if there is none. */
    @Nullable
    Found find(TaskClass c, Schedulable task, Predicate<WorkerSlot> among) {
        int avoided = workers.isAlive(task.avoided) && workers.couldRun(c, task.avoided) ? task.avoided : -1;
        for (int implementation : c.byTime()) {
            Requirement need = c.implementations[implementation];
            if (need.allCores() > workers.freeCores()) {
                continue;
            }
            int[] candidates = candidates(c, avoided, among);
            int[] room = new int[candidates.length];
            for (int i = 0; i < room.length; i++) {
                room[i] = workers.slot(candidates[i]).roomFor(need, c);
            }
            Gang gang = need.ranks() == null
                    ? ofNodes(need, candidates, room, task.preferred)
                    : ofRanks(need, need.ranks(), candidates, room, task.preferred);
            if (gang != null) {
                return new Found(implementation, gang);
            }
        }
        return null;
    }

    /** Those with a free core that no other class has reserved. In the order of their numbers, so that what is alike is found in the order of the allocation. */
    private int[] candidates(TaskClass c, int avoided, Predicate<WorkerSlot> among) {
        int[] found = new int[workers.withRoom.size()];
        int count = 0;
        for (int i = 0; i < found.length; i++) {
            WorkerSlot slot = workers.slot(workers.withRoom.at(i));
            if ((slot.reserved == null || slot.reserved == c) && slot.id != avoided && among.test(slot)) {
                found[count++] = slot.id;
            }
        }
        int[] candidates = Arrays.copyOf(found, count);
        Arrays.sort(candidates);
        return candidates;
    }

    private @Nullable Gang ofNodes(Requirement need, int[] candidates, int[] room, int preferred) {
        int[] members = new int[need.nodes()];
        int count = 0;
        for (int i = 0; i < candidates.length && count < members.length; i++) {
            if (room[i] > 0) {
                members[count++] = candidates[i];
            }
        }
        if (count < members.length) {
            return null;
        }
        putFirst(members, new int[members.length], preferred);
        Requirement[] needs = new Requirement[members.length];
        Arrays.setAll(needs, i -> need.onNode(1, workers.slot(members[i]).capacity));
        return new Gang(members, new int[0], needs);
    }

    private @Nullable Gang ofRanks(
            Requirement need, Requirement.Ranks ranks, int[] candidates, int[] room, int preferred) {
        int[] given = RankFill.distribute(ranks, room);
        if (given == null) {
            return null;
        }
        int size = (int) Arrays.stream(given).filter(count -> count > 0).count();
        int[] members = new int[size];
        int[] counts = new int[size];
        int next = 0;
        for (int i = 0; i < given.length; i++) {
            if (given[i] > 0) {
                members[next] = candidates[i];
                counts[next++] = given[i];
            }
        }
        putFirst(members, counts, preferred);
        Requirement[] needs = new Requirement[size];
        Arrays.setAll(needs, i -> need.onNode(counts[i], workers.slot(members[i]).capacity));
        return new Gang(members, counts, needs);
    }

    /** The worker that has most of the task's data runs it, if it is one of them; the order of the others stays. */
    private static void putFirst(int[] members, int[] counts, int preferred) {
        for (int i = 1; i < members.length; i++) {
            if (members[i] == preferred) {
                int count = counts[i];
                System.arraycopy(members, 0, members, 1, i);
                System.arraycopy(counts, 0, counts, 1, i);
                members[0] = preferred;
                counts[0] = count;
            }
        }
    }
}

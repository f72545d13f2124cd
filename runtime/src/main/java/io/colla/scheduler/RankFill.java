package io.colla.scheduler;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** How many ranks of a task go to each of some nodes. Pure. */
final class RankFill {
    private RankFill() {}

    /**
     * @param room how many ranks each node could take
     * @return ranks for each node; null if there is too little room
     */
    static int @Nullable [] distribute(Requirement.Ranks ranks, int[] room) {
        long all = 0;
        for (int each : room) {
            all += each;
        }
        if (all < ranks.count()) {
            return null;
        }
        int[] given = new int[room.length];
        boolean done = ranks.perNode() > 0
                ? perNode(ranks, room, given)
                : ranks.spread() ? spread(ranks.count(), room, given) : pack(ranks.count(), room, given);
        return done ? given : null;
    }

    /** The nodes' indices: those with the least room first, or the most; those with the same in the order of their indices. */
    private static int[] byRoom(int[] room, boolean leastFirst) {
        long[] keys = new long[room.length];
        for (int i = 0; i < room.length; i++) {
            long key = leastFirst ? room[i] : Integer.MAX_VALUE - room[i];
            keys[i] = key << 32 | i;
        }
        Arrays.sort(keys);
        int[] order = new int[room.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = (int) keys[i];
        }
        return order;
    }

    /** So many on each node, and the rest on one more. Packed: on those that it fits best, so that the roomy ones stay so for wider tasks. */
    private static boolean perNode(Requirement.Ranks ranks, int[] room, int[] given) {
        int left = ranks.count();
        int[] order = byRoom(room, !ranks.spread());
        for (int node : order) {
            if (left >= ranks.perNode() && room[node] >= ranks.perNode()) {
                given[node] = ranks.perNode();
                left -= ranks.perNode();
            }
        }
        if (left >= ranks.perNode()) {
            return false;
        }
        for (int node : order) {
            if (left > 0 && given[node] == 0 && room[node] >= left) {
                given[node] = left;
                left = 0;
            }
        }
        return left == 0;
    }

    /** On as few nodes as can be; the last of them is the one that it fits best. */
    private static boolean pack(int count, int[] room, int[] given) {
        int left = count;
        int[] order = byRoom(room, false);
        for (int i = 0; left > 0; i++) {
            int node = room[order[i]] < left ? order[i] : bestFit(left, room, order, i);
            given[node] = Math.min(left, room[node]);
            left -= given[node];
        }
        return true;
    }

    /** The first of those with the least room that is enough. */
    private static int bestFit(int count, int[] room, int[] order, int from) {
        int best = from;
        for (int i = from; i < order.length && room[order[i]] >= count; i++) {
            best = room[order[i]] < room[order[best]] ? i : best;
        }
        return order[best];
    }

    /** On as many nodes as can be, as evenly as there is room. */
    private static boolean spread(int count, int[] room, int[] given) {
        int[] order = byRoom(room, false);
        int left = count;
        while (left > 0) {
            for (int i = 0; i < order.length && left > 0; i++) {
                int node = order[i];
                if (given[node] < room[node]) {
                    given[node]++;
                    left--;
                }
            }
        }
        return true;
    }
}

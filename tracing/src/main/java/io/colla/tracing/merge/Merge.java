package io.colla.tracing.merge;

import io.colla.tracing.paraver.PrvWriter;
import java.io.IOException;
import java.util.List;

/**
 * Writes the records of all sources in the order of time, then of kind, then of the sources. A tournament in which each inner node keeps who lost there, so that a record costs one comparison
 * for each level.
 */
final class Merge {
    /** No record: later than all. */
    private static final long OVER = Long.MAX_VALUE;

    private final Source[] sources;
    private final long[] keys;
    /** From 1: who lost at a node, whose children are 2n and 2n+1; the sources follow the inner nodes. */
    private final int[] losers;

    private Merge(List<Source> all) {
        sources = all.toArray(new Source[0]);
        keys = new long[sources.length];
        losers = new int[Math.max(1, sources.length)];
    }

    static void write(List<Source> sources, PrvWriter out) throws IOException {
        if (!sources.isEmpty()) {
            new Merge(sources).write(out);
        }
    }

    private void write(PrvWriter out) throws IOException {
        for (int i = 0; i < sources.length; i++) {
            advance(i);
        }
        int first = play(1);
        while (keys[first] != OVER) {
            sources[first].write(out);
            advance(first);
            first = replay(first);
        }
    }

    private void advance(int source) throws IOException {
        keys[source] = sources[source].next() ? sources[source].key() : OVER;
    }

    /** Plays all matches at and below a node, and says who won. */
    private int play(int node) {
        if (node >= sources.length) {
            return node - sources.length;
        }
        int left = play(2 * node);
        int right = play(2 * node + 1);
        boolean leftWins = wins(left, right);
        losers[node] = leftWins ? right : left;
        return leftWins ? left : right;
    }

    private int replay(int changed) {
        int winner = changed;
        for (int node = (changed + sources.length) / 2; node > 0; node /= 2) {
            int other = losers[node];
            if (wins(other, winner)) {
                losers[node] = winner;
                winner = other;
            }
        }
        return winner;
    }

    private boolean wins(int one, int other) {
        return keys[one] < keys[other] || (keys[one] == keys[other] && one < other);
    }
}

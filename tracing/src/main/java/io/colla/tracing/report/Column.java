package io.colla.tracing.report;

import java.util.Arrays;

/** A column of numbers, kept in pieces: growing never needs twice the memory, and what is far from all others costs one piece. Not thread-safe. */
final class Column {
    /** Pieces of 128 kB: the garbage collector of a small heap would give a larger one a whole region, half of it empty. */
    private static final int BITS = 14;

    private static final int PIECE = 1 << BITS;
    private static final int MASK = PIECE - 1;

    private static final long[] NO_LONGS = {};
    private static final int[] NO_INTS = {};

    private final boolean wide;
    private long[][] longs = {};
    private int[][] ints = {};

    private Column(boolean wide) {
        this.wide = wide;
    }

    /** Of numbers of eight bytes. */
    static Column ofLongs() {
        return new Column(true);
    }

    /** Of numbers of four bytes. */
    static Column ofInts() {
        return new Column(false);
    }

    /** 0 where nothing was set. */
    long get(int index) {
        int piece = index >> BITS;
        if (wide) {
            return piece < longs.length && longs[piece].length > 0 ? longs[piece][index & MASK] : 0;
        }
        return piece < ints.length && ints[piece].length > 0 ? ints[piece][index & MASK] : 0;
    }

    int getInt(int index) {
        return (int) get(index);
    }

    void set(int index, long value) {
        int piece = index >> BITS;
        if (wide) {
            if (piece >= longs.length) {
                int before = longs.length;
                longs = Arrays.copyOf(longs, Math.max(piece + 1, before * 2));
                Arrays.fill(longs, before, longs.length, NO_LONGS);
            }
            if (longs[piece].length == 0) {
                longs[piece] = new long[PIECE];
            }
            longs[piece][index & MASK] = value;
        } else {
            if (piece >= ints.length) {
                int before = ints.length;
                ints = Arrays.copyOf(ints, Math.max(piece + 1, before * 2));
                Arrays.fill(ints, before, ints.length, NO_INTS);
            }
            if (ints[piece].length == 0) {
                ints[piece] = new int[PIECE];
            }
            ints[piece][index & MASK] = (int) value;
        }
    }
}

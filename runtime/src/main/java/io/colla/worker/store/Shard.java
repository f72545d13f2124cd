package io.colla.worker.store;

import io.colla.api.CollaException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of the store's contents: a hash table, and lists of those that may be spilled. Every method is called with
 * this object's monitor held.
 */
final class Shard {
    private static final long LONGEST_WAIT_MILLIS = 600_000;
    private static final long EPOCH = System.nanoTime();

    private final int shift;
    private Entry[] table = new Entry[16];
    private int count;
    private int waiting;
    /** Those whose objects are in the heap. */
    final Recency inHeap = new Recency();
    /** Those whose objects are in shared memory. */
    final Recency inShared = new Recency();

    /** @param shift how many of a number's low bits are the same for all contents of this shard. */
    Shard(int shift) {
        this.shift = shift;
    }

    int count() {
        return count;
    }

    /** Milliseconds of the stores' clock, for {@link Entry#used}. */
    static int now() {
        return (int) ((System.nanoTime() - EPOCH) / 1_000_000);
    }

    /** Which of the shards has, in the given list, what was not used for the longest time; null if all these lists are empty. Takes each monitor. */
    static @Nullable Shard ofOldest(Shard[] shards, Function<Shard, Recency> list) {
        Shard best = null;
        int bestUsed = 0;
        for (Shard shard : shards) {
            synchronized (shard) {
                Entry oldest = list.apply(shard).oldest();
                if (oldest != null && (best == null || oldest.used - bestUsed < 0)) {
                    best = shard;
                    bestUsed = oldest.used;
                }
            }
        }
        return best;
    }

    @Nullable
    Entry get(int content) {
        for (Entry entry = table[slot(content)]; entry != null; entry = entry.next) {
            if (entry.content == content) {
                return entry;
            }
        }
        return null;
    }

    /** Adds an entry whose content is not there. */
    void add(Entry entry) {
        if (count >= table.length) {
            grow();
        }
        int slot = slot(entry.content);
        entry.next = table[slot];
        table[slot] = entry;
        count++;
    }

    /** Removes an entry that is there, from the list too. */
    @SuppressWarnings("NullAway") // the entry is in its chain
    void remove(Entry entry) {
        unlist(entry);
        int slot = slot(entry.content);
        if (table[slot] == entry) {
            table[slot] = entry.next;
        } else {
            Entry before = table[slot];
            while (before.next != entry) {
                before = before.next;
            }
            before.next = entry.next;
        }
        entry.next = null;
        count--;
    }

    void unlist(Entry entry) {
        if (entry.list != null) {
            entry.list.remove(entry);
        }
    }

    /** What may be spilled, from the least to the most recently used. An entry is in one such list at most. */
    static final class Recency {
        private @Nullable Entry oldest;
        private @Nullable Entry newest;

        @Nullable
        Entry oldest() {
            return oldest;
        }

        /** Makes it the most recently used. */
        void add(Entry entry) {
            if (newest == entry) {
                return;
            }
            if (entry.list != null) {
                entry.list.remove(entry);
            }
            entry.older = newest;
            if (newest == null) {
                oldest = entry;
            } else {
                newest.newer = entry;
            }
            newest = entry;
            entry.list = this;
        }

        private void remove(Entry entry) {
            if (entry.older == null) {
                oldest = entry.newer;
            } else {
                entry.older.newer = entry.newer;
            }
            if (entry.newer == null) {
                newest = entry.older;
            } else {
                entry.newer.older = entry.older;
            }
            entry.older = null;
            entry.newer = null;
            entry.list = null;
        }
    }

    /** The entry once nobody is busy with it; null if it is not, or no longer, there. */
    @Nullable
    Entry awaitIdle(int content) {
        long deadline = System.nanoTime() + LONGEST_WAIT_MILLIS * 1_000_000;
        Entry entry = get(content);
        while (entry != null && entry.busy) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new CollaException("content " + content + " was still being moved between memory and disk after "
                        + LONGEST_WAIT_MILLIS / 1000 + " s; is the scratch disk stuck?");
            }
            waiting++;
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CollaException("interrupted while waiting for content " + content, e);
            } finally {
                waiting--;
            }
            entry = get(content);
        }
        return entry;
    }

    void idle(Entry entry) {
        entry.busy = false;
        if (waiting > 0) {
            notifyAll();
        }
    }

    private int slot(int content) {
        return (content >>> shift) & (table.length - 1);
    }

    private void grow() {
        Entry[] small = table;
        table = new Entry[small.length * 2];
        for (Entry head : small) {
            Entry entry = head;
            while (entry != null) {
                Entry following = entry.next;
                int slot = slot(entry.content);
                entry.next = table[slot];
                table[slot] = entry;
                entry = following;
            }
        }
    }
}

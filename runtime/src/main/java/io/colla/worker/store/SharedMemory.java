package io.colla.worker.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a store's {@link Blob.Mapped} objects: in shared memory as long as its budget allows, else on disk, where they can be mapped just as well. Those not used for the longest
 * time are moved there. Thread-safe.
 */
final class SharedMemory {
    private static final Logger LOG = LoggerFactory.getLogger(SharedMemory.class);
    private static final String FOLDER = "shared";

    private final ScratchFolder scratch;
    private final Disk disk;
    private final Shard[] shards;
    private final long most;
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong used = new AtomicLong();
    private final LongAdder spills = new LongAdder();
    private final Object spilling = new Object();
    private volatile @Nullable SharedFolders folders;
    private volatile long budget;
    /** Moving is tried above this only: it rises over the budget when nothing could be moved. */
    private volatile long threshold;
    /** Whether the disk took nothing when it was tried last. */
    private volatile boolean refused;

    /** @param most bytes that the objects in shared memory may take; half of what is free there at most */
    SharedMemory(ScratchFolder scratch, Disk disk, Shard[] shards, long most) {
        this.scratch = scratch;
        this.disk = disk;
        this.shards = shards;
        this.most = most;
    }

    /** Made when they are asked for first. */
    SharedFolders folders() {
        SharedFolders made = folders;
        return made != null ? made : make();
    }

    private synchronized SharedFolders make() {
        SharedFolders made = folders;
        if (made != null) {
            return made;
        }
        try {
            Path onDisk = Files.createDirectories(scratch.path().resolve(FOLDER));
            Path inMemory = most > 0 ? scratch.inMemory() : null;
            long free = inMemory == null ? 0 : Files.getFileStore(inMemory).getUsableSpace();
            budget = Math.min(most, free / 2);
            threshold = budget;
            made = new SharedFolders(inMemory == null ? onDisk : inMemory, onDisk);
            folders = made;
            return made;
        } catch (IOException e) {
            throw disk.failure("the folder for shared objects", e);
        }
    }

    /** Bytes of the objects that are in shared memory. */
    long used() {
        return used.get();
    }

    long spills() {
        return spills.sum();
    }

    boolean isInMemory(Blob.Mapped mapped) {
        SharedFolders made = folders;
        return made != null
                && !made.memory().equals(made.disk())
                && made.memory().equals(mapped.file().getParent());
    }

    void account(Blob.@Nullable Mapped mapped, int sign) {
        if (mapped != null && isInMemory(mapped)) {
            used.addAndGet(sign * mapped.length());
        }
    }

    /** A name for a new object of so many bytes: in memory if they fit there. May move others to disk. */
    Path newFile(long length) {
        SharedFolders places = folders();
        if (used.get() + length > budget && length <= budget / 2) {
            relieve(budget - length);
        }
        return newFile(used.get() + length <= budget ? places.memory() : places.disk());
    }

    Path newFileOnDisk() {
        return newFile(folders().disk());
    }

    private Path newFile(Path folder) {
        return folder.resolve("store-" + numbers.incrementAndGet());
    }

    /** Notes a use. With the shard's monitor held. */
    void touch(Shard shard, Entry entry) {
        Blob.Mapped mapped = entry.mapped();
        if (mapped == null || !isInMemory(mapped)) {
            return;
        }
        entry.used = Shard.now();
        if (entry.pins == 0 && !entry.stuck && !entry.busy) {
            shard.inShared.add(entry);
            if (!refused && threshold != budget) {
                threshold = budget;
            }
        }
    }

    void relieveIfNeeded() {
        if (used.get() > threshold) {
            relieve(budget);
        }
    }

    /** Moves to disk until no more than the target is in memory, or nothing is left that can be moved. */
    private void relieve(long target) {
        synchronized (spilling) {
            while (used.get() > target) {
                Shard shard = Shard.ofOldest(shards, each -> each.inShared);
                if (shard == null || !moveOldest(shard)) {
                    threshold = Math.max(budget, used.get()) + budget / 32;
                    return;
                }
            }
        }
    }

    /** False when the disk takes no more. */
    private boolean moveOldest(Shard shard) {
        Entry entry;
        Blob.Mapped old;
        synchronized (shard) {
            entry = shard.inShared.oldest();
            if (entry == null) {
                return true;
            }
            shard.unlist(entry);
            old = entry.mapped();
            if (old == null) {
                return true;
            }
            entry.busy = true;
            entry.pinnedMeanwhile = false;
        }
        Blob.Mapped moved = null;
        try {
            Path target = newFileOnDisk();
            try {
                disk.copy(old.file(), target);
                moved = new Blob.Mapped(target, old.length());
                refused = false;
            } finally {
                if (moved == null) {
                    disk.remove(target);
                }
            }
        } catch (IOException e) {
            refused = true;
            LOG.warn(
                    "{}",
                    disk.failure("an object that must leave shared memory", e).getMessage());
        } finally {
            settle(shard, entry, old, moved);
        }
        return moved != null;
    }

    private void settle(Shard shard, Entry entry, Blob.Mapped old, Blob.@Nullable Mapped moved) {
        Path useless = moved == null ? null : moved.file();
        synchronized (shard) {
            if (!entry.gone) {
                shard.idle(entry);
                if (moved != null && entry.pins == 0 && !entry.pinnedMeanwhile) {
                    entry.value = moved;
                    account(old, -1);
                    spills.increment();
                    useless = old.file();
                } else {
                    touch(shard, entry);
                }
            }
        }
        if (useless != null) {
            disk.remove(useless);
        }
    }
}

package io.colla.worker.store;

import io.colla.api.CollaException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a store's memory within its budget: counts it, spills what was not used for the longest time, and loads it again. Thread-safe. */
final class MemoryKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryKeeper.class);

    private final ValueCodec codec;
    private final Disk disk;
    private final Shard[] shards;
    private final long budget;
    private final long smallest;
    /** Above this, and with a disk that takes nothing more, nothing more is taken in. */
    private final long limit;

    private final AtomicLong memory = new AtomicLong();
    private final LongAdder spills = new LongAdder();
    private final LongAdder loads = new LongAdder();
    private final SharedMemory shared;
    private final Object spilling = new Object();

    /** Spilling is tried above this only: it rises over the budget when nothing could be spilled. */
    private volatile long threshold;

    private volatile @Nullable CollaException refusal;

    MemoryKeeper(ValueCodec codec, Disk disk, StoreSettings settings, Shard[] shards, SharedMemory shared) {
        this.codec = codec;
        this.disk = disk;
        this.shards = shards;
        this.shared = shared;
        budget = settings.memory();
        smallest = settings.smallestSpilled();
        limit = budget + budget / 4;
        threshold = budget;
    }

    long memory() {
        return memory.get();
    }

    long spills() {
        return spills.sum();
    }

    long loads() {
        return loads.sum();
    }

    void add(long bytes) {
        memory.addAndGet(bytes);
    }

    /** Accounts bytes that come, or refuses them when the disk is full and memory far over its budget. */
    void admit(long bytes) {
        long now = memory.addAndGet(bytes);
        CollaException refused = refusal;
        if (refused == null || now <= limit) {
            return;
        }
        threshold = budget;
        relieveIfNeeded();
        refused = refusal;
        if (refused != null && memory.get() > limit) {
            memory.addAndGet(-bytes);
            String message = String.valueOf(refused.getMessage());
            throw refused instanceof StoreFullException
                    ? new StoreFullException(message, refused)
                    : new CollaException(message, refused);
        }
    }

    /** Notes a use. With the shard's monitor held. */
    void touch(Shard shard, Entry entry) {
        if (entry.size < smallest || !entry.inMemory()) {
            return;
        }
        if (entry.mapped() != null) {
            shared.touch(shard, entry);
            return;
        }
        entry.used = Shard.now();
        if (entry.pins == 0 && !entry.stuck && !entry.busy) {
            shard.inHeap.add(entry);
            if (threshold != budget && refusal == null) {
                threshold = budget;
            }
        }
    }

    void relieveIfNeeded() {
        if (memory.get() > threshold) {
            relieve(budget);
        }
    }

    /** Spills until memory is down to the target, or nothing is left that can be spilled. */
    private void relieve(long target) {
        synchronized (spilling) {
            while (memory.get() > target) {
                Shard shard = Shard.ofOldest(shards, each -> each.inHeap);
                if (shard == null || !spillOldest(shard)) {
                    threshold = Math.max(budget, memory.get()) + budget / 32;
                    return;
                }
            }
        }
    }

    /** False when the disk takes no more. */
    private boolean spillOldest(Shard shard) {
        Entry entry;
        Object value;
        Entry.Form form;
        int content;
        synchronized (shard) {
            entry = shard.inHeap.oldest();
            if (entry == null) {
                return true;
            }
            shard.unlist(entry);
            if (entry.disk != null) {
                forget(entry);
                return true;
            }
            entry.busy = true;
            entry.pinnedMeanwhile = false;
            value = entry.value;
            form = entry.form;
            content = entry.content;
        }
        DiskFile file = null;
        boolean stuck = false;
        try {
            file = write(content, form, value);
            refusal = null;
        } catch (IOException e) {
            CollaException failure = disk.failure("an object that must leave memory", e);
            if (refusal == null) {
                LOG.warn("{}", failure.getMessage());
            }
            refusal = failure;
        } catch (OutOfMemoryError e) {
            LOG.warn("no memory left to write content {} to disk", content);
        } catch (RuntimeException e) {
            // It cannot be serialized, or a task changes it right now. It stays in memory.
            stuck = true;
        } finally {
            settle(shard, entry, file, stuck);
        }
        return file != null || stuck;
    }

    /** Replaces the object in memory by its form on disk. With the shard's monitor held. */
    private void forget(Entry entry) {
        add(-entry.size);
        entry.value = null;
        entry.form = Entry.Form.SPILLED;
        spills.increment();
    }

    private void settle(Shard shard, Entry entry, @Nullable DiskFile file, boolean stuck) {
        DiskFile useless = file;
        synchronized (shard) {
            if (!entry.gone) {
                shard.idle(entry);
                if (file != null && entry.pins == 0 && !entry.pinnedMeanwhile) {
                    entry.disk = file;
                    forget(entry);
                    useless = null;
                } else {
                    entry.stuck = stuck && !entry.pinnedMeanwhile;
                    touch(shard, entry);
                }
            }
        }
        disk.discard(useless, null);
    }

    private DiskFile write(int content, Entry.Form form, @Nullable Object value) throws IOException {
        Path path = disk.spillFile(content);
        boolean done = false;
        try (CountingStream target = new CountingStream(disk.create(path))) {
            if (form == Entry.Form.SERIALIZED && value instanceof byte[] bytes) {
                target.write(bytes, 0, bytes.length);
            } else {
                codec.write(value, target);
            }
            DiskFile file = new DiskFile(path, target.count, true);
            disk.account(file);
            done = true;
            return file;
        } finally {
            if (!done) {
                disk.remove(path);
            }
        }
    }

    /** Makes an object of a serialized or spilled content, which the caller has marked busy. */
    @Nullable
    Object load(Shard shard, Entry entry) {
        Entry.Form form;
        Object serialized;
        DiskFile file;
        long expected;
        synchronized (shard) {
            form = entry.form;
            serialized = entry.value;
            file = entry.disk;
            expected = form == Entry.Form.SPILLED ? entry.size : 0;
        }
        // Room is made before the object is.
        add(expected);
        Object object = null;
        boolean done = false;
        try {
            relieveIfNeeded();
            object = form == Entry.Form.SERIALIZED && serialized instanceof byte[] bytes
                    ? decode(entry, bytes.length, () -> codec.fromBytes(bytes))
                    : decode(entry, expected, () -> read(file));
            done = true;
        } finally {
            add(-expected);
            install(shard, entry, object, done);
        }
        relieveIfNeeded();
        return object;
    }

    private void install(Shard shard, Entry entry, @Nullable Object object, boolean done) {
        DiskFile outdated = null;
        long size = codec.sizeOf(object);
        synchronized (shard) {
            if (entry.gone) {
                return;
            }
            shard.idle(entry);
            if (done) {
                long before = entry.held();
                // Serialized forms tell the size of what the estimate could not see.
                entry.size = Math.max(size, entry.size);
                entry.value = object;
                entry.form = Entry.Form.LIVE;
                add(entry.held() - before);
                loads.increment();
                if (entry.changeable) {
                    outdated = entry.disk;
                    entry.disk = null;
                }
            }
            touch(shard, entry);
        }
        disk.discard(outdated, null);
    }

    private interface Decoding {
        @Nullable
        Object run() throws IOException;
    }

    private @Nullable Object decode(Entry entry, long bytes, Decoding decoding) {
        try {
            try {
                return decoding.run();
            } catch (OutOfMemoryError first) {
                relieve(0);
                return decoding.run();
            }
        } catch (OutOfMemoryError e) {
            Runtime runtime = Runtime.getRuntime();
            throw new HeapFullException(
                    "content " + entry.content + " (about " + mebibytes(bytes) + ") does not fit into the heap: "
                            + mebibytes(runtime.totalMemory() - runtime.freeMemory()) + " of "
                            + mebibytes(runtime.maxMemory()) + " are in use; give the worker more memory",
                    e);
        } catch (FileNotFoundException e) {
            if (entry.gone) {
                throw new MissingContentException(entry.content);
            }
            throw disk.unreadable(entry.content, entry.disk, e);
        } catch (IOException e) {
            throw disk.unreadable(entry.content, entry.disk, e);
        }
    }

    private @Nullable Object read(@Nullable DiskFile file) throws IOException {
        if (file == null) {
            throw new IllegalStateException("an object on disk without a file");
        }
        try (InputStream source = disk.read(file)) {
            return codec.read(source, file.length());
        }
    }

    private static String mebibytes(long bytes) {
        return (bytes + (1 << 20) - 1 >> 20) + " MiB";
    }

    private static final class CountingStream extends OutputStream {
        private final OutputStream target;
        private long count;

        CountingStream(OutputStream target) {
            this.target = target;
        }

        @Override
        public void write(int value) throws IOException {
            target.write(value);
            count++;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            target.write(bytes, from, length);
            count += length;
        }

        @Override
        public void close() throws IOException {
            target.close();
        }
    }
}

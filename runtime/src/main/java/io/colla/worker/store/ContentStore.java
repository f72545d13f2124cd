package io.colla.worker.store;

import io.colla.transport.Contents;
import io.colla.transport.Incoming;
import io.colla.transport.Outgoing;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The contents that one process holds: objects in memory, serialized or on disk, and files. A content's number is never reused.
 *
 * <p>Objects over the memory budget go to disk, those not used for the longest time first, and come back when they are used. What a running task uses must be
 * pinned: a pinned content stays in memory, and is the same object for all who ask for it.
 *
 * <p>What the callers guarantee: nobody changes an object or file while somebody may read it, that is, send, copy or spill it. An object is
 * changed only while it is pinned, and only as the output that {@link #rename} or {@link #share} made it, or was {@linkplain #put put} as.
 *
 * <p>Thread-safe. Methods that may need the disk say so; they must not be called on a thread that may not block. The others take well under a microsecond.
 * Messages of thrown {@link io.colla.api.CollaException}s are meant for users.
 */
public final class ContentStore implements Contents, AutoCloseable {
    private final ValueCodec codec;
    private final ScratchFolder scratch;
    private final StoreSettings settings;
    private final Disk disk;
    private final Shard[] shards;
    private final SharedMemory shared;
    private final MemoryKeeper keeper;
    /** Contents whose folder exists but that were not put yet. */
    private final Set<Integer> unfinished = ConcurrentHashMap.newKeySet();
    /** Mapped files that were replaced while somebody had pinned the content; removed when nobody has. */
    private final Map<Integer, List<Path>> outdated = new ConcurrentHashMap<>();

    /** @param scratch closed with the store */
    public ContentStore(ValueCodec codec, ScratchFolder scratch, StoreSettings settings) {
        this(codec, scratch, settings, new Disk(scratch.path()));
    }

    ContentStore(ValueCodec codec, ScratchFolder scratch, StoreSettings settings, Disk disk) {
        this.codec = codec;
        this.scratch = scratch;
        this.settings = settings;
        this.disk = disk;
        int wanted = Math.max(16, Math.min(256, 4 * Runtime.getRuntime().availableProcessors()));
        int shift = 32 - Integer.numberOfLeadingZeros(wanted - 1);
        shards = new Shard[1 << shift];
        for (int i = 0; i < shards.length; i++) {
            shards[i] = new Shard(shift);
        }
        shared = new SharedMemory(scratch, disk, shards, settings.shared());
        keeper = new MemoryKeeper(codec, disk, settings, shards, shared);
    }

    private Shard shard(int content) {
        return shards[content & (shards.length - 1)];
    }

    ValueCodec codec() {
        return codec;
    }

    Disk disk() {
        return disk;
    }

    SharedMemory shared() {
        return shared;
    }

    /**
     * Where other processes of this node put objects that this store is to hold as {@link Blob.Mapped}. Uses the disk the first time.
     *
     * @throws CollaException if the folders cannot be made
     */
    public SharedFolders sharedFolders() {
        return shared.folders();
    }

    /**
     * Holds an object, in place of what the content may have been before; pins stay. May write others to disk. The file of a {@link Blob.Mapped} is this store's from now on, even if this
     * throws.
     *
     * @throws StoreFullException if memory is far over the budget and nothing can be written to disk; the content is not held then
     */
    public void put(int content, @Nullable Object live) {
        Entry entry = new Entry(content, Entry.Form.LIVE);
        entry.value = live;
        entry.size = codec.sizeOf(live);
        boolean held = false;
        try {
            admit(entry);
            held = true;
        } finally {
            if (!held) {
                discard(live);
            }
        }
        if (live instanceof Blob.Mapped) {
            shared.relieveIfNeeded();
        }
    }

    /** Removes the file of an object that was made to be {@linkplain #put put} and is not needed; does nothing for other objects. Uses the disk. */
    public void discard(@Nullable Object unwanted) {
        if (unwanted instanceof Blob.Mapped mapped) {
            disk.remove(mapped.file());
        }
    }

    /** Holds an object by its serialized form, which becomes an object on first use. May write others to disk. */
    public void putSerialized(int content, byte[] bytes) {
        Entry entry = new Entry(content, Entry.Form.SERIALIZED);
        entry.value = bytes;
        entry.size = codec.sizeOf(bytes);
        admit(entry);
    }

    /**
     * Holds a file, whose length is read from the disk.
     *
     * @param owned whether the file is removed with the content; its folder too if {@link #newFile} made it
     * @throws IOException if there is no such file
     */
    public void putFile(int content, Path path, boolean owned) throws IOException {
        insertFile(content, Entry.Form.FILE, new DiskFile(path, Trees.size(path), owned));
    }

    /** Holds a file, or a serialized object on disk. */
    void insertFile(int content, Entry.Form form, DiskFile file) {
        Entry entry = new Entry(content, form);
        entry.disk = file;
        entry.size = file.length();
        disk.account(file);
        unfinished.remove(content);
        insert(entry);
    }

    private void admit(Entry entry) {
        keeper.admit(entry.held());
        insertAccounted(entry);
        keeper.relieveIfNeeded();
    }

    private void insert(Entry entry) {
        keeper.add(entry.held());
        insertAccounted(entry);
    }

    private void insertAccounted(Entry entry) {
        Shard shard = shard(entry.content);
        Entry old;
        boolean later = false;
        synchronized (shard) {
            old = shard.get(entry.content);
            if (old != null) {
                later = old.pins > 0 && keepUntilUnpinned(old, entry);
                entry.pins += old.pins;
                entry.changeable |= old.changeable;
                retire(shard, old);
            }
            shard.add(entry);
            shared.account(entry.mapped(), 1);
            keeper.touch(shard, entry);
        }
        if (old != null) {
            disk.discard(old.disk, entry.disk);
            Blob.Mapped mapped = old.mapped();
            if (mapped != null && !later && !isSameFile(mapped, entry.mapped())) {
                disk.remove(mapped.file());
            }
        }
    }

    private static boolean isSameFile(Blob.Mapped one, Blob.@Nullable Mapped other) {
        return other != null && one.file().equals(other.file());
    }

    /** Whether the file of the old object is kept for those who may be about to map it. With the shard's monitor held. */
    private boolean keepUntilUnpinned(Entry old, Entry replacing) {
        Blob.Mapped mapped = old.mapped();
        if (mapped == null || isSameFile(mapped, replacing.mapped())) {
            return false;
        }
        outdated.computeIfAbsent(old.content, content -> new ArrayList<>(1)).add(mapped.file());
        return true;
    }

    /** Takes an entry out; its files are for the caller to remove. */
    private void retire(Shard shard, Entry entry) {
        shard.remove(entry);
        entry.gone = true;
        keeper.add(-entry.held());
        shared.account(entry.mapped(), -1);
        shard.idle(entry);
    }

    /**
     * Where a task should write the file that will be a content of this store; its folder is made. To be followed by {@link #putFile}, or by
     * {@link #drop} when there will be no such file. Uses the disk.
     *
     * @throws IOException if the folder cannot be made, or the name cannot be a file's
     */
    public Path newFile(int content, String name) throws IOException {
        unfinished.add(content);
        return disk.dataFile(content, name);
    }

    /** Removes the folder that {@link #newFile} made, when there will be no file. */
    void abandonFile(int content) {
        if (unfinished.remove(content)) {
            disk.removeData(content);
        }
    }

    /** Whether the content is held. */
    public boolean has(int content) {
        Shard shard = shard(content);
        synchronized (shard) {
            Entry entry = shard.get(content);
            return entry != null && entry.form != Entry.Form.MAKING;
        }
    }

    /** Whether {@link #value} would have the object of this content without using the disk. */
    public boolean isInMemory(int content) {
        Shard shard = shard(content);
        synchronized (shard) {
            Entry entry = shard.get(content);
            return entry != null
                    && !entry.busy
                    && (entry.form == Entry.Form.LIVE
                            || (entry.form == Entry.Form.SERIALIZED && entry.value instanceof byte[]));
        }
    }

    /** Bytes of the object in memory, as well as they are known, or of the file; -1 when the content is not held. */
    public long size(int content) {
        Shard shard = shard(content);
        synchronized (shard) {
            Entry entry = shard.get(content);
            return entry == null || entry.form == Entry.Form.MAKING ? -1 : entry.size;
        }
    }

    /**
     * The object itself. Deserialized once for all who ask; may use the disk. Pin first what must stay the same object.
     *
     * @throws MissingContentException if it is not held
     * @throws HeapFullException if it does not fit into the heap
     */
    public @Nullable Object value(int content) {
        Shard shard = shard(content);
        Entry entry;
        synchronized (shard) {
            entry = object(shard.get(content), content);
            if (entry.form != Entry.Form.LIVE) {
                entry = object(shard.awaitIdle(content), content);
            }
            if (entry.form == Entry.Form.LIVE) {
                keeper.touch(shard, entry);
                return entry.value;
            }
            entry.busy = true;
            shard.unlist(entry);
        }
        return keeper.load(shard, entry);
    }

    /**
     * An object equal to the content's that the caller may change and that the store does not account; the object itself when it can never change. May use the disk.
     *
     * @throws MissingContentException if it is not held
     */
    public @Nullable Object copyOf(int content) {
        Shard shard = shard(content);
        byte[] serialized = null;
        synchronized (shard) {
            Entry entry = object(shard.get(content), content);
            if (entry.form == Entry.Form.SERIALIZED && entry.value instanceof byte[] bytes) {
                keeper.touch(shard, entry);
                serialized = bytes;
            }
        }
        if (serialized != null) {
            return codec.fromBytes(serialized);
        }
        Object live = value(content);
        return live == null ? null : codec.copy(live);
    }

    private static Entry object(@Nullable Entry entry, int content) {
        if (entry == null) {
            throw new MissingContentException(content);
        }
        if (entry.form == Entry.Form.FILE) {
            throw new IllegalStateException("content " + content + " is a file");
        }
        return entry;
    }

    /**
     * Where the file is.
     *
     * @throws MissingContentException if the content is not held
     */
    public Path file(int content) {
        Shard shard = shard(content);
        synchronized (shard) {
            Entry entry = shard.get(content);
            if (entry == null) {
                throw new MissingContentException(content);
            }
            if (entry.form != Entry.Form.FILE || entry.disk == null) {
                throw new IllegalStateException("content " + content + " is not a file");
            }
            return entry.disk.path();
        }
    }

    /** Keeps the content where it is until {@link #unpin}; counted. False if it is not held. */
    public boolean pin(int content) {
        Shard shard = shard(content);
        synchronized (shard) {
            Entry entry = shard.get(content);
            if (entry == null || entry.form == Entry.Form.MAKING) {
                return false;
            }
            entry.pins++;
            entry.pinnedMeanwhile = true;
            shard.unlist(entry);
            return true;
        }
    }

    /** Ends one {@link #pin}. A content that is gone has no pins. May write others to disk. */
    public void unpin(int content) {
        Shard shard = shard(content);
        List<Path> files = null;
        synchronized (shard) {
            Entry entry = shard.get(content);
            if (entry == null || entry.pins == 0) {
                return;
            }
            if (--entry.pins == 0 && !outdated.isEmpty()) {
                files = outdated.remove(content);
            }
            keeper.touch(shard, entry);
        }
        if (files != null) {
            files.forEach(disk::remove);
        }
        keeper.relieveIfNeeded();
        shared.relieveIfNeeded();
    }

    /**
     * Makes the object or file of one content that of another, which may be changed from then on: the first content is gone; its pins belong to the
     * other. A file in this store's own folder moves to the folder of the new number and keeps its name; one elsewhere stays where it is. Uses the disk
     * for files.
     *
     * @throws MissingContentException if the first is not held
     */
    public void rename(int from, int to) throws IOException {
        if (from == to) {
            return;
        }
        Shard shard = shard(from);
        Entry entry;
        synchronized (shard) {
            entry = shard.awaitIdle(from);
            if (entry == null) {
                throw new MissingContentException(from);
            }
            shard.remove(entry);
            shared.account(entry.mapped(), -1);
            entry.changeable = true;
        }
        List<Path> files = outdated.isEmpty() ? null : outdated.remove(from);
        if (files != null) {
            outdated.merge(to, files, (present, added) -> {
                present.addAll(added);
                return present;
            });
        }
        int number = from;
        try {
            if (entry.form == Entry.Form.FILE && entry.disk != null) {
                entry.disk = disk.rename(entry.disk, from, to);
            } else if (entry.form == Entry.Form.LIVE) {
                disk.discard(entry.disk, null);
                entry.disk = null;
            }
            number = to;
        } finally {
            entry.content = number;
            insertAccounted(entry);
        }
    }

    /**
     * The object that several tasks change at the same time, pinned for the caller. The first one makes it, from a copy of another content; the others wait for that.
     *
     * @param from the content to copy; when negative or not held, {@code initial} gives the object
     */
    public @Nullable Object share(int from, int to, Supplier<? extends @Nullable Object> initial) {
        Shard shard = shard(to);
        Entry made;
        synchronized (shard) {
            Entry entry = shard.awaitIdle(to);
            if (entry != null) {
                object(entry, to);
                entry.pins++;
                entry.changeable = true;
                shard.unlist(entry);
                made = null;
            } else {
                made = new Entry(to, Entry.Form.MAKING);
                made.busy = true;
                made.changeable = true;
                made.pins = 1;
                keeper.add(made.held());
                shard.add(made);
            }
        }
        if (made != null) {
            return make(shard, made, from, initial);
        }
        boolean done = false;
        try {
            Object object = value(to);
            done = true;
            return object;
        } finally {
            if (!done) {
                unpin(to);
            }
        }
    }

    private @Nullable Object make(Shard shard, Entry made, int from, Supplier<? extends @Nullable Object> initial) {
        boolean done = false;
        try {
            Object object = from >= 0 && has(from) ? copyOf(from) : initial.get();
            long size = codec.sizeOf(object);
            keeper.admit(size);
            synchronized (shard) {
                if (made.gone) {
                    keeper.add(-size);
                    throw new MissingContentException(made.content);
                }
                made.value = object;
                made.form = Entry.Form.LIVE;
                made.size = size;
                shard.idle(made);
            }
            done = true;
            keeper.relieveIfNeeded();
            return object;
        } finally {
            if (!done) {
                synchronized (shard) {
                    if (!made.gone) {
                        retire(shard, made);
                    }
                }
            }
        }
    }

    /**
     * A copy of a content's file in the store's own folder for another content, to be changed and then {@linkplain #putFile put}. Uses the disk.
     *
     * @throws StoreFullException if there is no room for it
     */
    public Path copyFile(int from, int to, String name) throws IOException {
        Path source = file(from);
        Path target = newFile(to, name);
        try {
            disk.copy(source, target);
            return target;
        } catch (IOException e) {
            disk.remove(target);
            throw disk.failure("a copy of the file " + source, e);
        }
    }

    /** Forgets the content and removes what the store owns of it, if it is there. Uses the disk for files and spilled objects. */
    public void drop(int content) {
        Shard shard = shard(content);
        Entry entry;
        List<Path> files = null;
        synchronized (shard) {
            entry = shard.get(content);
            if (entry != null) {
                retire(shard, entry);
                files = outdated.isEmpty() ? null : outdated.remove(content);
            }
        }
        if (entry != null) {
            disk.discard(entry.disk, null);
            discard(entry.value);
        }
        if (files != null) {
            files.forEach(disk::remove);
        }
        if (!unfinished.isEmpty()) {
            abandonFile(content);
        }
    }

    /**
     * {@inheritDoc} What is sent stays whole when the content is dropped meanwhile: an open file outlives its name. May use the disk.
     *
     * @throws UnserializableException if it is a small object that cannot be serialized; a large one throws from {@link Outgoing#writeTo}
     */
    @Override
    public @Nullable Outgoing open(int content) {
        Shard shard = shard(content);
        while (true) {
            Entry entry;
            Entry.Form form;
            Object value;
            DiskFile file;
            long size;
            synchronized (shard) {
                entry = shard.get(content);
                if (entry == null || entry.form == Entry.Form.MAKING) {
                    return null;
                }
                keeper.touch(shard, entry);
                form = entry.form;
                value = entry.value;
                file = entry.disk;
                size = entry.size;
            }
            if (form == Entry.Form.SERIALIZED && value instanceof byte[] bytes) {
                return new Sending.OfBytes(bytes);
            }
            if ((form == Entry.Form.LIVE || file == null) && !(value instanceof Blob.Mapped)) {
                return Sending.ofObject(codec, value, size);
            }
            try {
                return value instanceof Blob.Mapped mapped
                        ? Sending.OfMapped.open(mapped)
                        : Sending.OfFile.open(Objects.requireNonNull(file).path(), form == Entry.Form.FILE);
            } catch (NoSuchFileException e) {
                if (isStill(shard, entry, value, file)) {
                    throw disk.unreadable(content, file, e);
                }
            } catch (IOException e) {
                throw disk.unreadable(content, file, e);
            }
        }
    }

    private static boolean isStill(Shard shard, Entry entry, @Nullable Object value, @Nullable DiskFile file) {
        synchronized (shard) {
            return !entry.gone && entry.value == value && entry.disk == file;
        }
    }

    /**
     * Takes a content from elsewhere, which is held once it is complete. Objects that are large, or of unknown length and become so, go straight to disk, large {@link Blob}s to
     * where they can be mapped; files go to this store's own folder. That only one fetch of a content goes on at a time is for the callers to see to. What cannot be written is reported
     * as an {@link IOException} whose cause is the {@link StoreFullException}, if that is why.
     */
    public Incoming receive(int content) {
        return new Reception(this, content, settings.direct());
    }

    /** Counts all contents; takes each shard's lock. */
    public StoreStatistics statistics() {
        long contents = 0;
        for (Shard shard : shards) {
            synchronized (shard) {
                contents += shard.count();
            }
        }
        return new StoreStatistics(
                contents,
                keeper.memory(),
                shared.used(),
                disk.bytes(),
                keeper.spills() + shared.spills(),
                keeper.loads());
    }

    /** The folder of this process alone in which the store's files are. */
    public ScratchFolder scratch() {
        return scratch;
    }

    /** Removes the scratch folder and all in it. Nothing may be used afterwards. */
    @Override
    public void close() {
        scratch.close();
    }
}

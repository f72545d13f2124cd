package io.colla.worker.store;

import org.jspecify.annotations.Nullable;

/** One content. All fields are guarded by the monitor of the shard that has it. Kept small: there are millions. */
final class Entry {
    /** How a content is held. */
    enum Form {
        /** Being made by {@link ContentStore#share}; nobody sees it yet. */
        MAKING,
        /** the value is the object, or a {@link Blob.Mapped} that says where it is. */
        LIVE,
        /** the value is its serialized form, a byte array. */
        SERIALIZED,
        /** the disk has its serialized form. */
        SPILLED,
        /** the disk has the file. */
        FILE
    }

    /** Bytes of an entry and its place in the table. */
    static final int OVERHEAD = 80;

    int content;
    Form form;

    @Nullable
    Object value;
    /** The file; or the serialized form of an object as long as the object is not changed. */
    @Nullable
    DiskFile disk;
    /** Bytes of the object in memory, or of its file. */
    long size;

    int pins;
    /** Somebody loads, spills or makes it; told by the shard's monitor when done. */
    boolean busy;
    /** No longer in the store. */
    boolean gone;
    /** May be changed where it is, so that a serialized form is out of date after use. */
    boolean changeable;
    /** Was pinned since somebody became busy with it. */
    boolean pinnedMeanwhile;
    /** Cannot be serialized. */
    boolean stuck;
    /** Which list of what may be spilled it is in. */
    Shard.@Nullable Recency list;
    /** When it was last used, in milliseconds of the store's clock, which may wrap around. */
    int used;

    @Nullable
    Entry next;

    @Nullable
    Entry older;

    @Nullable
    Entry newer;

    Entry(int content, Form form) {
        this.content = content;
        this.form = form;
    }

    boolean inMemory() {
        return form == Form.LIVE || form == Form.SERIALIZED;
    }

    /** The object if it is one in a file that others map; else null. */
    Blob.@Nullable Mapped mapped() {
        return value instanceof Blob.Mapped mapped ? mapped : null;
    }

    /** Bytes of the heap that it is accounted with. */
    long held() {
        return OVERHEAD + (inMemory() && mapped() == null ? size : 0);
    }
}

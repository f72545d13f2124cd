package io.colla.worker.store;

import org.jspecify.annotations.Nullable;

/** One content. All fields are guarded by the monitor of the shard that has it. Kept small: there are millions. */
final class Entry {
    /** How a content is held. */
    enum Form {
        /** Being made by {@link ContentStore#share}; nobody sees it yet. */
        MAKING,
        /** the value is the object. */
        LIVE,
        /** the value is its serialized form, a byte array. */
        SERIALIZED,
        /** the disk has its serialized form. */
        SPILLED,
        /** the disk has the file. */
        FILE
    }

    /** Bytes of an entry and its place in the table. */
    static final int OVERHEAD = 72;

    int content;
    Form form;

    @Nullable
    Object value;
    /** The file; or the serialized form of an object as long as the object is not changed. */
    @Nullable
    DiskFile disk;
    /** Bytes of the object in memory, or of the file. */
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
    /** In the list of what may be spilled. */
    boolean listed;
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

    /** Bytes of memory that it is accounted with. */
    long held() {
        return OVERHEAD + (inMemory() ? size : 0);
    }
}

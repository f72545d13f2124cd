package io.colla.master;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A content that a {@link ForeignSession} has waited for, and that exists until it is released. Used by one thread at a time. */
public final class HeldContent {
    private final Master master;
    private final int wait;
    private final int content;
    private final @Nullable FileDatum file;
    private boolean pinned;

    HeldContent(Master master, int wait, int content, @Nullable FileDatum file) {
        this.master = master;
        this.wait = wait;
        this.content = content;
        this.file = file;
    }

    int number() {
        return wait;
    }

    /** Whether {@link #value} needs no disk. */
    public boolean isInMemory() {
        return file != null || master.store().isInMemory(content);
    }

    /**
     * The object, not to be changed, or a file's {@link Path}. May use the disk.
     *
     * @throws io.colla.api.CollaException if it cannot be read
     */
    public @Nullable Object value() {
        return file != null
                ? master.fileData().path(file, content)
                : master.store().value(content);
    }

    /** The path of a file; null for an object. */
    public @Nullable Path path() {
        return file == null ? null : master.fileData().path(file, content);
    }

    /** Lets the object stay where it is, and be the same one, until it is released. */
    public void pin() {
        if (file == null && !pinned) {
            pinned = master.store().pin(content);
        }
    }

    void unpin() {
        if (pinned) {
            pinned = false;
            master.store().unpin(content);
        }
    }
}

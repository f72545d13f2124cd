package io.colla.master;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A content that a {@link ForeignSession} has waited for, and that stays as it is and where it is until it is released. Thread-safe. */
public final class HeldContent {
    final int wait;
    private final Master master;
    private final int content;
    private final @Nullable FileDatum file;
    private final boolean pinned;

    HeldContent(Master master, int wait, int content, @Nullable FileDatum file) {
        this.master = master;
        this.wait = wait;
        this.content = content;
        this.file = file;
        this.pinned = file == null && master.store().pin(content);
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

    void unpin() {
        if (pinned) {
            master.store().unpin(content);
        }
    }
}

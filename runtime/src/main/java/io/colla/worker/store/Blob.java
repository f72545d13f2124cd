package io.colla.worker.store;

import java.nio.file.Path;
import java.util.Arrays;

/**
 * A serialized object of another language, opaque here. It never changes, so that it is shared and never copied, though the task that uses it up may change a mapped one's file and hand it back under
 * the same path.
 */
public sealed interface Blob {
    /** From this many bytes on, what arrives from another process goes to a file at once. */
    int LARGEST_INLINE = 32 << 10;

    /** Bytes of the object. */
    long length();

    /** A small one. The array must not be changed. */
    @SuppressWarnings("ArrayRecordComponent") // compared by content below
    record Inline(byte[] bytes) implements Blob {
        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Inline inline && Arrays.equals(bytes, inline.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return bytes.length + " bytes";
        }
    }

    /**
     * One in a file of {@link SharedFolders}, to be mapped. Put into a store, the file is the store's, which removes it with the content and may move it while the content is not pinned.
     *
     * @param file absolute
     */
    record Mapped(Path file, long length) implements Blob {}
}

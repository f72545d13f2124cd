package io.colla.worker.store;

import io.colla.api.CollaException;
import io.colla.transport.Incoming;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A content on its way in: in memory while it is small, else in a file. One thread. */
final class Reception implements Incoming {
    /** Ends the name of a folder, which no file's name can contain. */
    static final String FOLDER_MARK = "/";

    private static final String ARCHIVE = ".tree";

    private final ContentStore store;
    private final int content;
    private final long direct;
    private @Nullable Target target;

    Reception(ContentStore store, int content, long direct) {
        this.store = store;
        this.content = content;
        this.direct = direct;
    }

    @Override
    public WritableByteChannel begin(boolean file, String name, long length) throws IOException {
        abort();
        Target begun = new Target(file, length);
        target = begun;
        if (file) {
            begun.toFile(name.endsWith(FOLDER_MARK) ? archive(begun, name) : store.newFile(content, name));
        } else if (length >= 0 && length <= ValueCodec.BLOB_HEADER + Blob.LARGEST_INLINE) {
            begun.toMemory(length);
        }
        return begun;
    }

    /** A folder comes as one file first. */
    private Path archive(Target begun, String name) throws IOException {
        Path folder = store.newFile(content, name.substring(0, name.length() - FOLDER_MARK.length()));
        begun.folder = folder;
        return folder.resolveSibling(ARCHIVE + folder.getFileName());
    }

    @Override
    public void complete() throws IOException {
        Target done = target;
        if (done == null) {
            throw new IllegalStateException("nothing has been received");
        }
        if (done.length >= 0 && done.count != done.length) {
            throw new EOFException(done.count + " of " + done.length + " bytes of content " + content + " have come");
        }
        done.settle();
        done.requireWholeBlob();
        done.close();
        target = null;
        byte[] memory = done.memory;
        if (done.blob >= 0 && done.path != null) {
            store.put(content, new Blob.Mapped(done.path, done.blob));
        } else if (memory != null) {
            store.putSerialized(
                    content, memory.length == done.count ? memory : Arrays.copyOf(memory, (int) done.count));
        } else if (done.folder != null && done.path != null) {
            TreeArchive.unpack(done.path, done.folder);
            store.disk().remove(done.path);
            store.putFile(content, done.folder, true);
        } else if (done.path != null) {
            store.insertFile(
                    content,
                    done.file ? Entry.Form.FILE : Entry.Form.SPILLED,
                    new DiskFile(done.path, done.count, true));
        }
    }

    @Override
    public void abort() {
        Target given = target;
        target = null;
        if (given == null) {
            return;
        }
        try {
            given.close();
        } catch (IOException e) {
            // It is removed anyway.
            given.memory = null;
        }
        if (given.file) {
            store.abandonFile(content);
        } else if (given.path != null) {
            store.disk().remove(given.path);
        }
    }

    /** Where the bytes go; undecided until the first have come that tell a {@link Blob} from other objects. */
    private final class Target implements WritableByteChannel {
        private final boolean file;
        private final long length;
        private long count;
        private byte @Nullable [] memory;
        private @Nullable Path path;
        private @Nullable Path folder;
        private @Nullable FileChannel channel;
        /** The first bytes while it is not decided where they go. */
        private @Nullable ByteBuffer head =
                ByteBuffer.allocate(ValueCodec.BLOB_HEADER).order(ByteOrder.LITTLE_ENDIAN);
        /** Bytes of the mapped object that this is; -1 when it is something else. */
        private long blob = -1;

        private boolean closed;

        Target(boolean file, long length) {
            this.file = file;
            this.length = length;
        }

        void toMemory(long expected) throws IOException {
            head = null;
            if (expected < 0) {
                memory = new byte[4096];
            } else if (expected >= direct || !allocate(expected)) {
                toFile(store.disk().spillFile(content));
            }
        }

        /** Decides where the bytes go. */
        void settle() throws IOException {
            ByteBuffer first = head;
            if (first == null) {
                return;
            }
            first.flip();
            boolean large = first.limit() == ValueCodec.BLOB_HEADER
                    && first.get(0) == ValueCodec.BLOB
                    && first.getLong(1) > Blob.LARGEST_INLINE;
            if (large) {
                blob = first.getLong(1);
                toFile(store.shared().newFile(blob));
            } else {
                toMemory(length);
                count = 0;
                write(first);
            }
        }

        void requireWholeBlob() throws IOException {
            if (blob >= 0 && count - ValueCodec.BLOB_HEADER != blob) {
                throw new EOFException(
                        count - ValueCodec.BLOB_HEADER + " of " + blob + " bytes of content " + content + " have come");
            }
        }

        boolean allocate(long bytes) {
            Runtime runtime = Runtime.getRuntime();
            long free = runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
            if (bytes > (1 << 20) && bytes > free / 2) {
                return false;
            }
            try {
                memory = new byte[(int) bytes];
                return true;
            } catch (OutOfMemoryError e) {
                // It goes to disk instead.
                return false;
            }
        }

        void toFile(Path place) throws IOException {
            head = null;
            path = place;
            try {
                channel = store.disk().createChannel(place);
            } catch (IOException e) {
                throw describe(e);
            }
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            int coming = source.remaining();
            if (head != null) {
                return begin(source);
            }
            if (length >= 0 && count + coming > length) {
                throw new IOException(
                        "more than the announced " + length + " bytes of content " + content + " have come");
            }
            if (memory != null && count + coming > memory.length) {
                enlarge(count + coming);
            }
            if (memory != null) {
                source.get(memory, (int) count, coming);
            } else {
                writeToFile(source);
            }
            count += coming;
            return coming;
        }

        private void writeToFile(ByteBuffer source) throws IOException {
            if (channel == null) {
                throw new java.nio.channels.ClosedChannelException();
            }
            try {
                writeFully(source);
            } catch (IOException e) {
                if (blob < 0 || !moveToDisk(e)) {
                    throw describe(e);
                }
                try {
                    writeFully(source);
                } catch (IOException again) {
                    throw describe(again);
                }
            }
        }

        private int begin(ByteBuffer source) throws IOException {
            ByteBuffer first = head;
            int coming = source.remaining();
            while (first != null && first.hasRemaining() && source.hasRemaining()) {
                first.put(source.get());
            }
            count += coming - source.remaining();
            if (first != null && !first.hasRemaining()) {
                settle();
                if (source.hasRemaining()) {
                    write(source);
                }
            }
            return coming;
        }

        private void writeFully(ByteBuffer source) throws IOException {
            while (channel != null && source.hasRemaining()) {
                channel.write(source);
            }
        }

        /** Whether the object, for which shared memory has no room although it seemed to, goes on in a file on disk. */
        private boolean moveToDisk(IOException error) throws IOException {
            Path old = path;
            FileChannel source = channel;
            if (old == null
                    || source == null
                    || !Disk.isFull(String.valueOf(error.getMessage()))
                    || !store.shared().isInMemory(new Blob.Mapped(old, blob))) {
                return false;
            }
            source.close();
            try {
                Path target = store.shared().newFileOnDisk();
                store.disk().copy(old, target);
                path = target;
                channel = FileChannel.open(target, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
                return true;
            } catch (IOException e) {
                throw describe(e);
            } finally {
                store.disk().remove(old);
            }
        }

        private void enlarge(long needed) throws IOException {
            byte[] small = memory;
            if (small == null) {
                return;
            }
            long larger = Math.max(needed, Math.min(2L * small.length, direct));
            memory = null;
            if (needed < direct && allocate(larger) && memory != null) {
                System.arraycopy(small, 0, memory, 0, (int) count);
            } else {
                toFile(store.disk().spillFile(content));
                writeToFile(ByteBuffer.wrap(small, 0, (int) count));
            }
        }

        private IOException describe(IOException error) {
            CollaException failure = store.disk().failure("content " + content + ", which is being fetched,", error);
            return new IOException(failure.getMessage(), failure);
        }

        @Override
        public boolean isOpen() {
            return !closed;
        }

        @Override
        public void close() throws IOException {
            closed = true;
            if (channel != null) {
                channel.close();
            }
        }
    }
}

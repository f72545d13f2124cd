package io.colla.worker.store;

import io.colla.api.CollaException;
import io.colla.transport.Incoming;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
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
        } else if (length < 0) {
            begun.memory = new byte[4096];
        } else if (length >= direct || !begun.allocate(length)) {
            begun.toFile(store.disk().spillFile(content));
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
        done.close();
        target = null;
        byte[] memory = done.memory;
        if (memory != null) {
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

    /** Where the bytes go. */
    private final class Target implements WritableByteChannel {
        private final boolean file;
        private final long length;
        private long count;
        private byte @Nullable [] memory;
        private @Nullable Path path;
        private @Nullable Path folder;
        private @Nullable FileChannel channel;
        private boolean closed;

        Target(boolean file, long length) {
            this.file = file;
            this.length = length;
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
                while (source.hasRemaining()) {
                    channel.write(source);
                }
            } catch (IOException e) {
                throw describe(e);
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

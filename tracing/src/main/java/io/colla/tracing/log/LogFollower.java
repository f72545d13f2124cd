package io.colla.tracing.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Copies a log while another thread or process writes it: each call of {@link #follow} passes on what has been added since the last. The copy is a log after every piece, and never says that it
 * has records that it has not. Memory: {@value #PIECE} bytes, and little for each thread of the log. Not thread-safe.
 */
public final class LogFollower implements Closeable {
    /** Most bytes of a piece. */
    public static final int PIECE = 64 << 10;

    /** Takes the pieces of a copy. */
    public interface Copy {
        /**
         * These bytes belong there.
         *
         * @param position in the log
         * @param bytes at most {@link #PIECE}
         */
        void piece(long position, byte[] bytes) throws IOException, InterruptedException;
    }

    /** A block of events that may get more. */
    private static final class Growing {
        final int thread;
        final long position;
        /** Bytes of its content; a process that is done with its last block gives back what it has not used. */
        int length;

        int copied;
        /** Records that were there when it was last looked at. */
        int seen;

        Growing(int thread, long position, int length) {
            this.thread = thread;
            this.position = position;
            this.length = length;
        }

        int room() {
            return (length - Block.EVENTS_HEAD) / Block.RECORD;
        }

        long after() {
            return position + Block.HEAD + length;
        }

        long record(int index) {
            return position + Block.HEAD + Block.EVENTS_HEAD + (long) index * Block.RECORD;
        }
    }

    private static final int LENGTH = 2 * Integer.BYTES;
    private static final int COUNT = Block.HEAD + Integer.BYTES;

    private final FileChannel channel;
    private final List<Growing> growing = new ArrayList<>();
    private final ByteBuffer head =
            ByteBuffer.allocate(Block.HEAD + Block.EVENTS_HEAD).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer records =
            ByteBuffer.allocate(PIECE / Block.RECORD * Block.RECORD).order(ByteOrder.LITTLE_ENDIAN);
    /** Where the next block begins that has not been seen. */
    private long next;

    private LogFollower(FileChannel channel) {
        this.channel = channel;
    }

    public static LogFollower open(Path log) throws IOException {
        return new LogFollower(FileChannel.open(log, StandardOpenOption.READ));
    }

    /**
     * Passes on what has been added.
     *
     * @param complete whether nobody writes any more; else the last record of a thread may wait for the next call, as it may not be whole
     */
    public void follow(Copy copy, boolean complete) throws IOException, InterruptedException {
        for (Growing block : growing) {
            follow(block, copy, complete);
        }
        growing.removeIf(block -> block.copied == block.room());
        while (begins(copy, complete)) {
            // The next one.
        }
    }

    /** @return whether there was a further block */
    private boolean begins(Copy copy, boolean complete) throws IOException, InterruptedException {
        if (!reads(head.clear().limit(Block.HEAD), next)) {
            return false;
        }
        int kind = head.getInt(Integer.BYTES);
        int length = head.getInt(LENGTH);
        if (head.getInt(0) != Block.MAGIC || length < 0) {
            return false; // not written yet
        }
        if (kind == Block.EVENTS) {
            return beginsEvents(copy, complete);
        }
        long after = next + Block.HEAD + length;
        if (channel.size() < after) {
            return false;
        }
        pieces(next, after, copy);
        next = after;
        return true;
    }

    private boolean beginsEvents(Copy copy, boolean complete) throws IOException, InterruptedException {
        if (!reads(head.clear(), next)) {
            return false;
        }
        Growing block = new Growing(head.getInt(Block.HEAD), next, head.getInt(LENGTH));
        byte[] empty = head.putInt(COUNT, 0).array().clone(); // no records, until they are copied
        // A further block of a thread shows that the one before is done with, of which nothing must be missing before
        // this one.
        for (Growing before : growing) {
            if (before.thread == block.thread) {
                follow(before, copy, true);
            }
        }
        growing.removeIf(before -> before.thread == block.thread);
        copy.piece(next, empty);
        next = block.after();
        growing.add(block);
        follow(block, copy, complete);
        return true;
    }

    private void follow(Growing block, Copy copy, boolean complete) throws IOException, InterruptedException {
        if (!reads(head.clear(), block.position)) {
            return;
        }
        int count = head.getInt(COUNT);
        if (head.getInt(LENGTH) != block.length) {
            next = next == block.after() ? block.position + Block.HEAD + head.getInt(LENGTH) : next;
            block.length = head.getInt(LENGTH);
            copy.piece(block.position, head.putInt(COUNT, block.copied).array().clone());
        }
        // Who does not count its records says that there are as many as there is room for: the first that is zero ends
        // them.
        boolean counted = count < block.room();
        int most = Math.min(count, block.room());
        int more = written(block, most);
        while (more > 0) {
            int there = block.copied + more;
            boolean whole = counted || complete || there == block.seen || more == records.capacity() / Block.RECORD;
            block.seen = there;
            more -= whole ? 0 : 1;
            if (more > 0) {
                byte[] piece = Arrays.copyOf(records.array(), more * Block.RECORD);
                copy.piece(block.record(block.copied), piece);
                block.copied += more;
                copy.piece(block.position + COUNT, number(block.copied));
            }
            more = whole ? written(block, most) : 0;
        }
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    /** Reads the next records of a block, and says how many are there. */
    private int written(Growing block, int most) throws IOException {
        int wanted = Math.min(most - block.copied, records.capacity() / Block.RECORD);
        if (wanted <= 0) {
            return 0;
        }
        reads(records.clear().limit(wanted * Block.RECORD), block.record(block.copied));
        int read = records.position() / Block.RECORD;
        int count = 0;
        while (count < read && (records.getLong(count * Block.RECORD) | type(count)) != 0) {
            count++;
        }
        return count;
    }

    private long type(int record) {
        return records.getLong(record * Block.RECORD + Long.BYTES);
    }

    private void pieces(long from, long to, Copy copy) throws IOException, InterruptedException {
        for (long at = from; at < to; at += PIECE) {
            ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, to - at));
            if (!reads(piece, at)) {
                throw new IOException("the log has become shorter");
            }
            copy.piece(at, piece.array());
        }
    }

    /** Whether there were as many bytes as the buffer has room for. */
    private boolean reads(ByteBuffer into, long position) throws IOException {
        while (into.hasRemaining()) {
            if (channel.read(into, position + into.position()) < 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

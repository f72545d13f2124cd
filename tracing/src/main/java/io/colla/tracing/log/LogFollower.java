package io.colla.tracing.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
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
        final int room;
        int copied;

        Growing(int thread, long position, int room) {
            this.thread = thread;
            this.position = position;
            this.room = room;
        }

        long counter() {
            return position + Block.HEAD + Integer.BYTES;
        }

        long end() {
            return position + Block.HEAD + Block.EVENTS_HEAD + (long) copied * Block.RECORD;
        }
    }

    private final FileChannel channel;
    private final List<Growing> growing = new ArrayList<>();
    private final ByteBuffer head =
            ByteBuffer.allocate(Block.HEAD + Block.EVENTS_HEAD).order(ByteOrder.LITTLE_ENDIAN);
    /** Where the next block begins that has not been seen. */
    private long next;

    private LogFollower(FileChannel channel) {
        this.channel = channel;
    }

    public static LogFollower open(Path log) throws IOException {
        return new LogFollower(FileChannel.open(log, StandardOpenOption.READ));
    }

    /** Passes on what has been added. */
    public void follow(Copy copy) throws IOException, InterruptedException {
        for (Iterator<Growing> all = growing.iterator(); all.hasNext(); ) {
            Growing block = all.next();
            follow(block, copy);
            if (block.copied == block.room) {
                all.remove();
            }
        }
        while (begins(copy)) {
            // The next one.
        }
    }

    /** @return whether there was a further block */
    private boolean begins(Copy copy) throws IOException, InterruptedException {
        if (!reads(head.clear().limit(Block.HEAD), next)) {
            return false;
        }
        int kind = head.getInt(Integer.BYTES);
        int length = head.getInt(2 * Integer.BYTES);
        if (head.getInt(0) != Block.MAGIC || length < 0) {
            return false; // not written yet
        }
        long after = next + Block.HEAD + length;
        if (kind == Block.EVENTS) {
            if (!reads(head.clear(), next)) {
                return false;
            }
            int thread = head.getInt(Block.HEAD);
            complete(thread, copy);
            head.putInt(Block.HEAD + Integer.BYTES, 0); // no records, until they are copied
            copy.piece(next, head.array().clone());
            Growing block = new Growing(thread, next, (length - Block.EVENTS_HEAD) / Block.RECORD);
            follow(block, copy);
            if (block.copied < block.room) {
                growing.add(block);
            }
        } else {
            if (channel.size() < after) {
                return false;
            }
            pieces(next, after, copy);
        }
        next = after;
        return true;
    }

    /** A further block of a thread shows that the one before has become full meanwhile, which must not be missing before it. */
    private void complete(int thread, Copy copy) throws IOException, InterruptedException {
        for (Growing block : growing) {
            if (block.thread == thread) {
                follow(block, copy);
            }
        }
        growing.removeIf(block -> block.thread == thread);
    }

    private void follow(Growing block, Copy copy) throws IOException, InterruptedException {
        ByteBuffer number = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        if (!reads(number, block.counter())) {
            return;
        }
        int count = Math.min(number.getInt(0), block.room);
        if (count <= block.copied) {
            return;
        }
        long from = block.end();
        int before = block.copied;
        block.copied = count;
        if (channel.size() < block.end()) {
            block.copied = before;
            return;
        }
        pieces(from, block.end(), copy);
        copy.piece(block.counter(), number.putInt(0, count).array());
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

package io.colla.worker.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Serialized bytes, little-endian, on their way into one growing array or, through a buffer, into a sink. One thread. */
final class ByteOutput extends OutputStream {
    /** Where full buffers go. */
    interface Sink {
        void write(byte[] bytes, int from, int length) throws IOException;
    }

    /** More than the array may hold. */
    static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

    private final @Nullable Sink sink;
    private @Nullable IOException sinkFailure;
    private ByteBuffer buffer;
    private long flushed;
    private final int most;

    /** Into an array. */
    ByteOutput(int expected) {
        this(expected, LONGEST_ARRAY);
    }

    /** Into an array of a limited length. */
    ByteOutput(int expected, int most) {
        sink = null;
        this.most = most;
        buffer = ByteBuffer.allocate(Math.max(16, expected)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Into a sink, in pieces of the given size. */
    ByteOutput(Sink sink, int pieces) {
        this.sink = sink;
        most = LONGEST_ARRAY;
        buffer = ByteBuffer.allocate(pieces).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The error with which the sink failed, as opposed to what was being written; null when it did not. */
    @Nullable
    IOException sinkFailure() {
        return sinkFailure;
    }

    long written() {
        return flushed + buffer.position();
    }

    /** All bytes; the array itself when it is full to the end. */
    byte[] toArray() {
        byte[] all = buffer.array();
        return all.length == buffer.position() ? all : Arrays.copyOf(all, buffer.position());
    }

    @Override
    public void write(int value) throws IOException {
        room(1);
        buffer.put((byte) value);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        writeElements(ArrayKind.BYTES, bytes, from, length);
    }

    void writeInt(int value) throws IOException {
        room(4);
        buffer.putInt(value);
    }

    void writeLong(long value) throws IOException {
        room(8);
        buffer.putLong(value);
    }

    void writeElements(ArrayKind kind, Object array, int from, int count) throws IOException {
        if (sink == null) {
            room((long) count * kind.width);
        }
        int next = from;
        int left = count;
        while (left > 0) {
            room(kind.width);
            int fits = Math.min(left, buffer.remaining() / kind.width);
            kind.put(buffer, array, next, fits);
            next += fits;
            left -= fits;
        }
    }

    /** Hands everything to the sink. */
    @Override
    public void flush() throws IOException {
        if (sink == null || buffer.position() == 0) {
            return;
        }
        try {
            sink.write(buffer.array(), 0, buffer.position());
        } catch (IOException e) {
            sinkFailure = e;
            throw e;
        }
        flushed += buffer.position();
        buffer.clear();
    }

    private void room(long bytes) throws IOException {
        if (buffer.remaining() >= bytes) {
            return;
        }
        if (sink != null) {
            flush();
            return;
        }
        long needed = buffer.position() + bytes;
        if (needed > most) {
            throw new TooLong();
        }
        int capacity = (int) Math.min(LONGEST_ARRAY, Math.max(needed, 2L * buffer.capacity()));
        byte[] larger = Arrays.copyOf(buffer.array(), capacity);
        buffer = ByteBuffer.wrap(larger).order(ByteOrder.LITTLE_ENDIAN).position(buffer.position());
    }
}

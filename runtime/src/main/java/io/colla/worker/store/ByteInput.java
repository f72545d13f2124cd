package io.colla.worker.store;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StreamCorruptedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Serialized bytes, little-endian, from one array or, through a buffer, from a stream. One thread. */
final class ByteInput extends InputStream {
    private final @Nullable InputStream source;
    private final ByteBuffer buffer;
    /** Bytes that the source still has; negative when not known. */
    private long unread;

    ByteInput(byte[] bytes) {
        source = null;
        buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** @param length bytes of the stream; -1 when not known. */
    ByteInput(InputStream source, long length, int pieces) {
        this.source = source;
        unread = length;
        buffer = ByteBuffer.allocate(pieces).order(ByteOrder.LITTLE_ENDIAN).limit(0);
    }

    @Override
    public int read() throws IOException {
        return buffer.hasRemaining() || fill(1) ? buffer.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!buffer.hasRemaining() && !fill(1)) {
            return -1;
        }
        int count = Math.min(length, buffer.remaining());
        buffer.get(bytes, from, count);
        return count;
    }

    @Override
    public int available() {
        return buffer.remaining();
    }

    int readByte() throws IOException {
        need(1);
        return buffer.get() & 0xff;
    }

    int readInt() throws IOException {
        need(4);
        return buffer.getInt();
    }

    long readLong() throws IOException {
        need(8);
        return buffer.getLong();
    }

    /** A length that was written before elements of the given width; checked against what is left, where that is known. */
    int readLength(int width) throws IOException {
        int length = readInt();
        boolean tooLong = (source == null || unread >= 0) && (long) length * width > buffer.remaining() + unread;
        if (length < -1 || tooLong) {
            throw new StreamCorruptedException("a length of " + length + " where that cannot be");
        }
        return length;
    }

    void readElements(ArrayKind kind, Object array, int count) throws IOException {
        int next = 0;
        while (next < count) {
            need(kind.width);
            int fits = Math.min(count - next, buffer.remaining() / kind.width);
            kind.get(buffer, array, next, fits);
            next += fits;
        }
    }

    private void need(int bytes) throws IOException {
        if (buffer.remaining() < bytes && !fill(bytes)) {
            throw new EOFException("the serialized object is cut short");
        }
    }

    private boolean fill(int bytes) throws IOException {
        if (source == null) {
            return false;
        }
        buffer.compact();
        try {
            while (buffer.position() < bytes) {
                int count = source.read(buffer.array(), buffer.position(), buffer.remaining());
                if (count < 0) {
                    return false;
                }
                buffer.position(buffer.position() + count);
                unread = unread < 0 ? unread : Math.max(0, unread - count);
            }
            return true;
        } finally {
            buffer.flip();
        }
    }
}

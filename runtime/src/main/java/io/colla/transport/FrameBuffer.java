package io.colla.transport;

import io.colla.wire.ProtocolException;
import java.nio.ByteBuffer;

/** Cuts a stream of bytes into frames: 4 bytes of length, high byte first, then so many bytes. Grows with what has come, not with what is announced. */
final class FrameBuffer {
    private static final int INITIAL = 64 << 10;
    private static final int HEADER = 4;

    private final int limit;
    private byte[] bytes = new byte[INITIAL];
    private int start;
    private int end;
    private int frame;
    private int length;

    /** @param limit longest frame */
    FrameBuffer(int limit) {
        this.limit = limit;
    }

    /** Room for what comes next; {@link #added} tells how much came. Bounded, because the JDK keeps a copy of such a size for each thread. */
    ByteBuffer space() {
        if (start == end) {
            start = 0;
            end = 0;
            if (bytes.length > INITIAL) {
                bytes = new byte[INITIAL];
            }
        } else if (end == bytes.length) {
            makeRoom();
        }
        return ByteBuffer.wrap(bytes, end, Math.min(bytes.length - end, INITIAL));
    }

    private void makeRoom() {
        if (start >= bytes.length / 2) {
            System.arraycopy(bytes, start, bytes, 0, end - start);
        } else {
            int doubled = (int) Math.min(2L * bytes.length, (long) limit + HEADER + INITIAL);
            byte[] larger = new byte[doubled];
            System.arraycopy(bytes, start, larger, 0, end - start);
            bytes = larger;
        }
        end -= start;
        start = 0;
    }

    void added(int count) {
        end += count;
    }

    /** Whether there is another whole frame; then {@link #frame} and {@link #length} say where in {@link #array}. */
    boolean next() throws ProtocolException {
        if (end - start < HEADER) {
            return false;
        }
        int announced = (bytes[start] & 0xFF) << 24
                | (bytes[start + 1] & 0xFF) << 16
                | (bytes[start + 2] & 0xFF) << 8
                | (bytes[start + 3] & 0xFF);
        if (announced <= 0 || announced > limit) {
            throw new ProtocolException("a frame of " + Integer.toUnsignedString(announced)
                    + " bytes is announced; a frame has 1 to " + limit);
        }
        if (end - start - HEADER < announced) {
            return false;
        }
        frame = start + HEADER;
        length = announced;
        start = frame + announced;
        return true;
    }

    byte[] array() {
        return bytes;
    }

    int frame() {
        return frame;
    }

    int length() {
        return length;
    }

    /** Bytes held, for tests. */
    int capacity() {
        return bytes.length;
    }
}

package io.colla.python;

import io.colla.worker.store.Blob;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Frames on their way out, one behind the other in a buffer that grows. A frame is {@link #begin begun}, filled and {@link #end ended}; whole ones are then taken from {@link #written}. One
 * thread at a time.
 */
public final class FrameOutput {
    private static final int LARGEST_KEPT = 1 << 20;

    private ByteBuffer buffer;
    private int start;

    /** @param capacity bytes, to begin with */
    public FrameOutput(int capacity) {
        buffer = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }

    public FrameOutput begin(int type) {
        room(5);
        start = buffer.position();
        buffer.putInt(0).put((byte) type);
        return this;
    }

    /** Writes the frame's length in front of it. */
    public void end() {
        buffer.putInt(start, buffer.position() - start - 4);
    }

    /** Forgets the frame that was begun and not ended. */
    public void cancel() {
        buffer.position(start);
    }

    public FrameOutput u8(int value) {
        room(1);
        buffer.put((byte) value);
        return this;
    }

    public FrameOutput u16(int value) {
        room(2);
        buffer.putShort((short) value);
        return this;
    }

    /** Also for signed numbers. */
    public FrameOutput u32(int value) {
        room(4);
        buffer.putInt(value);
        return this;
    }

    public FrameOutput u64(long value) {
        room(8);
        buffer.putLong(value);
        return this;
    }

    /** Text with its length in front. */
    public FrameOutput string(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return u32(bytes.length).bytes(bytes);
    }

    /** Bytes alone. */
    public FrameOutput bytes(byte[] bytes) {
        room(bytes.length);
        buffer.put(bytes);
        return this;
    }

    /**
     * A value with its tag.
     *
     * @throws IllegalArgumentException if the protocol has no form for it; part of it may have been written
     */
    public FrameOutput value(@Nullable Object value) {
        if (value == null) {
            return u8(ValueTag.NONE);
        }
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return u8(ValueTag.INT).u64(((Number) value).longValue());
        }
        if (value instanceof Blob.Inline inline) {
            return u8(ValueTag.INLINE).u32(inline.bytes().length).bytes(inline.bytes());
        }
        if (value instanceof Blob.Mapped mapped) {
            return u8(ValueTag.MAPPED).string(mapped.file().toString()).u64(mapped.length());
        }
        if (value instanceof Double || value instanceof Float) {
            return u8(ValueTag.FLOAT).u64(Double.doubleToRawLongBits(((Number) value).doubleValue()));
        }
        if (value instanceof Boolean flag) {
            return u8(flag ? ValueTag.TRUE : ValueTag.FALSE);
        }
        if (value instanceof String || value instanceof Character) {
            return u8(ValueTag.STRING).string(value.toString());
        }
        if (value instanceof Path path) {
            return u8(ValueTag.PATH).string(path.toString());
        }
        if (value == Nothing.NOTHING) {
            return u8(ValueTag.NOTHING);
        }
        throw new IllegalArgumentException("Python cannot be given a Java object of "
                + value.getClass().getName() + ": only numbers, strings, booleans and null");
    }

    /** The frames so far, to be read from its position to its limit and then told {@link #taken}. */
    public ByteBuffer written() {
        return buffer.duplicate().flip();
    }

    public boolean isEmpty() {
        return buffer.position() == 0;
    }

    public int size() {
        return buffer.position();
    }

    /** Forgets all that was written. */
    public void taken() {
        if (buffer.capacity() > LARGEST_KEPT) {
            buffer = ByteBuffer.allocate(LARGEST_KEPT).order(ByteOrder.LITTLE_ENDIAN);
        }
        buffer.clear();
    }

    private void room(int bytes) {
        if (buffer.remaining() >= bytes) {
            return;
        }
        long needed = (long) buffer.position() + bytes;
        if (needed > FrameInput.LONGEST) {
            throw new IllegalArgumentException(
                    "more than " + (FrameInput.LONGEST >> 20) + " MiB do not fit into one message");
        }
        int capacity = (int) Math.min(FrameInput.LONGEST, Math.max(needed, 2L * buffer.capacity()));
        byte[] larger = Arrays.copyOf(buffer.array(), capacity);
        buffer = ByteBuffer.wrap(larger).order(ByteOrder.LITTLE_ENDIAN).position(buffer.position());
    }
}

package io.colla.python;

import io.colla.worker.store.Blob;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Frames on their way in. {@link #next} goes to the next frame that has come as a whole; its parts are then read one after the other. One thread at a time.
 */
public final class FrameInput {
    /** Bytes that a frame may have. */
    static final int LONGEST = 1 << 30;

    private static final int LARGEST_KEPT = 1 << 20;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private ByteBuffer buffer;
    /** Where the bytes begin that are no part of a frame that was taken. */
    private int unread;
    /** Behind the last byte that has come. */
    private int filled;

    /** @param capacity bytes, to begin with */
    public FrameInput(int capacity) {
        buffer = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Reads once from the channel. Ends the use of the current frame.
     *
     * @return number of bytes; -1 at the channel's end
     */
    public int fill(ReadableByteChannel channel) throws IOException {
        makeRoom();
        buffer.limit(buffer.capacity()).position(filled);
        int count = channel.read(buffer);
        filled = buffer.position();
        return count;
    }

    private void makeRoom() throws FrameException {
        int pending = filled - unread;
        int wanted = pending >= 4 ? Math.max(4 + length(), 64) : 64;
        if (pending == 0 && buffer.capacity() > LARGEST_KEPT) {
            buffer = ByteBuffer.allocate(LARGEST_KEPT).order(ByteOrder.LITTLE_ENDIAN);
        } else if (wanted > buffer.capacity() && pending >= buffer.capacity() / 2) {
            // What is announced may never come, so that the buffer grows with what does.
            byte[] larger = new byte[(int) Math.min(wanted, Math.max(64L, 2L * buffer.capacity()))];
            System.arraycopy(buffer.array(), unread, larger, 0, pending);
            buffer = ByteBuffer.wrap(larger).order(ByteOrder.LITTLE_ENDIAN);
        } else if (pending > 0 && unread > 0) {
            System.arraycopy(buffer.array(), unread, buffer.array(), 0, pending);
        }
        unread = 0;
        filled = pending;
    }

    private int length() throws FrameException {
        int length = (int) INT.get(buffer.array(), unread);
        if (length < 1 || length > LONGEST) {
            throw new FrameException("a frame of " + Integer.toUnsignedString(length) + " bytes was announced");
        }
        return length;
    }

    /** Whether a whole frame waits. */
    public boolean hasNext() throws FrameException {
        int pending = filled - unread;
        return pending >= 4 && pending - 4 >= length();
    }

    /** The type of the next frame, whose parts can be read now; -1 if none has come as a whole. */
    public int next() throws FrameException {
        if (!hasNext()) {
            return -1;
        }
        int length = length();
        buffer.limit(unread + 4 + length).position(unread + 4);
        unread += 4 + length;
        return buffer.get() & 0xff;
    }

    public int remaining() {
        return buffer.remaining();
    }

    public int u8() throws FrameException {
        need(1);
        return buffer.get() & 0xff;
    }

    public int u16() throws FrameException {
        need(2);
        return buffer.getShort() & 0xffff;
    }

    /** The 32 bits: also for signed numbers. */
    public int u32() throws FrameException {
        need(4);
        return buffer.getInt();
    }

    public long u64() throws FrameException {
        need(8);
        return buffer.getLong();
    }

    public String string() throws FrameException {
        int length = count(1);
        String text = new String(buffer.array(), buffer.position(), length, StandardCharsets.UTF_8);
        buffer.position(buffer.position() + length);
        return text;
    }

    /** A number that says how many parts of at least so many bytes follow. */
    public int count(int width) throws FrameException {
        int count = u32();
        if (count < 0 || (long) count * width > buffer.remaining()) {
            throw new FrameException("a length of " + Integer.toUnsignedString(count) + " where that cannot be");
        }
        return count;
    }

    public byte[] bytes(int length) throws FrameException {
        need(length);
        int from = buffer.position();
        buffer.position(from + length);
        return Arrays.copyOfRange(buffer.array(), from, from + length);
    }

    /** All that is left of the frame. */
    public byte[] rest() throws FrameException {
        return bytes(buffer.remaining());
    }

    /** A value: null, a Boolean, Long, Double, String, {@link Blob}, {@link Path} or {@link Nothing}. */
    public @Nullable Object value() throws FrameException {
        int tag = u8();
        return switch (tag) {
            case ValueTag.NONE -> null;
            case ValueTag.FALSE -> false;
            case ValueTag.TRUE -> true;
            case ValueTag.INT -> u64();
            case ValueTag.FLOAT -> Double.longBitsToDouble(u64());
            case ValueTag.STRING -> string();
            case ValueTag.INLINE -> new Blob.Inline(bytes(count(1)));
            case ValueTag.MAPPED -> new Blob.Mapped(path(), u64());
            case ValueTag.PATH -> path();
            case ValueTag.NOTHING -> Nothing.NOTHING;
            default -> throw new FrameException("there is no kind of value " + tag);
        };
    }

    private Path path() throws FrameException {
        String text = string();
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new FrameException("\"" + text + "\" cannot be a path");
        }
    }

    private void need(int bytes) throws FrameException {
        if (buffer.remaining() < bytes) {
            throw new FrameException("a frame is cut short");
        }
    }
}

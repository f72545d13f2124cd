package io.colla.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the wire's primitive types from part of an array. Whatever the bytes are, it reads nothing outside, allocates nothing larger than what is there, and
 * throws nothing but {@link ProtocolException}. Used by one thread at a time.
 */
public final class FrameReader {
    private final byte[] bytes;
    private final int start;
    private final int limit;
    private int position;
    private String subject = "frame";

    /** Reads {@code length} bytes from {@code from} on. */
    public FrameReader(byte[] bytes, int from, int length) {
        if (from < 0 || length < 0 || length > bytes.length - from) {
            throw new IllegalArgumentException("no " + length + " bytes at " + from + " of " + bytes.length);
        }
        this.bytes = bytes;
        this.start = from;
        this.position = from;
        this.limit = from + length;
    }

    public int remaining() {
        return limit - position;
    }

    /** Names what is read from here on, for messages. */
    public void reading(String what) {
        subject = what;
    }

    /** The exception for what was read last. */
    public ProtocolException wrong(String what) {
        return new ProtocolException(where() + what);
    }

    /** The exception for what was read last. */
    public ProtocolException wrong(String what, Throwable cause) {
        return new ProtocolException(where() + what, cause);
    }

    private String where() {
        return "bad " + subject + " before byte " + (position - start) + " of the frame: ";
    }

    public int octet() throws ProtocolException {
        if (position >= limit) {
            throw wrong("it ends too early");
        }
        return bytes[position++] & 0xFF;
    }

    public boolean bool() throws ProtocolException {
        int value = octet();
        if (value > 1) {
            throw wrong(value + " is neither 0 (false) nor 1 (true)");
        }
        return value == 1;
    }

    /** A number that is never negative. */
    public int number() throws ProtocolException {
        int value = unsigned();
        if (value < 0) {
            throw wrong("a number is larger than " + Integer.MAX_VALUE);
        }
        return value;
    }

    /** A number that is -1 for none. */
    public int optional() throws ProtocolException {
        int value = unsigned() - 1;
        if (value < -1) {
            throw wrong("a number is larger than " + Integer.MAX_VALUE);
        }
        return value;
    }

    public int signed32() throws ProtocolException {
        int value = unsigned();
        return (value >>> 1) ^ -(value & 1);
    }

    public long signed64() throws ProtocolException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = octet();
            if (shift == 63 && next > 1) {
                break;
            }
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw wrong("a number has more than 64 bits");
    }

    public int fixed32() throws ProtocolException {
        need(4);
        int value = (bytes[position] & 0xFF) << 24
                | (bytes[position + 1] & 0xFF) << 16
                | (bytes[position + 2] & 0xFF) << 8
                | (bytes[position + 3] & 0xFF);
        position += 4;
        return value;
    }

    public long fixed64() throws ProtocolException {
        long high = fixed32();
        return high << 32 | (fixed32() & 0xFFFFFFFFL);
    }

    /** A number of elements that follow, each of which takes at least so many bytes. */
    public int count(int bytesEach) throws ProtocolException {
        int count = number();
        if (count > remaining() / bytesEach) {
            throw wrong(count + " elements cannot follow in " + remaining() + " bytes");
        }
        return count;
    }

    public byte[] bytes() throws ProtocolException {
        int length = count(1);
        position += length;
        return Arrays.copyOfRange(bytes, position - length, position);
    }

    /** So many bytes as they are. */
    public byte[] raw(int length) throws ProtocolException {
        need(length);
        position += length;
        return Arrays.copyOfRange(bytes, position - length, position);
    }

    public String string() throws ProtocolException {
        int length = count(1);
        if (length == 0) {
            return "";
        }
        String value = new String(bytes, position, length, StandardCharsets.UTF_8);
        // The decoder puts this character for bytes that are no UTF-8; a string that really has it encodes to the same
        // bytes again.
        if (value.indexOf('\uFFFD') >= 0) {
            byte[] again = value.getBytes(StandardCharsets.UTF_8);
            if (!Arrays.equals(again, 0, again.length, bytes, position, position + length)) {
                throw wrong("a string is not UTF-8");
            }
        }
        position += length;
        return value;
    }

    public @Nullable String optionalString() throws ProtocolException {
        return bool() ? string() : null;
    }

    public int[] ints() throws ProtocolException {
        int[] values = new int[count(1)];
        int previous = 0;
        for (int i = 0; i < values.length; i++) {
            previous += signed32();
            values[i] = previous;
        }
        return values;
    }

    private int unsigned() throws ProtocolException {
        int first = octet();
        if (first < 0x80) {
            return first;
        }
        int value = first & 0x7F;
        for (int shift = 7; shift < 35; shift += 7) {
            int next = octet();
            if (shift == 28 && next > 0x0F) {
                break;
            }
            value |= (next & 0x7F) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw wrong("a number has more than 32 bits");
    }

    private void need(int length) throws ProtocolException {
        if (length > remaining()) {
            throw wrong("it ends too early");
        }
    }
}

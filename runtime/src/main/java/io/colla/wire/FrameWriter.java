package io.colla.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A growing array of bytes with the wire's primitive types. Used by one thread at a time. */
public final class FrameWriter {
    private byte[] bytes;
    private int size;

    public FrameWriter(int capacity) {
        bytes = new byte[capacity];
    }

    public int size() {
        return size;
    }

    /** The bytes, valid up to {@link #size()} and until the next write. */
    public byte[] array() {
        return bytes;
    }

    /** Forgets what was written from this size on. */
    public void truncate(int newSize) {
        if (newSize < 0 || newSize > size) {
            throw new IllegalArgumentException("cannot truncate " + size + " bytes to " + newSize);
        }
        size = newSize;
    }

    /** Forgets everything, and the array too if it is larger than this. */
    public void reset(int keep) {
        size = 0;
        if (bytes.length > keep) {
            bytes = new byte[keep];
        }
    }

    public void octet(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
    }

    public void bool(boolean value) {
        octet(value ? 1 : 0);
    }

    /** A number that is never negative: 7 bits a byte, low bits first. */
    public void number(int value) {
        if (value < 0) {
            throw new IllegalArgumentException("a number on the wire is negative: " + value);
        }
        unsigned(value);
    }

    /** A number that is -1 for none. */
    public void optional(int value) {
        if (value < -1) {
            throw new IllegalArgumentException("a number on the wire is negative: " + value);
        }
        unsigned(value + 1);
    }

    /** Any number, short when its amount is small. */
    public void signed(int value) {
        unsigned((value << 1) ^ (value >> 31));
    }

    /** Any number, short when its amount is small. */
    public void signed(long value) {
        ensure(10);
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    /** Four bytes, high byte first. */
    public void fixed32(int value) {
        ensure(4);
        size += 4;
        patch32(size - 4, value);
    }

    /** Eight bytes, high byte first. */
    public void fixed64(long value) {
        fixed32((int) (value >>> 32));
        fixed32((int) value);
    }

    /** Replaces four bytes written before. */
    public void patch32(int at, int value) {
        if (at < 0 || at > size - 4) {
            throw new IllegalArgumentException("nothing written at " + at);
        }
        bytes[at] = (byte) (value >>> 24);
        bytes[at + 1] = (byte) (value >>> 16);
        bytes[at + 2] = (byte) (value >>> 8);
        bytes[at + 3] = (byte) value;
    }

    /** Length and bytes. */
    public void bytes(byte[] value) {
        number(value.length);
        raw(value, 0, value.length);
    }

    /** The bytes as they are. */
    public void raw(byte[] value, int from, int length) {
        ensure(length);
        System.arraycopy(value, from, bytes, size, length);
        size += length;
    }

    /** Length and UTF-8; surrogates without partner become question marks. */
    public void string(String value) {
        if (value.isEmpty()) {
            octet(0);
        } else {
            bytes(value.getBytes(StandardCharsets.UTF_8));
        }
    }

    public void optionalString(@Nullable String value) {
        bool(value != null);
        if (value != null) {
            string(value);
        }
    }

    /** Length, first number, differences: numbers in sequence take a byte each. */
    public void ints(int[] values) {
        number(values.length);
        int previous = 0;
        for (int value : values) {
            signed(value - previous);
            previous = value;
        }
    }

    private void unsigned(int value) {
        ensure(5);
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            int needed = Math.addExact(size, more);
            int doubled = (int) Math.min(2L * bytes.length, Integer.MAX_VALUE - 8);
            bytes = Arrays.copyOf(bytes, Math.max(doubled, needed));
        }
    }
}

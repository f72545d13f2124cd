package io.colla.python.gateway.streams;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Reads the parts of a message to the broker; all of it throws {@link BufferUnderflowException} if the message is too short. */
final class Question {
    private final ByteBuffer bytes;

    Question(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    int octet() {
        return bytes.get() & 0xff;
    }

    int number() {
        return bytes.getInt();
    }

    Asker asker() {
        return new Asker(number(), number());
    }

    /** Milliseconds to wait; {@link Long#MAX_VALUE}: for ever. */
    long millis() {
        int millis = number();
        return millis == -1 ? Long.MAX_VALUE : Integer.toUnsignedLong(millis);
    }

    byte[] rest() {
        byte[] rest = new byte[bytes.remaining()];
        bytes.get(rest);
        return rest;
    }

    List<byte[]> parts() {
        List<byte[]> parts = new ArrayList<>();
        while (bytes.hasRemaining()) {
            int length = number();
            if (length < 0 || length > bytes.remaining()) {
                throw new BufferUnderflowException();
            }
            byte[] part = new byte[length];
            bytes.get(part);
            parts.add(part);
        }
        return parts;
    }
}

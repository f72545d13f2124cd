package io.colla.worker;

import io.colla.wire.Message.Serialized;
import io.colla.worker.store.ValueCodec;
import org.jspecify.annotations.Nullable;

/** Which values travel in a message instead of being fetched, and how. */
final class SmallValues {
    static final int LARGEST = 4096;

    private SmallValues() {}

    /**
     * Whether the value is small, can never change, or costs little to serialize.
     *
     * @param size bytes that it takes in memory
     */
    static boolean isSmall(ValueCodec codec, @Nullable Object value, long size) {
        if (value == null || value instanceof Number || value instanceof Boolean || value instanceof Character) {
            return isPlain(value);
        }
        if (value instanceof String string) {
            return string.length() <= LARGEST / 2;
        }
        long length = codec.serializedLength(value);
        return length >= 0 && length <= LARGEST && size <= 2L * LARGEST;
    }

    /** As messages carry it. */
    static @Nullable Object inMessage(ValueCodec codec, @Nullable Object value) {
        return isPlain(value) || value instanceof String ? value : new Serialized(codec.toBytes(value));
    }

    private static boolean isPlain(@Nullable Object value) {
        return value == null
                || value instanceof Integer
                || value instanceof Long
                || value instanceof Double
                || value instanceof Float
                || value instanceof Boolean
                || value instanceof Byte
                || value instanceof Short
                || value instanceof Character;
    }
}

package io.colla.master;

import io.colla.wire.Message;
import org.jspecify.annotations.Nullable;

/** Values that travel inside messages: null, boxed primitives, strings and serialized objects, up to a few kilobytes. */
final class InlineValues {
    /** Bytes above which a value is fetched instead. */
    static final int MOST = 4096;

    /** Stands for null where null means absent. */
    static final Object NULL = new Object();

    private InlineValues() {}

    static Object wrap(@Nullable Object value) {
        return value == null ? NULL : value;
    }

    static @Nullable Object unwrap(@Nullable Object wrapped) {
        return wrapped == NULL ? null : wrapped;
    }

    /** Whether a message can carry it as it is. */
    static boolean isScalar(@Nullable Object value) {
        return value == null
                || value instanceof Integer
                || value instanceof Long
                || value instanceof Double
                || value instanceof Boolean
                || value instanceof Float
                || value instanceof Short
                || value instanceof Byte
                || value instanceof Character
                || (value instanceof String text && text.length() <= MOST);
    }

    static boolean isSmall(@Nullable Object value) {
        return value instanceof Message.Serialized serialized ? serialized.bytes().length <= MOST : isScalar(value);
    }
}

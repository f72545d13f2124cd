package io.colla.binary;

import io.colla.platform.TaskError;
import java.io.File;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The text of values on command lines. Values without an agreed text are refused rather than passed as {@code Foo@1b2c3d}. */
final class ArgumentText {

    private ArgumentText() {}

    /**
     * The text of a value.
     *
     * @param parameter the value's, for messages
     */
    static String of(String parameter, @Nullable Object value) throws TaskError {
        if (!hasText(value)) {
            throw Failures.usage("parameter '" + parameter + "' is " + kind(value)
                    + ", which has no text for a command line: bind a text, a number or a file");
        }
        String text = String.valueOf(value);
        if (text.indexOf('\0') >= 0) {
            throw Failures.usage("parameter '" + parameter
                    + "' contains a NUL character, which no command line can: feed it through stdin or a file");
        }
        return text;
    }

    static boolean hasText(@Nullable Object value) {
        return value instanceof CharSequence
                || value instanceof Number
                || value instanceof Path
                || value instanceof Boolean
                || value instanceof Character
                || value instanceof Enum
                || value instanceof File
                || value instanceof URI
                || value instanceof URL
                || value instanceof UUID
                || value instanceof TemporalAccessor
                || value instanceof TemporalAmount;
    }

    static String kind(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        return (value.getClass().isArray() ? "an array (" : "an object (")
                + value.getClass().getTypeName() + ")";
    }
}

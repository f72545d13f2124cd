package io.colla.wire;

import io.colla.wire.Message.Serialized;
import org.jspecify.annotations.Nullable;

/** Values in messages: a kind, then what the kind needs. */
final class Values {
    private static final int NULL = 0;
    private static final int FALSE = 1;
    private static final int TRUE = 2;
    private static final int BYTE = 3;
    private static final int SHORT = 4;
    private static final int CHARACTER = 5;
    private static final int INTEGER = 6;
    private static final int LONG = 7;
    private static final int FLOAT = 8;
    private static final int DOUBLE = 9;
    private static final int STRING = 10;
    private static final int STRING_UTF16 = 11;
    private static final int SERIALIZED = 12;

    private Values() {}

    static void write(@Nullable Object value, FrameWriter out) {
        if (value == null) {
            out.octet(NULL);
        } else if (value instanceof Serialized serialized) {
            out.octet(SERIALIZED);
            out.bytes(serialized.bytes());
        } else if (value instanceof String string) {
            writeString(string, out);
        } else if (value instanceof Number number) {
            writeNumber(number, out);
        } else if (value instanceof Boolean bool) {
            out.octet(bool ? TRUE : FALSE);
        } else if (value instanceof Character character) {
            out.octet(CHARACTER);
            out.number(character);
        } else {
            throw noForm(value);
        }
    }

    private static void writeNumber(Number value, FrameWriter out) {
        if (value instanceof Integer number) {
            out.octet(INTEGER);
            out.signed(number);
        } else if (value instanceof Long number) {
            out.octet(LONG);
            out.signed(number.longValue());
        } else if (value instanceof Double number) {
            out.octet(DOUBLE);
            out.fixed64(Double.doubleToRawLongBits(number));
        } else if (value instanceof Float number) {
            out.octet(FLOAT);
            out.fixed32(Float.floatToRawIntBits(number));
        } else if (value instanceof Byte number) {
            out.octet(BYTE);
            out.octet(number);
        } else if (value instanceof Short number) {
            out.octet(SHORT);
            out.signed(number.intValue());
        } else {
            throw noForm(value);
        }
    }

    private static IllegalArgumentException noForm(Object value) {
        return new IllegalArgumentException("a value of " + value.getClass().getName()
                + " cannot be in a message: only null, boxed primitives, strings and serialized objects");
    }

    /** UTF-8 would lose surrogates without partner, which a user's string may well have. */
    private static void writeString(String string, FrameWriter out) {
        if (isWellFormed(string)) {
            out.octet(STRING);
            out.string(string);
            return;
        }
        out.octet(STRING_UTF16);
        out.number(string.length());
        for (int i = 0; i < string.length(); i++) {
            out.octet(string.charAt(i) >>> 8);
            out.octet(string.charAt(i));
        }
    }

    private static boolean isWellFormed(String string) {
        for (int i = 0; i < string.length(); i++) {
            char at = string.charAt(i);
            if (Character.isSurrogate(at)) {
                if (i + 1 == string.length() || !Character.isSurrogatePair(at, string.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    static @Nullable Object read(FrameReader in) throws ProtocolException {
        int kind = in.octet();
        switch (kind) {
            case NULL:
                return null;
            case FALSE:
                return false;
            case TRUE:
                return true;
            case BYTE:
                return (byte) in.octet();
            case SHORT:
                return (short) ranged(in, in.signed32(), Short.MIN_VALUE, Short.MAX_VALUE);
            case CHARACTER:
                return (char) ranged(in, in.number(), Character.MIN_VALUE, Character.MAX_VALUE);
            case INTEGER:
                return in.signed32();
            case LONG:
                return in.signed64();
            case FLOAT:
                return Float.intBitsToFloat(in.fixed32());
            case DOUBLE:
                return Double.longBitsToDouble(in.fixed64());
            case STRING:
                return in.string();
            case STRING_UTF16:
                return readUtf16(in);
            case SERIALIZED:
                return new Serialized(in.bytes());
            default:
                throw in.wrong("there is no kind of value " + kind);
        }
    }

    private static int ranged(FrameReader in, int value, int least, int most) throws ProtocolException {
        if (value < least || value > most) {
            throw in.wrong("value " + value + " is not between " + least + " and " + most);
        }
        return value;
    }

    private static String readUtf16(FrameReader in) throws ProtocolException {
        char[] chars = new char[in.count(2)];
        for (int i = 0; i < chars.length; i++) {
            chars[i] = (char) (in.octet() << 8 | in.octet());
        }
        return new String(chars);
    }
}

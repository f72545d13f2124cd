package io.colla.worker.store;

import io.colla.api.CollaException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.OutputStream;
import java.io.StreamCorruptedException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Serializes objects and knows what else the runtime must know about them: whether they can be shared without a copy, and how large they are.
 *
 * <p>The form is a tag byte and what the tag says: nothing, a number, a string, the elements of a primitive array (or of an array of such
 * arrays) in bulk, all little-endian; or a stream of Java serialization for everything else. A {@link Path} of the default file system can be
 * serialized at any depth. An object of any size can be written to a stream or channel; the array forms are limited to 2 GiB.
 *
 * <p>Thread-safe. It trusts what it reads: bytes come from processes of the same run only.
 */
public final class ValueCodec {
    /** Objects up to this size are serialized in one piece on their way to a channel. */
    static final int ONE_PIECE = 128 << 10;

    private static final int PIECE = 256 << 10;
    private static final int NULL = 0;
    private static final int TRUE = 1;
    private static final int FALSE = 2;
    private static final int BYTE = 3;
    private static final int SHORT = 4;
    private static final int CHAR = 5;
    private static final int INT = 6;
    private static final int LONG = 7;
    private static final int FLOAT = 8;
    private static final int DOUBLE = 9;
    private static final int LATIN_STRING = 10;
    private static final int STRING = 11;
    private static final int PATH = 12;
    /** Followed by the length in 64 bits, and the bytes. */
    static final int BLOB = 13;

    /** Bytes in front of those of a {@link Blob}. */
    static final int BLOB_HEADER = 9;

    /** Followed by the length; the tags of the array kinds follow each other. */
    private static final int ARRAY = 16;
    /** Followed by kind, depth, and each array's length (-1 for null) before its elements. */
    private static final int NESTED_ARRAY = 32;

    private static final int JAVA = 64;

    private final ClassLoader loader;

    /** @param loader where the classes of deserialized objects are looked up. */
    public ValueCodec(ClassLoader loader) {
        this.loader = loader;
    }

    /**
     * The serialized form.
     *
     * @throws UnserializableException if a part of the object cannot be serialized
     * @throws CollaException if it takes more than 2 GiB
     */
    public byte[] toBytes(@Nullable Object value) {
        long length = serializedLength(value);
        ByteOutput out = new ByteOutput((int) Math.min(length < 0 ? 256 : length, Integer.MAX_VALUE - 8));
        try {
            encode(value, out);
        } catch (ByteOutput.TooLong e) {
            throw new CollaException(
                    "a " + nameOf(value) + " takes more than 2 GiB when serialized, which is too long for one message",
                    e);
        } catch (IOException e) {
            throw failure(value, e);
        }
        return out.toArray();
    }

    /**
     * The serialized form if it takes no more bytes than given; else null.
     *
     * @throws UnserializableException if a part of the object, among those that come first, cannot be serialized
     */
    public byte @Nullable [] toBytes(@Nullable Object value, int most) {
        long length = serializedLength(value);
        if (length > most) {
            return null;
        }
        ByteOutput out = new ByteOutput(length < 0 ? 256 : (int) length, most);
        try {
            encode(value, out);
        } catch (ByteOutput.TooLong e) {
            return null;
        } catch (IOException e) {
            throw failure(value, e);
        }
        return out.toArray();
    }

    /**
     * The object again.
     *
     * @throws CollaException if a class is missing here, or the bytes are not what {@link #toBytes} makes
     */
    public @Nullable Object fromBytes(byte[] bytes) {
        try {
            return decode(new ByteInput(bytes));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /**
     * Writes the serialized form, of any length, and flushes nothing but its own buffer.
     *
     * @throws IOException what the stream throws
     * @throws UnserializableException if a part of the object cannot be serialized; the stream then has a part of it
     */
    public void write(@Nullable Object value, OutputStream target) throws IOException {
        write(value, target::write);
    }

    /** As {@link #write(Object, OutputStream)}, to a channel in blocking mode. */
    public void write(@Nullable Object value, WritableByteChannel target) throws IOException {
        write(value, (bytes, from, length) -> {
            ByteBuffer piece = ByteBuffer.wrap(bytes, from, length);
            while (piece.hasRemaining()) {
                target.write(piece);
            }
        });
    }

    private void write(@Nullable Object value, ByteOutput.Sink sink) throws IOException {
        long length = serializedLength(value);
        ByteOutput out = new ByteOutput(sink, length < 0 ? ONE_PIECE : (int) Math.max(64, Math.min(PIECE, length)));
        try {
            encode(value, out);
            out.flush();
        } catch (IOException e) {
            if (out.sinkFailure() != null) {
                throw e;
            }
            throw failure(value, e);
        }
    }

    /**
     * Reads an object. May read ahead in the stream.
     *
     * @throws IOException what the stream throws, and when it ends too early
     * @throws CollaException if a class is missing here
     */
    public @Nullable Object read(InputStream source) throws IOException {
        return read(source, -1);
    }

    /** As {@link #read(InputStream)}, when it is known how many bytes the stream has. */
    @Nullable
    Object read(InputStream source, long length) throws IOException {
        int pieces = length < 0 || length > PIECE ? PIECE : Math.max(64, (int) length);
        return decode(new ByteInput(source, length, pieces));
    }

    /** Bytes of the serialized form when that is known without making it; else -1. */
    public long serializedLength(@Nullable Object value) {
        if (value == null || value instanceof Boolean) {
            return 1;
        }
        if (value instanceof Blob blob) {
            return BLOB_HEADER + blob.length();
        }
        ArrayKind.Shape shape = ArrayKind.shape(value.getClass());
        ArrayKind kind = shape.kind();
        if (kind != null) {
            return shape.depth() == 1 ? 5 + (long) kind.length(value) * kind.width : nestedLength(value, shape);
        }
        return value instanceof Number && value.getClass().getPackageName().equals("java.lang") ? 9 : -1;
    }

    private static long nestedLength(Object value, ArrayKind.Shape shape) {
        return isAliased((Object[]) value) ? -1 : 3 + nestedLength(value, shape.kind(), shape.depth());
    }

    private static long nestedLength(@Nullable Object value, @Nullable ArrayKind kind, int depth) {
        if (value == null || kind == null) {
            return 4;
        }
        if (depth == 1) {
            return 4 + (long) kind.length(value) * kind.width;
        }
        long total = 4;
        for (Object row : (Object[]) value) {
            total += nestedLength(row, kind, depth - 1);
        }
        return total;
    }

    /** Whether the object and all that it refers to can never change, as far as that can be told quickly. */
    public boolean isImmutable(@Nullable Object value) {
        return Immutability.isImmutable(value);
    }

    /** An object equal to the given one that shares nothing with it that can change. */
    @SuppressWarnings({"unchecked", "NullAway"}) // null only for null
    public <T extends @Nullable Object> T copy(T value) {
        if (value == null || Immutability.isImmutable(value)) {
            return value;
        }
        ArrayKind.Shape shape = ArrayKind.shape(value.getClass());
        if (shape.kind() != null) {
            if (shape.depth() == 1) {
                return (T) shape.kind().copy(value);
            }
            if (!isAliased((Object[]) value)) {
                return (T) copyNested((Object[]) value, shape.kind(), shape.depth());
            }
        }
        return (T) copySerialized(value);
    }

    private @Nullable Object copySerialized(Object value) {
        ChunkedBytes bytes = new ChunkedBytes();
        try {
            write(value, (ByteOutput.Sink) bytes);
            return read(bytes.drain(), bytes.length());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static Object[] copyNested(Object[] rows, ArrayKind kind, int depth) {
        Object[] copy = rows.clone();
        for (int i = 0; i < copy.length; i++) {
            Object row = copy[i];
            if (row != null) {
                copy[i] = depth == 2 ? kind.copy(row) : copyNested((Object[]) row, kind, depth - 1);
            }
        }
        return copy;
    }

    /** Bytes that the object takes in memory: exact for arrays of primitives, an estimate for the rest. Takes less than a microsecond for most. */
    public long sizeOf(@Nullable Object value) {
        return ObjectSizes.estimate(value);
    }

    private void encode(@Nullable Object value, ByteOutput out) throws IOException {
        if (value == null) {
            out.write(NULL);
        } else if (value instanceof Integer number) {
            out.write(INT);
            out.writeInt(number);
        } else if (value instanceof Long number) {
            out.write(LONG);
            out.writeLong(number);
        } else if (value instanceof Double number) {
            out.write(DOUBLE);
            out.writeLong(Double.doubleToRawLongBits(number));
        } else if (value instanceof Boolean flag) {
            out.write(flag ? TRUE : FALSE);
        } else if (value instanceof String text) {
            encodeString(text, out);
        } else if (value instanceof Float number) {
            out.write(FLOAT);
            out.writeInt(Float.floatToRawIntBits(number));
        } else if (value instanceof Character character) {
            out.write(CHAR);
            out.writeInt(character);
        } else if (value instanceof Short number) {
            out.write(SHORT);
            out.writeInt(number);
        } else if (value instanceof Byte number) {
            out.write(BYTE);
            out.write(number);
        } else if (value instanceof Path path && isDefault(path)) {
            out.write(PATH);
            encodeString(path.toString(), out);
        } else if (value instanceof Blob blob) {
            encodeBlob(blob, out);
        } else {
            encodeArrayOrObject(value, out);
        }
    }

    private static void encodeBlob(Blob blob, ByteOutput out) throws IOException {
        out.write(BLOB);
        out.writeLong(blob.length());
        if (blob instanceof Blob.Inline inline) {
            out.write(inline.bytes(), 0, inline.bytes().length);
        } else if (blob instanceof Blob.Mapped mapped) {
            try (InputStream file = new FileInputStream(mapped.file().toFile())) {
                long written = file.transferTo(out);
                if (written != mapped.length()) {
                    throw new IOException(mapped.file() + " has " + written + " bytes instead of " + mapped.length());
                }
            }
        }
    }

    private static Blob decodeBlob(ByteInput in) throws IOException {
        long length = in.readLong();
        if (length < 0 || length > Integer.MAX_VALUE - 8) {
            throw new StreamCorruptedException("an object of " + length + " bytes where that cannot be");
        }
        byte[] bytes = new byte[(int) length];
        in.readElements(ArrayKind.BYTES, bytes, bytes.length);
        return new Blob.Inline(bytes);
    }

    private void encodeArrayOrObject(Object value, ByteOutput out) throws IOException {
        ArrayKind.Shape shape = ArrayKind.shape(value.getClass());
        ArrayKind kind = shape.kind();
        if (kind != null && shape.depth() == 1) {
            int length = kind.length(value);
            out.write(ARRAY + kind.ordinal());
            out.writeInt(length);
            out.writeElements(kind, value, 0, length);
        } else if (kind != null && shape.depth() < 256 && !isAliased((Object[]) value)) {
            out.write(NESTED_ARRAY);
            out.write(kind.ordinal());
            out.write(shape.depth());
            encodeNested(value, kind, shape.depth(), out);
        } else {
            out.write(JAVA);
            encodeJava(value, out);
        }
    }

    private static void encodeJava(Object value, ByteOutput out) throws IOException {
        try {
            JavaObjectOutput objects = new JavaObjectOutput(out);
            objects.writeObject(value);
            objects.flush();
        } catch (StackOverflowError e) {
            throw new IOException(
                    "it is nested too deeply for Java serialization; give the JVM a larger stack (-Xss)", e);
        } catch (RuntimeException e) {
            // Thrown by the object's own writeObject or writeReplace.
            throw new IOException(e.toString(), e);
        }
    }

    private static void encodeNested(@Nullable Object value, ArrayKind kind, int depth, ByteOutput out)
            throws IOException {
        if (value == null) {
            out.writeInt(-1);
        } else if (depth == 1) {
            int length = kind.length(value);
            out.writeInt(length);
            out.writeElements(kind, value, 0, length);
        } else {
            Object[] rows = (Object[]) value;
            out.writeInt(rows.length);
            for (Object row : rows) {
                encodeNested(row, kind, depth - 1, out);
            }
        }
    }

    private static void encodeString(String text, ByteOutput out) throws IOException {
        byte[] latin = text.getBytes(StandardCharsets.ISO_8859_1);
        if (new String(latin, StandardCharsets.ISO_8859_1).equals(text)) {
            out.write(LATIN_STRING);
            out.writeInt(latin.length);
            out.write(latin, 0, latin.length);
        } else {
            // UTF-8 would lose surrogates that stand alone.
            out.write(STRING);
            out.writeInt(text.length());
            out.writeElements(ArrayKind.CHARS, text.toCharArray(), 0, text.length());
        }
    }

    private @Nullable Object decode(ByteInput in) throws IOException {
        int tag = in.readByte();
        switch (tag) {
            case NULL:
                return null;
            case TRUE:
                return true;
            case FALSE:
                return false;
            case BYTE:
                return (byte) in.readByte();
            case SHORT:
                return (short) in.readInt();
            case CHAR:
                return (char) in.readInt();
            case INT:
                return in.readInt();
            case LONG:
                return in.readLong();
            case FLOAT:
                return Float.intBitsToFloat(in.readInt());
            case DOUBLE:
                return Double.longBitsToDouble(in.readLong());
            case LATIN_STRING, STRING:
                return decodeString(tag, in);
            case PATH:
                return Path.of(decodeString(in.readByte(), in));
            case BLOB:
                return decodeBlob(in);
            case NESTED_ARRAY:
                ArrayKind leaf = kind(in.readByte());
                return decodeNested(leaf, in.readByte(), in);
            case JAVA:
                return decodeJava(in);
            default:
                return decodeArray(kind(tag - ARRAY), in);
        }
    }

    private static ArrayKind kind(int code) throws IOException {
        ArrayKind kind = ArrayKind.ofCode(code);
        if (kind == null) {
            throw new StreamCorruptedException("these bytes are not a serialized object");
        }
        return kind;
    }

    private static String decodeString(int tag, ByteInput in) throws IOException {
        if (tag == LATIN_STRING) {
            byte[] latin = (byte[]) decodeArray(ArrayKind.BYTES, in);
            return new String(latin, StandardCharsets.ISO_8859_1);
        }
        return new String((char[]) decodeArray(ArrayKind.CHARS, in));
    }

    private static Object decodeArray(ArrayKind kind, ByteInput in) throws IOException {
        Object array = decodeNested(kind, 1, in);
        if (array == null) {
            throw new StreamCorruptedException("a length of -1 where that cannot be");
        }
        return array;
    }

    private static @Nullable Object decodeNested(ArrayKind kind, int depth, ByteInput in) throws IOException {
        int length = in.readLength(depth == 1 ? kind.width : 4);
        if (length < 0) {
            return null;
        }
        if (depth == 1) {
            Object array = kind.create(length);
            in.readElements(kind, array, length);
            return array;
        }
        Class<?> component = kind.type;
        for (int i = 2; i < depth; i++) {
            component = component.arrayType();
        }
        Object[] rows = (Object[]) java.lang.reflect.Array.newInstance(component, length);
        for (int i = 0; i < length; i++) {
            rows[i] = decodeNested(kind, depth - 1, in);
        }
        return rows;
    }

    private @Nullable Object decodeJava(ByteInput in) throws IOException {
        try {
            return new JavaObjectInput(in, loader).readObject();
        } catch (ClassNotFoundException e) {
            throw new CollaException(
                    "class " + e.getMessage() + " of an object that was sent here is not on this process' class path",
                    e);
        } catch (StackOverflowError e) {
            throw new CollaException(
                    "an object that was sent here is nested too deeply for Java serialization; give the JVM a larger stack (-Xss)",
                    e);
        }
    }

    /** Whether a row occurs twice, which the form of nested arrays would not keep. */
    private static boolean isAliased(Object[] rows) {
        if (rows.length < 2 && !(rows instanceof Object[][])) {
            return false;
        }
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>(Math.max(4, rows.length)));
        return isAliased(rows, seen);
    }

    private static boolean isAliased(Object[] rows, Set<Object> seen) {
        for (Object row : rows) {
            if (row != null && (!seen.add(row) || (row instanceof Object[] inner && isAliased(inner, seen)))) {
                return true;
            }
        }
        return false;
    }

    static boolean isDefault(Path path) {
        return path.getFileSystem() == FileSystems.getDefault();
    }

    private static UnserializableException failure(@Nullable Object value, IOException error) {
        if (value != null && error instanceof NotSerializableException) {
            String className = String.valueOf(error.getMessage());
            String place = Culprit.place(value, className);
            String remedy = className.contains("$$Lambda")
                    ? "cannot be serialized; cast the lambda to an interface that extends java.io.Serializable, or make the field transient"
                    : "cannot be serialized; make it transient or let " + className + " implement java.io.Serializable";
            return new UnserializableException(place, remedy, error);
        }
        return new UnserializableException("a " + nameOf(value), "cannot be serialized: " + error.getMessage(), error);
    }

    private static String nameOf(@Nullable Object value) {
        return value == null ? "null" : value.getClass().getTypeName();
    }

    private static CollaException unreadable(IOException e) {
        return new CollaException("an object that was sent here cannot be read: " + e.getMessage(), e);
    }
}

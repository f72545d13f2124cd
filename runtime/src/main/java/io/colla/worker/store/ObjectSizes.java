package io.colla.worker.store;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.math.BigInteger;
import java.nio.Buffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * Estimates how many bytes an object takes in a heap with compressed references: arrays of primitives exactly, collections of the JDK from a sample of
 * their elements, other objects from their fields a few levels down. Looks at a bounded number of objects.
 */
final class ObjectSizes {
    private static final int MOST_VISITED = 48;
    private static final int DEEPEST = 5;
    private static final int SAMPLE = 8;
    private static final int ALL_ROWS = 128;
    private static final int HEADER = 16;
    private static final int REFERENCE = 4;
    private static final long UNKNOWN_OBJECT = 32;

    private record Shape(long shallow, Field[] references, boolean jdk) {}

    private static final ClassValue<Shape> SHAPES = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
            return examine(type);
        }
    };

    private int left = MOST_VISITED;

    private ObjectSizes() {}

    static long estimate(@Nullable Object value) {
        if (value == null) {
            return 0;
        }
        if (value instanceof Blob blob) {
            return blob instanceof Blob.Inline ? 2 * HEADER + align(blob.length()) : blob.length();
        }
        return value instanceof Number && !(value instanceof BigInteger) ? HEADER : new ObjectSizes().size(value, 0);
    }

    private long size(@Nullable Object value, int depth) {
        if (value == null) {
            return 0;
        }
        if (value instanceof String text) {
            return 40 + align((long) text.length() * (isWide(text) ? 2 : 1));
        }
        Class<?> type = value.getClass();
        if (type.isArray()) {
            return arraySize(value, depth);
        }
        if (value instanceof Enum || value instanceof Class) {
            return 0;
        }
        Shape shape = SHAPES.get(type);
        if (--left < 0 || depth > DEEPEST) {
            return shape.shallow;
        }
        return shape.jdk ? jdkSize(value, shape, depth) : shape.shallow + fields(value, shape, depth);
    }

    private static boolean isWide(String text) {
        int looked = Math.min(text.length(), 16);
        for (int i = 0; i < looked; i++) {
            if (text.charAt(i) > 0xff) {
                return true;
            }
        }
        return false;
    }

    private long fields(Object value, Shape shape, int depth) {
        long total = 0;
        for (Field field : shape.references) {
            try {
                total += size(field.get(value), depth + 1);
            } catch (IllegalAccessException e) {
                total += UNKNOWN_OBJECT;
            }
        }
        return total;
    }

    private long arraySize(Object array, int depth) {
        ArrayKind.Shape shape = ArrayKind.shape(array.getClass());
        ArrayKind kind = shape.kind();
        if (kind != null && shape.depth() == 1) {
            return HEADER + align((long) kind.length(array) * kind.width);
        }
        Object[] elements = (Object[]) array;
        long own = HEADER + align((long) elements.length * REFERENCE);
        int looked = Math.min(elements.length, shape.depth() == 2 ? ALL_ROWS : SAMPLE);
        if (looked == 0 || (kind == null && (--left < 0 || depth > DEEPEST))) {
            return own;
        }
        long sampled = 0;
        for (int i = 0; i < looked; i++) {
            sampled += size(elements[(int) ((long) i * elements.length / looked)], depth + 1);
        }
        return own + scale(sampled, looked, elements.length);
    }

    private long jdkSize(Object value, Shape shape, int depth) {
        try {
            if (value instanceof Collection<?> collection) {
                return shape.shallow + collectionSize(collection, depth);
            }
            if (value instanceof Map<?, ?> map) {
                return shape.shallow
                        + 8
                        + 32L * map.size()
                        + sampleSize(map.keySet(), depth)
                        + sampleSize(map.values(), depth);
            }
        } catch (RuntimeException e) {
            // Another task that shares the collection changes it right now.
            return shape.shallow;
        }
        if (value instanceof BigInteger number) {
            return shape.shallow + HEADER + align(number.bitLength() / 8 + 4);
        }
        if (value instanceof BitSet bits) {
            return shape.shallow + HEADER + bits.size() / 8;
        }
        if (value instanceof Buffer buffer) {
            return shape.shallow + HEADER + 8L * buffer.capacity();
        }
        if (value instanceof CharSequence text) {
            return shape.shallow + HEADER + 2L * text.length();
        }
        return shape.shallow;
    }

    private long collectionSize(Collection<?> collection, int depth) {
        int count = collection.size();
        if (count == 0) {
            return 0;
        }
        long slots = (long) count * (collection instanceof RandomAccess ? REFERENCE : 32);
        if (collection instanceof List<?> list && collection instanceof RandomAccess) {
            int looked = Math.min(count, SAMPLE);
            long sampled = 0;
            for (int i = 0; i < looked; i++) {
                sampled += size(list.get((int) ((long) i * count / looked)), depth + 1);
            }
            return HEADER + slots + scale(sampled, looked, count);
        }
        return HEADER + slots + sampleSize(collection, depth);
    }

    private long sampleSize(Collection<?> collection, int depth) {
        long sampled = 0;
        int looked = 0;
        Iterator<?> elements = collection.iterator();
        while (looked < SAMPLE && elements.hasNext()) {
            sampled += size(elements.next(), depth + 1);
            looked++;
        }
        return looked == 0 ? 0 : scale(sampled, looked, collection.size());
    }

    private static long scale(long sampled, int looked, int count) {
        return looked == count ? sampled : (long) ((double) sampled / looked * count);
    }

    private static long align(long bytes) {
        return (bytes + 7) & ~7L;
    }

    private static Shape examine(Class<?> type) {
        boolean jdk = type.getName().startsWith("java.") || type.getName().startsWith("sun.");
        long shallow = 12;
        List<Field> references = new ArrayList<>();
        for (Class<?> level = type; level != null && !level.isArray(); level = level.getSuperclass()) {
            for (Field field : level.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers())) {
                    continue;
                }
                shallow += width(field.getType());
                if (!field.getType().isPrimitive() && !jdk && field.trySetAccessible()) {
                    references.add(field);
                }
            }
        }
        return new Shape(align(shallow), references.toArray(new Field[0]), jdk);
    }

    private static int width(Class<?> type) {
        if (type == long.class || type == double.class) {
            return 8;
        }
        if (type == boolean.class || type == byte.class) {
            return 1;
        }
        return type == short.class || type == char.class ? 2 : REFERENCE;
    }
}

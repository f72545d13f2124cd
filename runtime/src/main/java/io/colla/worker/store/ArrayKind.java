package io.colla.worker.store;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The eight primitive array types, copied in bulk to and from byte buffers. The order of the constants is part of the serialized form. */
enum ArrayKind {
    BYTES(byte[].class, 1) {
        @Override
        void put(ByteBuffer target, Object array, int from, int count) {
            target.put((byte[]) array, from, count);
        }

        @Override
        void get(ByteBuffer source, Object array, int from, int count) {
            source.get((byte[]) array, from, count);
        }

        @Override
        int length(Object array) {
            return ((byte[]) array).length;
        }

        @Override
        Object create(int length) {
            return new byte[length];
        }

        @Override
        Object copy(Object array) {
            return ((byte[]) array).clone();
        }
    },
    BOOLEANS(boolean[].class, 1) {
        @Override
        void put(ByteBuffer target, Object array, int from, int count) {
            boolean[] values = (boolean[]) array;
            byte[] bytes = target.array();
            int start = target.arrayOffset() + target.position();
            for (int i = 0; i < count; i++) {
                bytes[start + i] = (byte) (values[from + i] ? 1 : 0);
            }
            target.position(target.position() + count);
        }

        @Override
        void get(ByteBuffer source, Object array, int from, int count) {
            boolean[] values = (boolean[]) array;
            byte[] bytes = source.array();
            int start = source.arrayOffset() + source.position();
            for (int i = 0; i < count; i++) {
                values[from + i] = bytes[start + i] != 0;
            }
            source.position(source.position() + count);
        }

        @Override
        int length(Object array) {
            return ((boolean[]) array).length;
        }

        @Override
        Object create(int length) {
            return new boolean[length];
        }

        @Override
        Object copy(Object array) {
            return ((boolean[]) array).clone();
        }
    },
    SHORTS(short[].class, 2) {
        @Override
        void put(ByteBuffer target, Object array, int from, int count) {
            target.asShortBuffer().put((short[]) array, from, count);
            target.position(target.position() + count * 2);
        }

        @Override
        void get(ByteBuffer source, Object array, int from, int count) {
            source.asShortBuffer().get((short[]) array, from, count);
            source.position(source.position() + count * 2);
        }

        @Override
        int length(Object array) {
            return ((short[]) array).length;
        }

        @Override
        Object create(int length) {
            return new short[length];
        }

        @Override
        Object copy(Object array) {
            return ((short[]) array).clone();
        }
    },
    CHARS(char[].class, 2) {
        @Override
        void put(ByteBuffer target, Object array, int from, int count) {
            target.asCharBuffer().put((char[]) array, from, count);
            target.position(target.position() + count * 2);
        }

        @Override
        void get(ByteBuffer source, Object array, int from, int count) {
            source.asCharBuffer().get((char[]) array, from, count);
            source.position(source.position() + count * 2);
        }

        @Override
        int length(Object array) {
            return ((char[]) array).length;
        }

        @Override
        Object create(int length) {
            return new char[length];
        }

        @Override
        Object copy(Object array) {
            return ((char[]) array).clone();
        }
    },
    INTS(int[].class, 4) {
        @Override
        void put(ByteBuffer target, Object array, int from, int count) {
            target.asIntBuffer().put((int[]) array, from, count);
            target.position(target.position() + count * 4);
        }

        @Override
        void get(ByteBuffer source, Object array, int from, int count) {
            source.asIntBuffer().get((int[]) array, from, count);
            source.position(source.position() + count * 4);
        }

        @Override
        int length(Object array) {
            return ((int[]) array).length;
        }

        @Override
        Object create(int length) {
            return new int[length];
        }

        @Override
        Object copy(Object array) {
            return ((int[]) array).clone();
        }
    },
    LONGS(long[].class, 8) {
        @Override
        void put(ByteBuffer target, Object array, int from, int count) {
            target.asLongBuffer().put((long[]) array, from, count);
            target.position(target.position() + count * 8);
        }

        @Override
        void get(ByteBuffer source, Object array, int from, int count) {
            source.asLongBuffer().get((long[]) array, from, count);
            source.position(source.position() + count * 8);
        }

        @Override
        int length(Object array) {
            return ((long[]) array).length;
        }

        @Override
        Object create(int length) {
            return new long[length];
        }

        @Override
        Object copy(Object array) {
            return ((long[]) array).clone();
        }
    },
    FLOATS(float[].class, 4) {
        @Override
        void put(ByteBuffer target, Object array, int from, int count) {
            target.asFloatBuffer().put((float[]) array, from, count);
            target.position(target.position() + count * 4);
        }

        @Override
        void get(ByteBuffer source, Object array, int from, int count) {
            source.asFloatBuffer().get((float[]) array, from, count);
            source.position(source.position() + count * 4);
        }

        @Override
        int length(Object array) {
            return ((float[]) array).length;
        }

        @Override
        Object create(int length) {
            return new float[length];
        }

        @Override
        Object copy(Object array) {
            return ((float[]) array).clone();
        }
    },
    DOUBLES(double[].class, 8) {
        @Override
        void put(ByteBuffer target, Object array, int from, int count) {
            target.asDoubleBuffer().put((double[]) array, from, count);
            target.position(target.position() + count * 8);
        }

        @Override
        void get(ByteBuffer source, Object array, int from, int count) {
            source.asDoubleBuffer().get((double[]) array, from, count);
            source.position(source.position() + count * 8);
        }

        @Override
        int length(Object array) {
            return ((double[]) array).length;
        }

        @Override
        Object create(int length) {
            return new double[length];
        }

        @Override
        Object copy(Object array) {
            return ((double[]) array).clone();
        }
    };

    private static final ArrayKind[] ALL = values();
    private static final ClassValue<Shape> SHAPES = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
            int depth = 0;
            Class<?> component = type;
            while (component.isArray()) {
                Class<?> inner = component.getComponentType();
                depth++;
                if (inner.isPrimitive()) {
                    for (ArrayKind kind : ALL) {
                        if (kind.type == component) {
                            return new Shape(kind, depth);
                        }
                    }
                }
                component = inner;
            }
            return new Shape(null, 0);
        }
    };

    final Class<?> type;
    final int width;

    ArrayKind(Class<?> type, int width) {
        this.type = type;
        this.width = width;
    }

    /** Copies elements behind the buffer's position, which has room for them. */
    abstract void put(ByteBuffer target, Object array, int from, int count);

    abstract void get(ByteBuffer source, Object array, int from, int count);

    abstract int length(Object array);

    abstract Object create(int length);

    abstract Object copy(Object array);

    static Shape shape(Class<?> type) {
        return SHAPES.get(type);
    }

    static @Nullable ArrayKind ofCode(int code) {
        return code >= 0 && code < ALL.length ? ALL[code] : null;
    }

    /**
     * What an array of primitives, or of such arrays, is made of.
     *
     * @param kind null for every other class
     * @param depth number of dimensions
     */
    record Shape(@Nullable ArrayKind kind, int depth) {}
}

package io.colla.worker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.CollaException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ValueCodecTest {
    private final ValueCodec codec = new ValueCodec(ValueCodecTest.class.getClassLoader());

    enum Colour {
        RED {},
        BLUE
    }

    record Point(int x, String name, LocalDate day) implements Serializable {}

    record Holder(Object held) implements Serializable {}

    record Vector(double[] values) implements Serializable {}

    record Chain(int value, Chain next) implements Serializable {}

    static class Model implements Serializable {
        private static final long serialVersionUID = 1L;
        final String name = "m";
        final List<Object> parts = new ArrayList<>();
        Object connection;
        transient Object cache = new Object();
    }

    static class Connection {}

    static Stream<Object> values() {
        Random random = new Random(7);
        byte[] bytes = new byte[300_001];
        random.nextBytes(bytes);
        boolean[] flags = new boolean[70_001];
        char[] chars = new char[140_003];
        short[] shorts = new short[140_003];
        int[] ints = random.ints(70_001).toArray();
        float[] floats = new float[70_001];
        for (int i = 0; i < chars.length; i++) {
            chars[i] = (char) random.nextInt();
            shorts[i] = (short) random.nextInt();
            flags[i % flags.length] = random.nextBoolean();
            floats[i % floats.length] = Float.intBitsToFloat(random.nextInt() & 0x7f7fffff);
        }
        return Stream.of(
                true,
                false,
                (byte) -3,
                (short) -300,
                '\uffff',
                'a',
                -70_000,
                Long.MIN_VALUE,
                -0.0f,
                Double.NaN,
                Math.PI,
                "",
                "text",
                "né\u00ff",
                "\u4e2d\u6587",
                "lone \ud800 surrogate",
                "x".repeat(300_000),
                "\u4e2d".repeat(300_000),
                bytes,
                flags,
                chars,
                shorts,
                ints,
                random.longs(70_001).toArray(),
                floats,
                random.doubles(70_001).toArray(),
                new int[0],
                new double[][] {{1, 2}, null, {}},
                new int[0][],
                new int[2][3][4],
                new boolean[][][] {{{true}}, null, {null, {false, true}}},
                new byte[][] {bytes, {1}},
                new String[] {"a", null},
                new Object[] {1, new int[] {2}},
                List.of(1, "b"),
                new ArrayList<>(List.of(1.5, 2.5)),
                Map.of("k", 2),
                Colour.RED,
                Colour.BLUE,
                new Point(1, "p", LocalDate.of(2026, 1, 1)),
                new Vector(new double[] {1, 2}).values(),
                BigInteger.TEN.pow(400),
                Path.of("/a/b c"),
                new Holder(Path.of("rel/ative")),
                int.class,
                String[].class,
                double[][].class,
                new File("/x"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void keepsValuesThroughBytesAndStreams(Object value) throws IOException {
        byte[] bytes = codec.toBytes(value);
        assertSame(codec.fromBytes(bytes), value);
        long announced = codec.serializedLength(value);
        if (announced >= 0 && !(value instanceof Number)) {
            assertThat((long) bytes.length).isEqualTo(announced);
        }

        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        codec.write(value, Channels.newChannel(stream));
        if (!(value instanceof Map)) {
            assertThat(stream.toByteArray()).isEqualTo(bytes);
        }
        assertSame(codec.read(new Dribble(stream.toByteArray())), value);
        assertSame(codec.read(new ByteArrayInputStream(bytes), bytes.length), value);
        assertSame(codec.copy(value), value);
    }

    private static void assertSame(Object actual, Object expected) {
        assertThat(actual.getClass()).isEqualTo(expected.getClass());
        assertThat(Arrays.deepEquals(new Object[] {actual}, new Object[] {expected}))
                .isTrue();
    }

    /** Gives few bytes at a time, as a socket may. */
    private static final class Dribble extends InputStream {
        private final byte[] bytes;
        private final Random random = new Random(3);
        private int next;

        Dribble(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() {
            return next < bytes.length ? bytes[next++] & 0xff : -1;
        }

        @Override
        public int read(byte[] target, int from, int length) {
            int count = Math.min(bytes.length - next, Math.min(length, 1 + random.nextInt(5_000)));
            if (count <= 0) {
                return -1;
            }
            System.arraycopy(bytes, next, target, from, count);
            next += count;
            return count;
        }
    }

    @Test
    void keepsNullAndRowsThatOccurTwice() {
        assertThat(codec.fromBytes(codec.toBytes(null))).isNull();
        double[] row = {1, 2};
        double[][] twice = {row, row};
        double[][] back = (double[][]) codec.fromBytes(codec.toBytes(twice));
        assertThat(back[0]).isSameAs(back[1]).isEqualTo(row);
        double[][] copy = codec.copy(twice);
        assertThat(copy[0]).isSameAs(copy[1]).isNotSameAs(row);
    }

    @Test
    void keepsProxiesAndLambdas() {
        @SuppressWarnings("unchecked")
        Supplier<String> lambda = (Supplier<String> & Serializable) () -> "said";
        assertThat(((Supplier<?>) codec.fromBytes(codec.toBytes(lambda))).get()).isEqualTo("said");
        InvocationHandler handler = (InvocationHandler & Serializable) (proxy, method, arguments) -> "answer";
        Object proxy = Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Supplier.class}, handler);
        assertThat(((Supplier<?>) codec.fromBytes(codec.toBytes(proxy))).get()).isEqualTo("answer");
    }

    @Test
    void namesTheFieldThatCannotBeSerialized() {
        Model model = new Model();
        model.connection = new Connection();
        assertThatThrownBy(() -> codec.toBytes(model)).isInstanceOfSatisfying(UnserializableException.class, e -> {
            assertThat(e.place()).isEqualTo("field Model.connection (" + Connection.class.getName() + ")");
            assertThat(e.of("the result of task 3"))
                    .hasMessage("field Model.connection (" + Connection.class.getName()
                            + ") of the result of task 3 cannot be serialized; make it transient or let "
                            + Connection.class.getName() + " implement java.io.Serializable");
        });
    }

    @Test
    void namesElementsOnTheWayToTheCulprit() {
        Model inner = new Model();
        inner.connection = new Connection();
        Model outer = new Model();
        outer.parts.add("fine");
        outer.parts.add(Map.of("key", inner));
        assertThatThrownBy(() -> codec.copy(outer))
                .isInstanceOf(UnserializableException.class)
                .hasMessageContaining("field Model.connection")
                .hasMessageContaining("in value of key key in element 1 in field Model.parts");
        Runnable lambda = () -> {};
        assertThatThrownBy(() -> codec.toBytes(lambda))
                .hasMessageContaining("a lambda of " + getClass().getName())
                .hasMessageContaining("extends java.io.Serializable");
        assertThatThrownBy(() -> codec.toBytes(new Connection()))
                .hasMessageContaining("Connection cannot be serialized");
    }

    @Test
    void toleratesWhatUserCodeThrowsWhileItIsSerialized() {
        class Broken implements Serializable {
            private void writeObject(ObjectOutputStream out) {
                throw new IllegalStateException("not now");
            }
        }
        assertThatThrownBy(() -> codec.toBytes(new Broken()))
                .isInstanceOf(UnserializableException.class)
                .hasMessageContaining("not now");
        Chain deep = null;
        for (int i = 0; i < 200_000; i++) {
            deep = new Chain(i, deep);
        }
        Chain chain = deep;
        assertThatThrownBy(() -> codec.toBytes(chain))
                .hasMessageContaining("nested too deeply")
                .hasMessageContaining("-Xss");
    }

    @Test
    void tellsErrorsOfTheTargetFromThoseOfTheObject() {
        assertThatThrownBy(() -> codec.write(new double[100_000], new java.io.OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("target broke");
                    }
                }))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("target broke");
    }

    @Test
    void refusesBytesThatAreNoObject() {
        assertThatThrownBy(() -> codec.fromBytes(new byte[] {99})).isInstanceOf(CollaException.class);
        assertThatThrownBy(() -> codec.fromBytes(new byte[0])).isInstanceOf(CollaException.class);
        byte[] array = codec.toBytes(new double[10]);
        array[4] = 0x7f;
        assertThatThrownBy(() -> codec.fromBytes(array))
                .isInstanceOf(CollaException.class)
                .hasMessageContaining("length");
        assertThatThrownBy(() -> codec.fromBytes(Arrays.copyOf(codec.toBytes("text"), 6)))
                .isInstanceOf(CollaException.class);
    }

    @Test
    void namesAClassThatIsMissingHere() {
        byte[] bytes = codec.toBytes(new Point(1, "p", LocalDate.EPOCH));
        ValueCodec other = new ValueCodec(ClassLoader.getPlatformClassLoader());
        // This package's own classes are found by the runtime's loader, so another name is put in.
        String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1)
                .replace("io.colla.worker", "xx.colla.worker");
        assertThatThrownBy(() -> other.fromBytes(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)))
                .isInstanceOf(CollaException.class)
                .hasMessageContaining("xx.colla.worker.store.ValueCodecTest$Point")
                .hasMessageContaining("class path");
    }

    @Test
    void knowsWhatCannotChange() {
        assertThat(Stream.of(
                        1,
                        "s",
                        Colour.RED,
                        LocalDate.EPOCH,
                        BigInteger.ONE,
                        Path.of("a"),
                        new Point(1, "a", LocalDate.EPOCH),
                        new Holder("text"),
                        new Holder(new Holder(3)),
                        List.of(1, 2, 3),
                        Map.of("a", List.of()),
                        new Chain(1, new Chain(2, null))))
                .allMatch(codec::isImmutable);
        assertThat(Stream.of(
                        new int[0],
                        new ArrayList<>(),
                        new Holder(new int[1]),
                        new Vector(new double[1]),
                        List.of(new int[1]),
                        new Model(),
                        new StringBuilder(),
                        new HashMap<>(),
                        java.util.Collections.unmodifiableList(new ArrayList<>())))
                .noneMatch(codec::isImmutable);
        assertThat(codec.isImmutable(null)).isTrue();
    }

    @Test
    void copiesWhatCanChangeAndOnlyThat() {
        Point point = new Point(1, "a", LocalDate.EPOCH);
        assertThat(codec.copy(point)).isSameAs(point);
        int[][] rows = {{1}, {2}};
        int[][] copy = codec.copy(rows);
        copy[0][0] = 9;
        assertThat(rows[0][0]).isEqualTo(1);
        Model model = new Model();
        model.parts.add(new int[] {1});
        Model other = codec.copy(model);
        ((int[]) other.parts.get(0))[0] = 5;
        assertThat((int[]) model.parts.get(0)).containsExactly(1);
    }

    @Test
    void estimatesSizes() {
        assertThat(codec.sizeOf(new double[1000])).isEqualTo(8016);
        assertThat(codec.sizeOf(new byte[3])).isEqualTo(24);
        assertThat(codec.sizeOf(new double[1000][1000])).isBetween(8_000_000L, 8_100_000L);
        assertThat(codec.sizeOf("x".repeat(1000))).isBetween(1000L, 1100L);
        assertThat(codec.sizeOf("\u4e2d".repeat(1000))).isBetween(2000L, 2100L);
        assertThat(codec.sizeOf(new Vector(new double[1000]))).isBetween(8016L, 8060L);
        List<double[]> list = new ArrayList<>();
        Map<Integer, byte[]> map = new HashMap<>();
        for (int i = 0; i < 1000; i++) {
            list.add(new double[100]);
            map.put(i, new byte[1000]);
        }
        assertThat(codec.sizeOf(list)).isBetween(800_000L, 900_000L);
        assertThat(codec.sizeOf(map)).isBetween(1_000_000L, 1_200_000L);
        assertThat(codec.sizeOf(new Holder(list))).isBetween(800_000L, 900_000L);
        assertThat(codec.sizeOf(null)).isZero();
        assertThat(codec.sizeOf(Array.newInstance(long.class, 0))).isEqualTo(16);
    }

    @Test
    void estimatesSizesOfSelfReferencesInBoundedTime() {
        List<Object> self = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            self.add(self);
        }
        Object[] arrays = new Object[100];
        Arrays.fill(arrays, arrays);
        long start = System.nanoTime();
        assertThat(codec.sizeOf(self)).isPositive();
        assertThat(codec.sizeOf(arrays)).isPositive();
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(1));
    }
}

package io.colla.worker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.transport.Incoming;
import io.colla.transport.Outgoing;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentStoreTest {
    private static final StoreSettings SMALL = new StoreSettings(100_000, 1000, 20_000);

    @TempDir
    Path parent;

    private final ValueCodec codec = new ValueCodec(ContentStoreTest.class.getClassLoader());
    private ContentStore store;

    @BeforeEach
    void open() {
        store = store(SMALL);
    }

    @AfterEach
    void close() throws IOException {
        Path folder = store.scratch().path();
        store.close();
        assertThat(folder).doesNotExist();
        try (Stream<Path> left = Files.list(parent)) {
            assertThat(left.filter(path -> path.getFileName().toString().contains("colla")))
                    .isEmpty();
        }
    }

    private ContentStore store(StoreSettings settings) {
        return new ContentStore(codec, ScratchFolder.create(parent), settings);
    }

    private static byte[] sent(Outgoing outgoing) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (outgoing) {
            outgoing.writeTo(Channels.newChannel(bytes));
            if (outgoing.length() >= 0) {
                assertThat((long) bytes.size()).isEqualTo(outgoing.length());
            }
        }
        return bytes.toByteArray();
    }

    private static void write(WritableByteChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private List<Path> filesBelow(String folder) throws IOException {
        Path root = store.scratch().path().resolve(folder);
        if (!Files.exists(root)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void holdsObjectsUntilTheyAreDropped() {
        int[] live = {1, 2};
        store.put(1, live);
        store.put(2, null);
        store.putSerialized(3, codec.toBytes(List.of("a")));
        assertThat(store.value(1)).isSameAs(live);
        assertThat(store.value(2)).isNull();
        assertThat(store.copyOf(2)).isNull();
        assertThat(store.value(3)).isEqualTo(List.of("a")).isSameAs(store.value(3));
        assertThat((int[]) store.copyOf(1)).isNotSameAs(live).containsExactly(1, 2);
        assertThat(store.has(2)).isTrue();
        assertThat(store.size(1)).isEqualTo(24);
        assertThat(store.size(9)).isEqualTo(-1);
        for (int content = 0; content < 5; content++) {
            store.drop(content);
            store.drop(content);
            assertThat(store.has(content)).isFalse();
        }
        assertThatThrownBy(() -> store.value(1))
                .isInstanceOf(MissingContentException.class)
                .hasMessageContaining("content 1");
        assertThat(store.statistics()).isEqualTo(new StoreStatistics(0, 0, 0, 0, 0, 1));
    }

    @Test
    void spillsTheLeastRecentlyUsedAndLoadsItAgain() throws IOException {
        for (int i = 0; i < 10; i++) {
            store.put(i, new double[1000]);
        }
        ((double[]) store.value(0))[7] = 0;
        store.put(10, new double[2000]);
        store.put(11, new double[2000]);
        StoreStatistics statistics = store.statistics();
        assertThat(statistics.memory()).isBetween(0L, SMALL.memory());
        assertThat(statistics.spills())
                .isPositive()
                .isEqualTo(filesBelow("spill").size());
        assertThat(statistics.disk()).isEqualTo(statistics.spills() * 8005);
        for (int i = 0; i < 10; i++) {
            assertThat((double[]) store.value(i)).hasSize(1000);
            assertThat((double[]) store.copyOf(i)).hasSize(1000);
        }
        assertThat(store.statistics().loads()).isPositive();
        for (int i = 0; i < 12; i++) {
            store.drop(i);
        }
        assertThat(store.statistics().memory()).isZero();
        assertThat(store.statistics().disk()).isZero();
        assertThat(filesBelow("spill")).isEmpty();
    }

    @Test
    void keepsWhatIsPinnedAsTheSameObject() {
        double[] used = new double[1000];
        store.put(0, used);
        assertThat(store.pin(0)).isTrue();
        assertThat(store.pin(99)).isFalse();
        for (int i = 1; i < 30; i++) {
            store.put(i, new double[1000]);
        }
        assertThat(store.value(0)).isSameAs(used);
        store.unpin(0);
        for (int i = 30; i < 60; i++) {
            store.put(i, new double[1000]);
        }
        assertThat(store.value(0)).isNotSameAs(used).isEqualTo(used);
    }

    @Test
    void doesNotSpillChangesAway() throws IOException {
        for (int i = 0; i < 20; i++) {
            store.put(i, new double[] {i, 0, 0});
            store.put(i, pad(i));
        }
        for (int round = 1; round <= 5; round++) {
            for (int i = 0; i < 20; i++) {
                int from = (round - 1) * 100 + i;
                store.rename(from, round * 100 + i);
                store.pin(round * 100 + i);
                ((double[]) store.value(round * 100 + i))[1]++;
                store.unpin(round * 100 + i);
            }
        }
        for (int i = 0; i < 20; i++) {
            assertThat((double[]) store.value(500 + i)).startsWith(i, 5);
        }
        assertThat(store.statistics().spills()).isGreaterThan(20);
    }

    private static double[] pad(int value) {
        double[] array = new double[1500];
        array[0] = value;
        return array;
    }

    @Test
    void keepsObjectsThatCannotBeSerializedInMemory() {
        List<Object> things = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Object[] thing = {new Object(), new double[1000]};
            things.add(thing);
            store.put(i, thing);
        }
        for (int i = 0; i < 40; i++) {
            assertThat(store.value(i)).isSameAs(things.get(i));
        }
        assertThatThrownBy(() -> store.copyOf(0)).isInstanceOf(UnserializableException.class);
    }

    @Test
    void sendsEveryFormAndKeepsItWholeWhenItIsDropped() throws IOException {
        double[] large = new double[40_000];
        large[39_999] = 3;
        List<double[]> list = new ArrayList<>(List.of(new double[40_000], new double[] {4}));
        store.put(1, "small");
        store.put(2, large);
        store.pin(2);
        store.put(3, list);
        store.putSerialized(4, codec.toBytes("s"));
        store.put(5, new double[9000]);
        Path file = store.newFile(6, "a file");
        Files.writeString(file, "content");
        store.putFile(6, file, true);
        List<Outgoing> all = new ArrayList<>();
        for (int content = 1; content <= 6; content++) {
            all.add(store.open(content));
            store.drop(content);
        }
        assertThat(store.open(1)).isNull();
        assertThat(file).doesNotExist();
        assertThat(codec.fromBytes(sent(all.get(0)))).isEqualTo("small");
        assertThat(codec.fromBytes(sent(all.get(1)))).isEqualTo(large);
        assertThat(((List<?>) codec.fromBytes(sent(all.get(2)))).get(1)).isEqualTo(new double[] {4});
        assertThat(codec.fromBytes(sent(all.get(3)))).isEqualTo("s");
        assertThat(codec.fromBytes(sent(all.get(4)))).isEqualTo(new double[9000]);
        assertThat(all.get(5).isFile()).isTrue();
        assertThat(all.get(5).name()).isEqualTo("a file");
        assertThat(sent(all.get(5))).asString().isEqualTo("content");
    }

    @Test
    void movesAFileWithItsContentAndKeepsItsName() throws IOException {
        Path file = store.newFile(1, "data.txt");
        Files.writeString(file, "content");
        store.putFile(1, file, true);
        assertThat(file).isEqualTo(store.scratch().path().resolve("data/1/data.txt"));
        store.rename(1, 2);
        assertThat(store.has(1)).isFalse();
        assertThat(file.getParent()).doesNotExist();
        assertThat(store.file(2)).hasFileName("data.txt").hasContent("content");
        assertThat(store.size(2)).isEqualTo(7);
        Path copy = store.copyFile(2, 3, "copy.txt");
        assertThat(store.has(3)).isFalse();
        Files.writeString(copy, "changed!");
        store.putFile(3, copy, true);
        assertThat(store.file(2)).hasContent("content");
        assertThat(store.statistics().disk()).isEqualTo(15);
        store.drop(2);
        store.drop(3);
        assertThat(filesBelow("data")).isEmpty();
        assertThat(store.statistics().disk()).isZero();
    }

    @Test
    void leavesFilesAloneThatAreNotItsOwn() throws IOException {
        Path theirs = Files.writeString(parent.resolve("theirs"), "x");
        store.putFile(1, theirs, false);
        store.rename(1, 2);
        assertThat(store.file(2)).isEqualTo(theirs);
        store.drop(2);
        assertThat(theirs).exists();
        assertThat(store.statistics().disk()).isZero();
        assertThatThrownBy(() -> store.putFile(3, parent.resolve("none"), true)).isInstanceOf(IOException.class);
        assertThat(store.has(3)).isFalse();
    }

    @Test
    void removesTheFolderOfAFileThatNeverCame() throws IOException {
        Path file = store.newFile(1, "half");
        Files.writeString(file, "partial");
        store.drop(1);
        assertThat(file.getParent()).doesNotExist();
        for (String name : List.of("", ".", "..", "a/b", "/etc/x", "n".repeat(256))) {
            assertThatThrownBy(() -> store.newFile(2, name)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void receivesWithoutShowingPartialContents() throws IOException {
        byte[] object = codec.toBytes(new double[1000]);
        Incoming incoming = store.receive(1);
        WritableByteChannel channel = incoming.begin(false, "", object.length);
        channel.write(ByteBuffer.wrap(object, 0, 100));
        assertThat(store.has(1)).isFalse();
        assertThatThrownBy(incoming::complete).isInstanceOf(EOFException.class).hasMessageContaining("100 of 8005");
        channel = incoming.begin(false, "", object.length);
        write(channel, object);
        assertThat(store.has(1)).isFalse();
        incoming.complete();
        assertThat(store.value(1)).isEqualTo(new double[1000]);

        Incoming file = store.receive(2);
        write(file.begin(true, "f.bin", -1), new byte[5000]);
        assertThat(store.has(2)).isFalse();
        file.complete();
        assertThat(store.file(2)).hasFileName("f.bin").hasSize(5000);

        Incoming dropped = store.receive(3);
        write(dropped.begin(true, "g.bin", 10), new byte[5]);
        dropped.abort();
        dropped.abort();
        assertThat(store.scratch().path().resolve("data/3")).doesNotExist();
        WritableByteChannel limited = store.receive(4).begin(false, "", 10);
        assertThatThrownBy(() -> limited.write(ByteBuffer.allocate(11))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> store.receive(5).begin(true, "../up", 1)).isInstanceOf(IOException.class);
    }

    @Test
    void foldersTravelWithAllThatIsInThem() throws IOException {
        Path sent = Files.createDirectories(store.newFile(1, "results"));
        Files.createDirectories(sent.resolve("deep/empty"));
        Files.writeString(sent.resolve("deep/text"), "abc");
        Files.write(sent.resolve("none"), new byte[0]);
        Path script = Files.writeString(sent.resolve("script.sh"), "exit 0");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-x---"));
        Files.createSymbolicLink(sent.resolve("link"), Path.of("deep/text"));
        store.putFile(1, sent, true);
        assertThat(store.size(1)).isGreaterThanOrEqualTo(9);

        Outgoing outgoing = store.open(1);
        Incoming incoming = store.receive(2);
        write(incoming.begin(outgoing.isFile(), outgoing.name(), outgoing.length()), sent(outgoing));
        incoming.complete();

        Path received = store.file(2);
        assertThat(received.getFileName()).hasToString("results");
        assertThat(received.resolve("deep/empty")).isEmptyDirectory();
        assertThat(received.resolve("deep/text")).hasContent("abc");
        assertThat(received.resolve("none")).isEmptyFile();
        assertThat(Files.getPosixFilePermissions(received.resolve("script.sh")))
                .isEqualTo(PosixFilePermissions.fromString("rwxr-x---"));
        assertThat(Files.readSymbolicLink(received.resolve("link"))).hasToString("deep/text");

        Path copy = store.copyFile(2, 3, "results");
        Files.writeString(copy.resolve("deep/text"), "changed");
        store.putFile(3, copy, true);
        assertThat(received.resolve("deep/text")).hasContent("abc");
        store.drop(2);
        assertThat(received).doesNotExist();
        assertThat(copy.resolve("deep/text")).hasContent("changed");
    }

    @Test
    void receivesLargeObjectsStraightToDisk() throws IOException {
        byte[] object = codec.toBytes(new double[5000]);
        Incoming known = store.receive(1);
        write(known.begin(false, "", object.length), object);
        known.complete();
        assertThat(filesBelow("spill")).hasSize(1);
        assertThat(store.statistics().memory()).isEqualTo(Entry.OVERHEAD);
        assertThat(sent(store.open(1))).isEqualTo(object);

        Incoming unknown = store.receive(2);
        WritableByteChannel channel = unknown.begin(false, "", -1);
        for (int i = 0; i < object.length; i += 1000) {
            channel.write(ByteBuffer.wrap(object, i, Math.min(1000, object.length - i)));
        }
        assertThat(filesBelow("spill")).hasSize(2);
        unknown.complete();
        assertThat(store.value(2)).isEqualTo(new double[5000]);
        Incoming small = store.receive(3);
        write(small.begin(false, "", -1), codec.toBytes("text"));
        small.complete();
        assertThat(store.value(3)).isEqualTo("text");
        Incoming gone = store.receive(4);
        write(gone.begin(false, "", 50_000), new byte[10]);
        gone.abort();
        assertThat(filesBelow("spill")).hasSize(2);
    }

    @Test
    void makesASharedObjectOnce() throws Exception {
        store.put(1, new int[] {5});
        AtomicInteger made = new AtomicInteger();
        CyclicBarrier barrier = new CyclicBarrier(4);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Object>> calls = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                calls.add(() -> {
                    barrier.await(10, TimeUnit.SECONDS);
                    return store.share(-1, 2, () -> {
                        made.incrementAndGet();
                        return new int[1];
                    });
                });
            }
            List<Object> objects = new ArrayList<>();
            for (Future<Object> call : threads.invokeAll(calls, 30, TimeUnit.SECONDS)) {
                objects.add(call.get());
            }
            assertThat(objects).allMatch(object -> object == objects.get(0));
            assertThat(made).hasValue(1);
        } finally {
            threads.shutdownNow();
        }
        int[] copy = (int[]) store.share(1, 3, () -> null);
        assertThat(copy).containsExactly(5).isNotSameAs(store.value(1));
        assertThatThrownBy(() -> store.share(-1, 4, () -> {
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(store.has(4)).isFalse();
        assertThat(store.share(-1, 4, () -> "again")).isEqualTo("again");
    }

    /** A disk of limited room. */
    private static final class TinyDisk extends Disk {
        private volatile long room;

        TinyDisk(Path folder, long room) {
            super(folder);
            this.room = room;
        }

        @Override
        OutputStream create(Path path) throws IOException {
            OutputStream target = super.create(path);
            return new OutputStream() {
                @Override
                public void write(int value) throws IOException {
                    write(new byte[] {(byte) value}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    if (length > room) {
                        throw new IOException("No space left on device");
                    }
                    room -= length;
                    target.write(bytes, from, length);
                }

                @Override
                public void close() throws IOException {
                    target.close();
                }
            };
        }
    }

    @Test
    void keepsItsStateWhenTheDiskIsFull() throws IOException {
        ScratchFolder scratch = ScratchFolder.create(parent);
        TinyDisk disk = new TinyDisk(scratch.path(), 20_000);
        try (ContentStore full = new ContentStore(codec, scratch, SMALL, disk)) {
            int[] next = {0};
            assertThatThrownBy(() -> {
                        while (next[0] < 100) {
                            full.put(next[0], pad(next[0]));
                            next[0]++;
                        }
                    })
                    .isInstanceOf(StoreFullException.class)
                    .hasMessageContaining(scratch.path().toString());
            assertThat(full.has(next[0])).isFalse();
            assertThat(full.statistics().memory()).isBetween(SMALL.memory(), SMALL.memory() * 5 / 4 + 1);
            for (int i = 0; i < next[0]; i++) {
                assertThat((double[]) full.value(i)).startsWith(i);
            }
            disk.room = Long.MAX_VALUE;
            full.put(next[0], pad(next[0]));
            assertThat(full.statistics().memory()).isLessThanOrEqualTo(SMALL.memory());
            for (int i = 0; i <= next[0]; i++) {
                assertThat((double[]) full.value(i)).startsWith(i);
                full.drop(i);
            }
            assertThat(full.statistics().memory()).isZero();
            assertThat(full.statistics().disk()).isZero();
        }
    }

    @Test
    void failsClearlyWhenAnObjectDoesNotFitIntoTheHeap() {
        byte[] bytes = codec.toBytes(new TooLarge());
        store.putSerialized(1, bytes);
        assertThatThrownBy(() -> store.value(1))
                .isInstanceOf(HeapFullException.class)
                .hasMessageContaining("content 1")
                .hasMessageContaining("MiB are in use");
        assertThat(store.has(1)).isTrue();
        assertThat(sentQuietly(1)).isEqualTo(bytes);
    }

    private byte[] sentQuietly(int content) {
        try {
            return sent(store.open(content));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static final class TooLarge implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() {
            throw new OutOfMemoryError("as if");
        }
    }

    @Test
    void keepsItsFolderToItself() throws IOException {
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(store.scratch().path())))
                .isEqualTo("rwx------");
    }
}

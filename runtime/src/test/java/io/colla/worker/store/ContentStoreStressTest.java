package io.colla.worker.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.transport.Incoming;
import io.colla.transport.Outgoing;
import java.io.ByteArrayOutputStream;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentStoreStressTest {
    private static final int THREADS = 4;

    @TempDir
    Path parent;

    private final ValueCodec codec = new ValueCodec(ContentStoreStressTest.class.getClassLoader());

    /** Values stay right whatever the others do, though memory holds only a few of them. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void keepsValuesRightUnderPressure(long seed) throws Exception {
        stress(seed, 1_500);
    }

    @Test
    @Tag("fuzz")
    void keepsValuesRightUnderPressureForLong() throws Exception {
        for (long seed = 100; seed < 110; seed++) {
            stress(seed, 3_000);
        }
    }

    private void stress(long seed, int steps) throws Exception {
        StoreSettings settings = new StoreSettings(200_000, 500, 30_000);
        AtomicIntegerArray sharedUpdates = new AtomicIntegerArray(8);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
        try (ContentStore store = new ContentStore(codec, ScratchFolder.create(parent), settings)) {
            AtomicBoolean done = new AtomicBoolean();
            Future<Long> watcher = threads.submit(() -> {
                long highest = 0;
                while (!done.get()) {
                    StoreStatistics statistics = store.statistics();
                    assertThat(statistics.memory()).as("seed %d", seed).isNotNegative();
                    assertThat(statistics.disk()).as("seed %d", seed).isNotNegative();
                    highest = Math.max(highest, statistics.memory());
                    TimeUnit.MICROSECONDS.sleep(200);
                }
                return highest;
            });
            List<Callable<Void>> workers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                workers.add(new Worker(store, i, seed, steps, sharedUpdates));
            }
            for (Future<Void> worker : threads.invokeAll(workers, 300, TimeUnit.SECONDS)) {
                worker.get();
            }
            done.set(true);
            // A few objects of each thread are pinned or on their way, on top of the budget.
            assertThat(watcher.get(10, TimeUnit.SECONDS)).isLessThan(2 * settings.memory());
            for (int i = 0; i < 8; i++) {
                if (store.has(i)) {
                    assertThat(((int[]) store.value(i))[0]).as("seed %d", seed).isEqualTo(sharedUpdates.get(i));
                }
                store.drop(i);
            }
            assertThat(store.statistics().spills()).isPositive();
            assertThat(store.statistics().loads()).isPositive();
            StoreStatistics end = store.statistics();
            assertThat(end).isEqualTo(new StoreStatistics(0, 0, 0, 0, end.spills(), end.loads()));
        } finally {
            threads.shutdownNow();
        }
    }

    /** Has contents of its own, and shares eight with the others. */
    private final class Worker implements Callable<Void> {
        private final ContentStore store;
        private final Random random;
        private final int steps;
        private final AtomicIntegerArray sharedUpdates;
        private final Map<Integer, Integer> expected = new HashMap<>();
        private final List<Integer> own = new ArrayList<>();
        private final String label;
        private int next;

        Worker(ContentStore store, int number, long seed, int steps, AtomicIntegerArray sharedUpdates) {
            this.store = store;
            this.steps = steps;
            this.sharedUpdates = sharedUpdates;
            random = new Random(seed * 31 + number);
            next = (number + 1) * 10_000_000;
            label = "seed " + seed + " thread " + number;
        }

        @Override
        public Void call() throws Exception {
            for (int step = 0; step < steps; step++) {
                step();
            }
            for (int content : own) {
                check(content);
                store.drop(content);
            }
            return null;
        }

        private void step() throws Exception {
            int choice = own.size() < 5 ? random.nextInt(3) : random.nextInt(10);
            int content = own.isEmpty() ? -1 : own.get(random.nextInt(own.size()));
            switch (choice) {
                case 0 -> store.put(fresh(), value(expected.get(next)));
                case 1 -> store.putSerialized(fresh(), codec.toBytes(value(expected.get(next))));
                case 2 -> share(random.nextInt(8));
                case 3 -> update(content);
                case 4 -> forget(content);
                case 5 -> transfer(content);
                case 6 -> forget(own.get(0));
                default -> check(content);
            }
        }

        private int fresh() {
            expected.put(++next, random.nextInt());
            own.add(next);
            return next;
        }

        private int[] value(int first) {
            int[] value = new int[random.nextInt(10) == 0 ? 10_000 : 1 + random.nextInt(1_500)];
            value[0] = first;
            value[value.length - 1] = first;
            return value;
        }

        private void check(int content) {
            int[] value = (int[]) (random.nextBoolean() ? store.value(content) : store.copyOf(content));
            check(content, value);
        }

        private void check(int content, int[] value) {
            assertThat(value[0]).as(label).isEqualTo(expected.get(content));
            assertThat(value[value.length - 1]).as(label).isEqualTo(expected.get(content));
        }

        private void forget(int content) {
            check(content);
            store.drop(content);
            assertThat(store.has(content)).as(label).isFalse();
            own.remove((Integer) content);
            expected.remove(content);
        }

        private void update(int content) throws IOException {
            int output = fresh();
            store.pin(content);
            store.rename(content, output);
            int[] value = (int[]) store.value(output);
            value[0] = expected.get(output);
            value[value.length - 1] = expected.get(output);
            store.unpin(output);
            own.remove((Integer) content);
            expected.remove(content);
        }

        private void share(int content) {
            int[] shared = (int[]) store.share(-1, content, () -> new int[1000]);
            synchronized (shared) {
                shared[0]++;
            }
            sharedUpdates.incrementAndGet(content);
            store.unpin(content);
        }

        private void transfer(int content) throws IOException {
            int copy = fresh();
            expected.put(copy, expected.get(content));
            Incoming incoming = store.receive(copy);
            try (Outgoing outgoing = store.open(content)) {
                outgoing.writeTo(incoming.begin(false, "", random.nextBoolean() ? outgoing.length() : -1));
            }
            incoming.complete();
        }
    }

    /** Takes 2.2 GiB when it is serialized, and next to nothing in memory. */
    public static final class Huge implements Externalizable {
        private static final long serialVersionUID = 1L;
        private static final int PIECES = 2_200;
        private long seen;

        public Huge() {}

        @Override
        public void writeExternal(ObjectOutput out) throws IOException {
            byte[] piece = new byte[1 << 20];
            for (int i = 0; i < PIECES; i++) {
                piece[i] = (byte) i;
                out.write(piece);
                piece[i] = 0;
            }
        }

        @Override
        public void readExternal(ObjectInput in) throws IOException {
            byte[] piece = new byte[1 << 20];
            for (int i = 0; i < PIECES; i++) {
                in.readFully(piece);
                assertThat(piece[i]).isEqualTo((byte) i);
                seen += piece.length;
            }
        }
    }

    @Test
    @Tag("fuzz")
    void streamsObjectsOfMoreThanTwoGibibytes() throws Exception {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (ContentStore store = new ContentStore(codec, ScratchFolder.create(parent), StoreSettings.defaults());
                PipedInputStream in = new PipedInputStream(1 << 20)) {
            store.put(1, new Huge());
            PipedOutputStream out = new PipedOutputStream(in);
            Future<Void> sender = threads.submit(() -> {
                try (Outgoing outgoing = store.open(1);
                        WritableByteChannel channel = Channels.newChannel(out)) {
                    assertThat(outgoing.length()).isEqualTo(-1);
                    outgoing.writeTo(channel);
                }
                return null;
            });
            Huge back = (Huge) codec.read(in);
            sender.get(60, TimeUnit.SECONDS);
            assertThat(back.seen).isEqualTo(2_200L << 20).isGreaterThan(Integer.MAX_VALUE);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void seesNothingOfAFileWhileItIsDroppedDuringSending() throws Exception {
        try (ContentStore store =
                new ContentStore(codec, ScratchFolder.create(parent), StoreSettings.ofMemory(1 << 20))) {
            byte[] bytes = new byte[100_000];
            new Random(5).nextBytes(bytes);
            Path file = store.newFile(1, "f");
            Files.write(file, bytes);
            store.putFile(1, file, true);
            ByteArrayOutputStream received = new ByteArrayOutputStream();
            try (Outgoing outgoing = store.open(1)) {
                WritableByteChannel plain = Channels.newChannel(received);
                outgoing.writeTo(new WritableByteChannel() {
                    @Override
                    public int write(ByteBuffer source) throws IOException {
                        store.drop(1);
                        return plain.write(source);
                    }

                    @Override
                    public boolean isOpen() {
                        return true;
                    }

                    @Override
                    public void close() {}
                });
            }
            assertThat(received.toByteArray()).isEqualTo(bytes);
            assertThat(file).doesNotExist();
        }
    }
}

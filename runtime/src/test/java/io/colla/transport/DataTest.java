package io.colla.transport;

import static io.colla.transport.Endpoint.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.colla.wire.Message.Source;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataTest {
    private static final Limits QUICK = Endpoint.limits(1 << 20, 1 << 20);

    private final RunSecret secret = RunSecret.create();
    private final TestContents contents = new TestContents();
    private Endpoint server;
    private DataClient client;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        server = new Endpoint(secret, QUICK, contents);
        client = new DataClient(secret, QUICK);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        await().atMost(SOON).until(() -> contents.open.get() == 0);
    }

    @Test
    void objectsOfAllLengthsArriveWhole() throws Exception {
        int piece = DataProtocol.PIECE;
        int[] lengths = {0, 1, 4095, piece - 1, piece, piece + 1, 3 * piece, 3 * piece + 17};
        for (int i = 0; i < lengths.length; i++) {
            byte[] bytes = random(lengths[i], i);
            contents.put(i, bytes);
            TestSink sink = new TestSink();
            client.fetch(i, server.source(), sink);
            assertThat(sink.bytes.toByteArray()).isEqualTo(bytes);
            assertThat(sink.announced).isEqualTo(lengths[i]);
            assertThat(sink.file).isFalse();
            assertThat(sink.completed).isTrue();
            assertThat(sink.aborted).isZero();
        }
        assertThat(serving()).isEqualTo(1);
    }

    @Test
    void aFileArrivesWithItsName() throws Exception {
        byte[] bytes = random(5_000_001, 3);
        Path file = Files.write(folder.resolve("größe.dat"), bytes);
        contents.put(9, file, bytes.length);
        TestSink sink = new TestSink();
        client.fetch(9, server.source(), sink);
        assertThat(sink.file).isTrue();
        assertThat(sink.name).isEqualTo("größe.dat");
        assertThat(sink.bytes.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void aContentOfUnknownLengthArrives() throws Exception {
        byte[] bytes = random(1_000_000, 4);
        contents.put(1, "", -1, target -> {
            for (int at = 0; at < bytes.length; at += 1000) {
                target.write(ByteBuffer.wrap(bytes, at, 1000));
            }
        });
        TestSink sink = new TestSink();
        client.fetch(1, server.source(), sink);
        assertThat(sink.announced).isEqualTo(-1);
        assertThat(sink.bytes.toByteArray()).isEqualTo(bytes);
    }

    @Test
    @Tag("fuzz")
    void threeGibibytesArrive() throws Exception {
        long length = 3L << 30;
        Path file = folder.resolve("sparse");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(length);
        }
        contents.put(1, file, length);
        TestSink sink = new TestSink(false);
        client.fetch(1, server.source(), sink);
        assertThat(sink.total).isEqualTo(length);
        assertThat(sink.completed).isTrue();
    }

    @Test
    void aContentThatIsNotThereIsNamedAndTheConnectionServesOn() throws Exception {
        assertThatThrownBy(() -> client.fetch(12, server.source(), new TestSink()))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot fetch content 12 from worker 7 (127.0.0.1:" + server.acceptor.port()
                        + "): it does not have it");
        contents.put(12, new byte[] {1});
        TestSink sink = new TestSink();
        client.fetch(12, server.source(), sink);
        assertThat(sink.completed).isTrue();
        assertThat(serving()).isEqualTo(1);
    }

    @Test
    void aContentThatBreaksOnTheWayIsAborted() throws Exception {
        contents.put(3, "", -1, target -> {
            target.write(ByteBuffer.allocate(700_000));
            throw new IOException("the disk is gone");
        });
        TestSink sink = new TestSink();
        assertThatThrownBy(() -> client.fetch(3, server.source(), sink))
                .hasMessageContaining("content 3")
                .hasMessageContaining("could not read it to the end: the disk is gone");
        assertThat(sink.aborted).isEqualTo(1);
        assertThat(sink.completed).isFalse();
        contents.put(4, new byte[10]);
        client.fetch(4, server.source(), new TestSink());
        assertThat(serving()).isEqualTo(1);
    }

    @Test
    void aContentShorterOrLongerThanAnnouncedIsAborted() {
        contents.put(1, "", 100, target -> target.write(ByteBuffer.allocate(99)));
        contents.put(2, "", 100, target -> target.write(ByteBuffer.allocate(101)));
        for (int content : new int[] {1, 2}) {
            TestSink sink = new TestSink();
            assertThatThrownBy(() -> client.fetch(content, server.source(), sink))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("100");
            assertThat(sink.aborted).isEqualTo(1);
            assertThat(sink.completed).isFalse();
        }
    }

    @Test
    void aSinkThatCannotKeepItIsNotTheSourcesFault() {
        contents.put(1, new byte[3_000_000]);
        TestSink full = new TestSink() {
            @Override
            void took(long soFar) throws IOException {
                if (soFar > 1_000_000) {
                    throw new IOException("No space left on device");
                }
            }
        };
        assertThatThrownBy(() -> client.fetch(1, server.source(), full))
                .isInstanceOf(IncomingException.class)
                .hasMessage("cannot keep content 1 here: No space left on device");
        assertThat(full.aborted).isEqualTo(1);
    }

    @Test
    void aSilentSourceCostsTheStallTimeOnly() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        contents.put(1, "", -1, target -> {
            target.write(ByteBuffer.allocate(600_000));
            awaitQuietly(release);
        });
        TestSink sink = new TestSink();
        long before = System.nanoTime();
        assertThatThrownBy(() -> client.fetch(1, server.source(), sink))
                .hasMessageContaining("content 1")
                .hasMessageContaining("worker 7")
                .hasMessageContaining("nothing came for");
        assertThat(System.nanoTime() - before).isBetween(490_000_000L, SOON.toNanos());
        assertThat(sink.aborted).isEqualTo(1);
        release.countDown();
    }

    @Test
    void aSourceThatDiesOnTheWayIsAnErrorAtOnce() throws Exception {
        Link[] link = new Link[1];
        try (DataClient patient = new DataClient(secret, Limits.DEFAULT);
                Damaging damaging = new Damaging(bytes -> bytes) {
                    @Override
                    void sent(Link to, int total) throws IOException {
                        if (total > 100_000) {
                            to.channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                            link[0] = to;
                            to.close();
                        }
                    }
                }) {
            TestSink sink = new TestSink();
            long before = System.nanoTime();
            assertThatThrownBy(() -> patient.fetch(1, damaging.source(), sink))
                    .hasMessageContaining("content 1")
                    .hasMessageContaining("worker 8");
            assertThat(link[0]).isNotNull();
            assertThat(System.nanoTime() - before).isLessThan(SOON.toNanos());
            assertThat(sink.aborted).isEqualTo(1);
            assertThat(sink.completed).isFalse();
        }
    }

    @Test
    void aByteChangedOnTheWayIsNoticed() throws Exception {
        try (Damaging damaging = new Damaging(bytes -> {
            bytes[bytes.length / 2] ^= 4;
            return bytes;
        })) {
            TestSink sink = new TestSink();
            assertThatThrownBy(() -> client.fetch(1, damaging.source(), sink))
                    .hasMessageContaining("check sum differs");
            assertThat(sink.aborted).isEqualTo(1);
            assertThat(sink.completed).isFalse();
        }
    }

    @Test
    void aClosedConnectionIsReplacedByANewOne() throws Exception {
        contents.put(1, new byte[100]);
        client.fetch(1, server.source(), new TestSink());
        int port = server.acceptor.port();
        server.acceptor.close();
        Source source = new Source(7, List.of("127.0.0.1"), port);
        Acceptor reopened = Acceptor.open(
                List.of("127.0.0.1"), new PortRange(port, port), secret, server.codec, server.limits, contents, server);
        try (reopened) {
            TestSink sink = new TestSink();
            client.fetch(1, source, sink);
            assertThat(sink.completed).isTrue();
        }
        assertThatThrownBy(() -> client.fetch(1, source, new TestSink()))
                .hasMessageContaining("cannot fetch content 1")
                .hasMessageContaining("nobody listens there");
    }

    @Test
    void noMoreConnectionsThanAllowedAreOpen() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        byte[] bytes = random(400_000, 1);
        contents.put(1, "", bytes.length, target -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            target.write(ByteBuffer.wrap(bytes));
            now.decrementAndGet();
        });
        List<CompletableFuture<Void>> fetches = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            fetches.add(CompletableFuture.runAsync(
                    () -> {
                        for (int k = 0; k < 20; k++) {
                            TestSink sink = new TestSink();
                            try {
                                client.fetch(1, server.source(), sink);
                            } catch (IOException | InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                            assertThat(sink.bytes.toByteArray()).isEqualTo(bytes);
                        }
                    },
                    task -> new Thread(task).start()));
        }
        for (CompletableFuture<Void> fetch : fetches) {
            fetch.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
        }
        assertThat(most.get()).isBetween(1, 2);
        assertThat(serving()).isBetween(1L, 2L);
    }

    @Test
    void closingTheClientEndsAFetch() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        contents.put(1, "", -1, target -> {
            begun.countDown();
            awaitQuietly(release);
        });
        CompletableFuture<Throwable> fetch = CompletableFuture.supplyAsync(() -> {
            try {
                client.fetch(1, server.source(), new TestSink());
                return null;
            } catch (IOException | InterruptedException e) {
                return e;
            }
        });
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        client.close();
        assertThat(fetch.get(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        release.countDown();
    }

    @Test
    void anInterruptEndsAFetchAtOnce() throws Exception {
        DataClient patient = new DataClient(secret, Limits.DEFAULT);
        CountDownLatch release = new CountDownLatch(1);
        Thread fetching = Thread.currentThread();
        contents.put(1, "", -1, target -> {
            fetching.interrupt();
            awaitQuietly(release);
        });
        long before = System.nanoTime();
        TestSink sink = new TestSink();
        assertThatThrownBy(() -> patient.fetch(1, server.source(), sink)).isInstanceOf(IOException.class);
        assertThat(System.nanoTime() - before).isLessThan(SOON.toNanos());
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        assertThatThrownBy(() -> patient.fetch(1, server.source(), sink)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(sink.completed).isFalse();
        release.countDown();
        patient.close();
    }

    @Test
    void aWrongSecretGetsNothing() {
        contents.put(1, new byte[10]);
        try (DataClient stranger = new DataClient(RunSecret.create(), QUICK)) {
            assertThatThrownBy(() -> stranger.fetch(1, server.source(), new TestSink()))
                    .hasMessageContaining("the run's secret is another");
        }
    }

    private long serving() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("colla-serve-127.0.0.1"))
                .filter(Thread::isAlive)
                .count();
    }

    private static void awaitQuietly(CountDownLatch latch) throws IOException {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** A server that knows the secret, and changes what it sends: its answer is one piece of 200,000 bytes. */
    private class Damaging implements AutoCloseable {
        private final java.nio.channels.ServerSocketChannel listening;

        Damaging(UnaryOperator<byte[]> damage) throws IOException {
            listening = java.nio.channels.ServerSocketChannel.open();
            listening.bind(new java.net.InetSocketAddress("127.0.0.1", 0));
            Thread thread = new Thread(() -> serve(damage));
            thread.setDaemon(true);
            thread.start();
        }

        Source source() throws IOException {
            return new Source(
                    8, List.of("127.0.0.1"), ((java.net.InetSocketAddress) listening.getLocalAddress()).getPort());
        }

        void sent(Link to, int total) throws IOException {}

        private void serve(UnaryOperator<byte[]> damage) {
            try (Link link = new Link(listening.accept())) {
                new Handshake(link, secret, Link.in(SOON)).accept();
                link.readFully(ByteBuffer.allocate(5), Link.in(SOON));
                byte[] answer = damage.apply(answer());
                for (int at = 0; at < answer.length; at += 1000) {
                    link.writeFully(ByteBuffer.wrap(answer, at, Math.min(1000, answer.length - at)), SOON.toNanos());
                    sent(link, at + 1000);
                }
                link.read(ByteBuffer.allocate(1), Link.in(SOON));
            } catch (IOException e) {
                // As asked for by the test.
            }
        }

        private byte[] answer() throws IOException {
            java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
            java.io.DataOutputStream out = new java.io.DataOutputStream(bytes);
            io.colla.wire.FrameWriter head = new io.colla.wire.FrameWriter(64);
            new DataProtocol.Answer(DataProtocol.FOUND, false, "", 200_000).write(head);
            out.writeInt(head.size());
            out.write(head.array(), 0, head.size());
            byte[] piece = new byte[200_000];
            java.util.zip.CRC32C sum = new java.util.zip.CRC32C();
            sum.update(piece);
            out.writeInt(piece.length);
            out.write(piece);
            out.writeInt(0);
            out.writeInt((int) sum.getValue());
            return bytes.toByteArray();
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }
    }
}

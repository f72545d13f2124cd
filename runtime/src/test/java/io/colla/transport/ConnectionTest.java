package io.colla.transport;

import static io.colla.transport.Endpoint.SOON;
import static io.colla.transport.Endpoint.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.colla.transport.Endpoint.Inbox;
import io.colla.wire.Message;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ConnectionTest {
    @Test
    void messagesGoBothWaysInOrder() throws Exception {
        Inbox mine = new Inbox();
        try (Endpoint other = new Endpoint()) {
            Connection connection = other.connect(mine);
            Connection back = next(other.accepted, "the connection");
            for (int i = 0; i < 1000; i++) {
                connection.send(new Message.Fetched(i));
                back.append(new Message.Ping(i));
            }
            back.flush();
            for (int i = 0; i < 1000; i++) {
                assertThat(next(other.inbox.messages, "a message")).isEqualTo(new Message.Fetched(i));
                assertThat(next(mine.messages, "a message")).isEqualTo(new Message.Ping(i));
            }
            connection.close("done");
            assertThat(next(mine.ends, "the end")).isEqualTo("done");
        }
    }

    @Test
    void closingSendsWhatIsQueuedAndTellsEachSideOnce() throws Exception {
        Inbox mine = new Inbox();
        try (Endpoint other = new Endpoint()) {
            Connection connection = other.connect(mine);
            Connection back = next(other.accepted, "the connection");
            String text = "x".repeat(50_000);
            for (int i = 0; i < 200; i++) {
                connection.append(new Message.Leaving(text));
            }
            connection.close("I am done");
            connection.close("again");
            assertThat(connection.send(new Message.Fetched(1))).isFalse();
            assertThat(next(other.inbox.ends, "the end")).isEqualTo("the peer closed the connection");
            assertThat(other.inbox.messages).hasSize(200);
            assertThat(next(mine.ends, "the end")).isEqualTo("I am done");
            assertThat(connection.awaitClosed(SOON)).isTrue();
            assertThat(back.awaitClosed(SOON)).isTrue();
            await().atMost(SOON).until(() -> connection.threadsEnded() && back.threadsEnded());
            assertThat(mine.ends).isEmpty();
            assertThat(other.inbox.ends).isEmpty();
        }
    }

    @Test
    void aMessageLargerThanAllBuffersArrives() throws Exception {
        try (Endpoint other = new Endpoint()) {
            Connection connection = other.connect(new Inbox());
            byte[] large = new byte[20 << 20];
            new java.util.Random(1).nextBytes(large);
            connection.append(new Message.Fetched(1));
            connection.append(new Message.Failed(1, 1, 1, "m", large, "s", false, false));
            connection.append(new Message.Fetched(2));
            connection.flush();
            assertThat(next(other.inbox.messages, "a message")).isEqualTo(new Message.Fetched(1));
            Message.Failed failed = (Message.Failed) next(other.inbox.messages, "the large message");
            assertThat(failed.exception()).isEqualTo(large);
            assertThat(next(other.inbox.messages, "a message")).isEqualTo(new Message.Fetched(2));
            connection.close("done");
        }
    }

    @Test
    void aMessageThatNoFrameHoldsIsRefusedAndTheOthersGoOn() throws Exception {
        try (Endpoint other = new Endpoint(RunSecret.create(), Endpoint.limits(64 << 10, 1 << 20), null)) {
            Connection connection = other.connect(new Inbox());
            connection.append(new Message.Fetched(1));
            assertThatThrownBy(() -> connection.append(new Message.Leaving("x".repeat(64 << 10))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Leaving");
            connection.send(new Message.Fetched(2));
            assertThat(next(other.inbox.messages, "a message")).isEqualTo(new Message.Fetched(1));
            assertThat(next(other.inbox.messages, "a message")).isEqualTo(new Message.Fetched(2));
            connection.close("done");
        }
    }

    @Test
    void whatSeveralThreadsSendKeepsEachThreadsOrder() throws Exception {
        int senders = 4;
        int each = 20_000;
        try (Endpoint other = new Endpoint()) {
            Connection connection = other.connect(new Inbox());
            CountDownLatch go = new CountDownLatch(1);
            List<Thread> threads = new ArrayList<>();
            for (int s = 0; s < senders; s++) {
                int sender = s;
                Thread thread = new Thread(() -> {
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        return;
                    }
                    for (int i = 0; i < each; i++) {
                        if (sender % 2 == 0) {
                            connection.send(new Message.Began(sender, i));
                        } else {
                            connection.append(new Message.Began(sender, i));
                            connection.flush();
                        }
                    }
                });
                thread.start();
                threads.add(thread);
            }
            go.countDown();
            int[] expected = new int[senders];
            for (int i = 0; i < senders * each; i++) {
                Message.Began began = (Message.Began) next(other.inbox.messages, "a message");
                assertThat(began.attempt()).isEqualTo(expected[began.task()]++);
            }
            for (Thread thread : threads) {
                thread.join(SOON.toMillis());
            }
            connection.close("done");
        }
    }

    @Test
    void aPeerThatStopsReadingIsCutOffAndTheSenderNeverWaits() throws Exception {
        RunSecret secret = RunSecret.create();
        Limits limits = Endpoint.limits(64 << 10, 1 << 20);
        try (Endpoint other = new Endpoint(secret, limits, null)) {
            Link silent = Connector.open(other.peer(), Purpose.CONTROL, secret, limits, SOON);
            silent.channel.setOption(StandardSocketOptions.SO_RCVBUF, 16 << 10);
            Connection connection = next(other.accepted, "the connection");
            String text = "x".repeat(10_000);
            int sent = 0;
            long slowest = 0;
            while (connection.append(new Message.Shutdown(text))) {
                long before = System.nanoTime();
                connection.flush();
                slowest = Math.max(slowest, System.nanoTime() - before);
                sent++;
                assertThat(sent).as("messages of 10 kB that were taken").isLessThan(10_000);
                assertThat(connection.outgoingBytes()).isLessThan(2 << 20);
            }
            assertThat(next(other.inbox.ends, "the end"))
                    .isEqualTo("the peer does not read: more than 1024 KiB wait to be sent to it");
            assertThat(slowest).isLessThan(Duration.ofSeconds(2).toNanos());
            await().atMost(SOON).until(connection::threadsEnded);
            silent.close();
        }
    }

    @Test
    void closingDoesNotWaitForEverForAPeerThatDoesNotRead() throws Exception {
        RunSecret secret = RunSecret.create();
        Limits limits = Endpoint.limits(64 << 10, 64 << 20);
        try (Endpoint other = new Endpoint(secret, limits, null)) {
            Link silent = Connector.open(other.peer(), Purpose.CONTROL, secret, limits, SOON);
            Connection connection = next(other.accepted, "the connection");
            String text = "x".repeat(30_000);
            for (int i = 0; i < 1000; i++) {
                connection.send(new Message.Shutdown(text));
            }
            connection.close("enough");
            assertThat(next(other.inbox.ends, "the end")).isEqualTo("enough");
            await().atMost(SOON).until(connection::threadsEnded);
            silent.close();
        }
    }

    @Test
    void anInterruptedSenderDoesNotBreakTheConnection() throws Exception {
        try (Endpoint other = new Endpoint()) {
            Connection connection = other.connect(new Inbox());
            Thread.currentThread().interrupt();
            connection.append(new Message.Fetched(1));
            connection.flush();
            connection.send(new Message.Fetched(2));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(next(other.inbox.messages, "a message")).isEqualTo(new Message.Fetched(1));
            assertThat(next(other.inbox.messages, "a message")).isEqualTo(new Message.Fetched(2));
            connection.close("done");
        }
    }

    @Test
    void garbageAfterTheHandshakeClosesWithAReason() throws Exception {
        try (Endpoint other = new Endpoint()) {
            Link link = Connector.open(other.peer(), Purpose.CONTROL, other.secret, other.limits, SOON);
            write(link, new byte[] {0, 0, 0, 3, 99, 1, 2});
            assertThat(next(other.inbox.ends, "the end"))
                    .contains("not a message")
                    .contains("there is no message 99");
            link.close();
        }
    }

    @Test
    void aHeaderOfThreeGibibytesIsRefusedAndNothingAllocated() throws Exception {
        try (Endpoint other = new Endpoint()) {
            Link link = Connector.open(other.peer(), Purpose.CONTROL, other.secret, other.limits, SOON);
            write(link, new byte[] {(byte) 0xC0, 0, 0, 0});
            assertThat(next(other.inbox.ends, "the end"))
                    .contains("a frame of 3221225472 bytes is announced; a frame has 1 to 67108864");
            link.close();
        }
    }

    @Test
    void anAnnouncedFrameTakesNoMemoryBeforeItComes() throws Exception {
        FrameBuffer buffer = new FrameBuffer(64 << 20);
        buffer.space().put(new byte[] {3, 0, 0, 0, 1});
        buffer.added(5);
        assertThat(buffer.next()).isFalse();
        buffer.space();
        assertThat(buffer.capacity()).isEqualTo(64 << 10);
    }

    @Test
    void aResetEndsTheConnection() throws Exception {
        try (Endpoint other = new Endpoint()) {
            Link link = Connector.open(other.peer(), Purpose.CONTROL, other.secret, other.limits, SOON);
            Connection connection = next(other.accepted, "the connection");
            link.channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            link.close();
            assertThat(next(other.inbox.ends, "the end")).contains("connection was lost");
            await().atMost(SOON).until(connection::threadsEnded);
            assertThat(connection.send(new Message.Fetched(1))).isFalse();
        }
    }

    @Test
    void aPeerThatClosesOnlyItsSendingSideEndsTheConnection() throws Exception {
        try (Endpoint other = new Endpoint()) {
            Link link = Connector.open(other.peer(), Purpose.CONTROL, other.secret, other.limits, SOON);
            link.channel.shutdownOutput();
            assertThat(next(other.inbox.ends, "the end")).isEqualTo("the peer closed the connection");
            link.close();
        }
    }

    @Test
    void aHandlerThatFailsEndsItsConnectionOnly() throws Exception {
        try (Endpoint other = new Endpoint()) {
            other.handler = new MessageHandler() {
                @Override
                public void received(Connection connection, List<Message> frame) {
                    throw new IllegalStateException("a defect");
                }

                @Override
                public void closed(Connection connection, String reason) {
                    other.inbox.closed(connection, reason);
                }
            };
            Connection broken = other.connect(new Inbox());
            broken.send(new Message.Fetched(1));
            assertThat(next(other.inbox.ends, "the end")).contains("a defect");
            other.handler = other.inbox;
            Connection good = other.connect(new Inbox());
            good.send(new Message.Fetched(2));
            assertThat(next(other.inbox.messages, "a message")).isEqualTo(new Message.Fetched(2));
            good.close("done");
        }
    }

    @Test
    void theTimeOfTheLastBytesIsKnown() throws Exception {
        try (Endpoint other = new Endpoint()) {
            Connection connection = other.connect(new Inbox());
            Connection back = next(other.accepted, "the connection");
            long before = System.nanoTime();
            connection.send(new Message.Fetched(1));
            next(other.inbox.messages, "a message");
            assertThat(back.lastReceivedNanos()).isBetween(before, System.nanoTime());
            connection.close("done");
        }
    }

    @Test
    void threadsAreNamedDaemons() throws Exception {
        try (Endpoint other = new Endpoint()) {
            Connection connection = other.connect(new Inbox());
            String peer = connection.remote();
            List<Thread> threads = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().endsWith(peer))
                    .toList();
            assertThat(threads).extracting(Thread::getName).contains("colla-read-" + peer);
            assertThat(threads).allMatch(Thread::isDaemon);
            connection.close("done");
            assertThat(connection.awaitClosed(SOON)).isTrue();
        }
    }

    static void write(Link link, byte[] bytes) throws IOException {
        link.writeFully(java.nio.ByteBuffer.wrap(bytes), SOON.toNanos());
    }

    @Test
    void openFilesAreGivenBack() throws Exception {
        try (Endpoint other = new Endpoint()) {
            round(other);
            int before = openFiles();
            for (int i = 0; i < 50; i++) {
                round(other);
            }
            await().atMost(SOON).until(() -> openFiles() <= before + 8);
        }
    }

    private static void round(Endpoint other) throws Exception {
        Connection connection = other.connect(new Inbox());
        connection.send(new Message.Fetched(1));
        next(other.inbox.messages, "a message");
        connection.close("done");
        assertThat(connection.awaitClosed(SOON)).isTrue();
        next(other.inbox.ends, "the end");
        next(other.accepted, "the connection");
    }

    private static int openFiles() {
        String[] files = new java.io.File("/proc/self/fd").list();
        return files == null ? 0 : files.length;
    }
}

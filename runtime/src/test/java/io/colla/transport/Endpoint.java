package io.colla.transport;

import io.colla.wire.Message;
import io.colla.wire.MessageCodec;
import io.colla.wire.TestBodies;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A process as the tests see it: an acceptor on loopback, and queues of what happens. */
final class Endpoint implements AutoCloseable, Acceptor.Listener {
    static final Duration SOON = Duration.ofSeconds(10);

    final MessageCodec codec = new MessageCodec(new TestBodies());
    final RunSecret secret;
    final Limits limits;
    final Acceptor acceptor;
    final Inbox inbox = new Inbox();
    final BlockingQueue<Connection> accepted = new LinkedBlockingQueue<>();
    final BlockingQueue<String> refused = new LinkedBlockingQueue<>();
    volatile MessageHandler handler = inbox;

    Endpoint(RunSecret secret, Limits limits, Contents contents) throws IOException {
        this.secret = secret;
        this.limits = limits;
        acceptor = Acceptor.open(List.of("127.0.0.1"), PortRange.ANY, secret, codec, limits, contents, this);
    }

    Endpoint() throws IOException {
        this(RunSecret.create(), Limits.DEFAULT, null);
    }

    /** Transfers stall and closing gives up soon; a handshake has the time that a busy machine may need. */
    static Limits limits(int frame, int outgoing, Duration handshake) {
        return new Limits(
                frame,
                outgoing,
                handshake,
                8,
                Duration.ofMillis(500),
                Duration.ofMillis(500),
                Duration.ofSeconds(60),
                2);
    }

    static Limits limits(int frame, int outgoing) {
        return limits(frame, outgoing, SOON);
    }

    static Limits impatient() {
        return limits(1 << 20, 1 << 20, Duration.ofMillis(700));
    }

    Peer peer() {
        return new Peer("the master", List.of("127.0.0.1"), acceptor.port());
    }

    Message.Source source() {
        return new Message.Source(7, List.of("127.0.0.1"), acceptor.port());
    }

    Connection connect(MessageHandler other) throws IOException {
        return Connector.connect(peer(), secret, codec, limits, SOON, other);
    }

    Socket rawSocket() throws IOException {
        return new Socket(InetAddress.getByName("127.0.0.1"), acceptor.port());
    }

    @Override
    public MessageHandler accepted(Connection connection) {
        accepted.add(connection);
        return handler;
    }

    @Override
    public void refused(String remote, String reason) {
        refused.add(reason);
    }

    static <T> T next(BlockingQueue<T> queue, String what) throws InterruptedException {
        T next = queue.poll(SOON.toMillis(), TimeUnit.MILLISECONDS);
        if (next == null) {
            throw new AssertionError("waited " + SOON + " for " + what);
        }
        return next;
    }

    @Override
    public void close() {
        accepted.forEach(connection -> connection.abort("the test is over"));
        acceptor.close();
    }

    /** Keeps all that a connection tells. */
    static final class Inbox implements MessageHandler {
        final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
        final BlockingQueue<String> ends = new LinkedBlockingQueue<>();

        @Override
        public void received(Connection connection, List<Message> frame) {
            messages.addAll(frame);
        }

        @Override
        public void closed(Connection connection, String reason) {
            ends.add(reason);
        }
    }
}

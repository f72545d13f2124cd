package io.colla.transport;

import io.colla.wire.MessageCodec;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connects to a peer that has several addresses: the first is tried at once, each other one when those before it have not answered for a moment, and the first
 * that proves to belong to this run wins. One attempt; whether to try again is the caller's business.
 */
public final class Connector {
    /** An address that is not reachable often says nothing at all; then the next one starts without giving this one up. */
    private static final Duration HEAD_START = Duration.ofMillis(200);

    private final Peer peer;
    private final RunSecret secret;
    private final Limits limits;
    private final long deadline;
    private final Deque<String> untried;
    private final List<String> failures = new ArrayList<>();
    private int pending;

    private Connector(Peer peer, RunSecret secret, Limits limits, Duration time) {
        this.peer = peer;
        this.secret = secret;
        this.limits = limits;
        this.deadline = Link.in(time);
        this.untried = new ArrayDeque<>(peer.addresses());
    }

    /**
     * Opens a connection for messages.
     *
     * @param time for all addresses together
     * @param handler told of everything from now on, by the connection's reader thread
     * @throws IOException if no address leads to a process of this run; the message names each and why
     */
    public static Connection connect(
            Peer peer, RunSecret secret, MessageCodec codec, Limits limits, Duration time, MessageHandler handler)
            throws IOException {
        Connection connection = new Connection(open(peer, Purpose.CONTROL, secret, limits, time), codec, limits);
        connection.start(handler);
        return connection;
    }

    static Link open(Peer peer, Purpose purpose, RunSecret secret, Limits limits, Duration time) throws IOException {
        return new Connector(peer, secret, limits, time).open(purpose);
    }

    private Link open(Purpose purpose) throws IOException {
        try (Selector selector = Selector.open()) {
            try {
                while (System.nanoTime() - deadline < 0 && (pending > 0 || !untried.isEmpty())) {
                    startNext(selector);
                    selector.select(waitMillis());
                    if (Thread.currentThread().isInterrupted()) {
                        throw new InterruptedIOException("interrupted while connecting to " + peer.name());
                    }
                    Link link = takeReady(selector, purpose);
                    if (link != null) {
                        return link;
                    }
                }
                throw unreachable(selector);
            } finally {
                for (SelectionKey key : selector.keys()) {
                    if (key.isValid()) {
                        key.channel().close();
                    }
                }
            }
        }
    }

    private void startNext(Selector selector) {
        String address = untried.poll();
        if (address == null) {
            return;
        }
        SocketChannel channel = null;
        try {
            InetSocketAddress target = new InetSocketAddress(InetAddress.getByName(address), peer.port());
            channel = SocketChannel.open();
            channel.configureBlocking(false);
            // A connection to this same machine may be there at once; registered all the same, it is ready at once.
            channel.connect(target);
            channel.register(selector, SelectionKey.OP_CONNECT, address);
            pending++;
        } catch (UnknownHostException e) {
            fail(address, "no such host");
        } catch (IOException | RuntimeException e) {
            close(channel);
            fail(address, String.valueOf(e.getMessage()));
        }
    }

    private long waitMillis() {
        long nanos = deadline - System.nanoTime();
        if (!untried.isEmpty()) {
            nanos = pending == 0 ? 0 : Math.min(nanos, HEAD_START.toNanos());
        }
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos));
    }

    private @Nullable Link takeReady(Selector selector, Purpose purpose) {
        for (SelectionKey key : selector.selectedKeys().toArray(SelectionKey[]::new)) {
            selector.selectedKeys().remove(key);
            SocketChannel channel = (SocketChannel) key.channel();
            String address = (String) key.attachment();
            key.cancel();
            pending--;
            try {
                channel.finishConnect();
                return prove(channel, purpose);
            } catch (ConnectException e) {
                close(channel);
                fail(address, "nobody listens there (" + e.getMessage() + ")");
            } catch (IOException e) {
                close(channel);
                fail(address, String.valueOf(e.getMessage()));
            }
        }
        return null;
    }

    private Link prove(SocketChannel channel, Purpose purpose) throws IOException {
        Link link = new Link(channel);
        try {
            long own = Link.in(limits.handshake());
            new Handshake(link, secret, own - deadline < 0 ? own : deadline).connect(purpose);
            return link;
        } catch (IOException | RuntimeException e) {
            link.close();
            throw e;
        }
    }

    private void fail(String address, String why) {
        failures.add(address + ": " + why);
    }

    private IOException unreachable(Selector selector) {
        for (SelectionKey key : selector.keys()) {
            if (key.isValid()) {
                fail((String) key.attachment(), "no answer");
            }
        }
        for (String address : untried) {
            fail(address, "not tried, no time was left");
        }
        String all = failures.isEmpty() ? "it has no address" : String.join("; ", failures);
        return new IOException("cannot connect to " + peer.name() + ", port " + peer.port() + ": " + all);
    }

    private static void close(@Nullable SocketChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // It was of no use anyway.
        }
    }
}

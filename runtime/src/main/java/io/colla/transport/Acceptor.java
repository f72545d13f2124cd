package io.colla.transport;

import io.colla.wire.MessageCodec;
import io.colla.wire.ProtocolException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on one port for connections of both kinds. Each new connection gets a thread of its own, in which it must prove that it belongs to the run; the same thread
 * then reads its messages or serves its requests for contents. Only {@link Limits#unauthenticated} connections can be unproven at once: others wait in the system's
 * queue, and when none gets done for a moment the oldest unproven one is thrown out.
 */
public final class Acceptor implements AutoCloseable {
    /** Told by any thread what happens to connections that come in. */
    public interface Listener {
        /**
         * A peer has proved that it belongs to the run and wants to exchange messages.
         *
         * @return who is told what it sends; null to refuse it
         */
        @Nullable
        MessageHandler accepted(Connection connection);

        /** Somebody connected who could not prove that it belongs to the run. Can come as often as somebody out there likes. */
        void refused(String remote, String reason);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
    private static final int BACKLOG = 1024;
    private static final int TRIES = 16;
    private static final Duration END = Duration.ofSeconds(5);

    private final Selector selector;
    private final List<ServerSocketChannel> servers;
    private final int port;
    private final RunSecret secret;
    private final MessageCodec codec;
    private final Limits limits;
    private final @Nullable Contents contents;
    private final Listener listener;
    private final Unproven unproven;
    private final Set<Link> serving = ConcurrentHashMap.newKeySet();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private Acceptor(
            List<ServerSocketChannel> servers,
            RunSecret secret,
            MessageCodec codec,
            Limits limits,
            @Nullable Contents contents,
            Listener listener)
            throws IOException {
        this.servers = servers;
        this.port = portOf(servers);
        this.secret = secret;
        this.codec = codec;
        this.limits = limits;
        this.contents = contents;
        this.listener = listener;
        this.unproven = new Unproven(limits.unauthenticated());
        this.selector = Selector.open();
        for (ServerSocketChannel server : servers) {
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
        }
    }

    /**
     * Starts to listen.
     *
     * @param bind addresses to listen on, all on the same port; empty: on all
     * @param contents what to serve; null: nothing
     * @throws IOException if there is no free port; the message names what was tried
     */
    public static Acceptor open(
            List<String> bind,
            PortRange ports,
            RunSecret secret,
            MessageCodec codec,
            Limits limits,
            @Nullable Contents contents,
            Listener listener)
            throws IOException {
        List<ServerSocketChannel> servers = bind(bind, ports);
        try {
            Acceptor acceptor = new Acceptor(servers, secret, codec, limits, contents, listener);
            acceptor.start("colla-accept-" + acceptor.port, acceptor::accept);
            return acceptor;
        } catch (IOException | RuntimeException e) {
            closeAll(servers);
            throw e;
        }
    }

    private static List<ServerSocketChannel> bind(List<String> addresses, PortRange ports) throws IOException {
        IOException last = null;
        int tries = ports.from() == 0 ? TRIES : ports.to() - ports.from() + 1;
        for (int i = 0; i < tries; i++) {
            try {
                return bindAll(addresses, ports.from() == 0 ? 0 : ports.from() + i);
            } catch (java.net.BindException e) {
                last = e;
            }
        }
        throw new IOException(
                "cannot listen on port " + (ports.from() == 0 ? "(any)" : ports)
                        + (addresses.isEmpty() ? "" : " of " + String.join(", ", addresses)) + ": "
                        + (last == null ? "no port to try" : last.getMessage()),
                last);
    }

    private static List<ServerSocketChannel> bindAll(List<String> addresses, int port) throws IOException {
        List<ServerSocketChannel> servers = new ArrayList<>();
        try {
            int common = port;
            for (String address : addresses.isEmpty() ? List.of("") : addresses) {
                ServerSocketChannel server = ServerSocketChannel.open();
                servers.add(server);
                InetAddress host = address.isEmpty() ? null : InetAddress.getByName(address);
                server.bind(
                        host == null ? new InetSocketAddress(common) : new InetSocketAddress(host, common), BACKLOG);
                common = portOf(servers);
            }
            return servers;
        } catch (IOException | RuntimeException e) {
            closeAll(servers);
            throw e;
        }
    }

    private static int portOf(List<ServerSocketChannel> servers) throws IOException {
        return ((InetSocketAddress) servers.get(0).getLocalAddress()).getPort();
    }

    private static void closeAll(List<ServerSocketChannel> servers) {
        for (ServerSocketChannel server : servers) {
            try {
                server.close();
            } catch (IOException e) {
                LOG.debug("Cannot close a listening socket", e);
            }
        }
    }

    /** The port it listens on. */
    public int port() {
        return port;
    }

    private void start(String name, Runnable body) {
        Thread thread = new Thread(
                () -> {
                    try {
                        body.run();
                    } finally {
                        threads.remove(Thread.currentThread());
                    }
                },
                name);
        thread.setDaemon(true);
        threads.add(thread);
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            threads.remove(thread);
            throw e;
        }
    }

    private void accept() {
        try {
            while (!closed && unproven.awaitRoom()) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    take((ServerSocketChannel) key.channel());
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException | java.nio.channels.ClosedSelectorException e) {
            if (!closed) {
                LOG.error("Cannot accept connections on port {} any more", port, e);
            }
        }
    }

    private void take(ServerSocketChannel server) throws IOException {
        SocketChannel channel;
        try {
            channel = server.accept();
        } catch (IOException e) {
            if (closed || !server.isOpen()) {
                throw e;
            }
            // Most likely too many open files: it passes when connections end, so the others must not lose their
            // acceptor.
            tell("port " + port, "a connection could not be accepted: " + e.getMessage());
            unproven.awaitChange();
            return;
        }
        if (channel == null) {
            return;
        }
        Link link;
        try {
            link = new Link(channel);
        } catch (IOException e) {
            tell("port " + port, "a connection was gone at once: " + e.getMessage());
            return;
        }
        unproven.add(link);
        try {
            start("colla-read-" + link.remote, () -> greet(link));
        } catch (OutOfMemoryError e) {
            // The system gives no more threads: it passes when connections end.
            unproven.remove(link);
            refuse(link, "there was no thread for it: " + e.getMessage());
        }
    }

    private void greet(Link link) {
        try {
            Purpose purpose;
            try {
                purpose = new Handshake(link, secret, Link.in(limits.handshake())).accept();
            } finally {
                unproven.remove(link);
            }
            if (closed) {
                link.close();
            } else if (purpose == Purpose.CONTROL) {
                converse(link);
            } else {
                serve(link);
            }
        } catch (HandshakeException | ProtocolException e) {
            refuse(link, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            refuse(
                    link,
                    unproven.thrownOut(link) ? "it was slow while many others came" : "it was lost: " + e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.error("Cannot handle the connection from {}", link.remote, e);
            link.close();
        }
    }

    private void refuse(Link link, String why) {
        link.close();
        if (!closed) {
            tell(link.remote, why);
        }
    }

    private void tell(String remote, String why) {
        try {
            listener.refused(remote, why);
        } catch (RuntimeException e) {
            LOG.error("Cannot report that {} was refused: {}", remote, why, e);
        }
    }

    private void converse(Link link) {
        Connection connection = new Connection(link, codec, limits);
        MessageHandler handler = listener.accepted(connection);
        if (handler == null) {
            link.close();
        } else {
            connection.run(handler);
        }
    }

    private void serve(Link link) {
        if (contents == null) {
            link.close();
            return;
        }
        serving.add(link);
        try {
            if (!closed) {
                Thread.currentThread().setName("colla-serve-" + link.remote);
                new DataServer(link, contents, limits).run();
            }
        } finally {
            serving.remove(link);
            link.close();
        }
    }

    /**
     * Stops listening, drops unproven connections and transfers. Connections for messages are their owner's to close. Returns when the threads of what it closed have
     * ended, at most after some seconds.
     */
    @Override
    public void close() {
        closed = true;
        closeAll(servers);
        try {
            selector.close();
        } catch (IOException e) {
            LOG.debug("Cannot close the selector of port {}", port, e);
        }
        unproven.closeAll();
        serving.forEach(Link::close);
        long deadline = Link.in(END);
        for (Thread thread : threads) {
            boolean ours = !thread.getName().startsWith("colla-read-");
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            if (ours && millis > 0 && thread != Thread.currentThread()) {
                try {
                    thread.join(millis);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }
}

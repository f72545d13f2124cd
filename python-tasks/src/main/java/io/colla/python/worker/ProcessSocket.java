package io.colla.python.worker;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Unix-domain socket to which a worker's Python processes connect, with the thread that accepts. */
final class ProcessSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessSocket.class);
    /** Bytes that the JDK takes. */
    private static final int LONGEST = 106;

    private static final int BACKLOG = 128;

    private final Path path;
    private final ServerSocketChannel server;

    private ProcessSocket(Path path, ServerSocketChannel server) {
        this.path = path;
        this.server = server;
    }

    /**
     * Listens in the first of the folders, all of this user alone, whose path is short enough.
     *
     * @param name of the socket's file
     * @param accepted called for each connection, by a thread that accepts no other meanwhile
     * @throws IOException if none will do
     */
    static ProcessSocket listen(List<Path> folders, String name, Consumer<SocketChannel> accepted) throws IOException {
        for (Path folder : folders) {
            Path path = folder.resolve(name);
            if (path.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST) {
                ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                try {
                    server.bind(UnixDomainSocketAddress.of(path), BACKLOG);
                } catch (IOException | RuntimeException e) {
                    server.close();
                    throw e;
                }
                ProcessSocket socket = new ProcessSocket(path, server);
                Thread thread = new Thread(() -> socket.accept(accepted), "colla-python-accept");
                thread.setDaemon(true);
                thread.start();
                return socket;
            }
        }
        throw new IOException("the paths of the folders " + folders
                + " are too long for a socket; choose a scratch folder with a shorter one");
    }

    Path path() {
        return path;
    }

    private void accept(Consumer<SocketChannel> accepted) {
        try {
            while (true) {
                accepted.accept(server.accept());
            }
        } catch (ClosedChannelException e) {
            LOG.debug("no more Python processes are accepted");
        } catch (IOException e) {
            LOG.error("Python processes cannot connect any more", e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // Its folder goes with the worker.
        }
    }
}

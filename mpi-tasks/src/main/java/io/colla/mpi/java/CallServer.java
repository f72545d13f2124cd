package io.colla.mpi.java;

import io.colla.worker.store.ValueCodec;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StreamCorruptedException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives one call to rank 0, and takes what comes of it: a Unix-domain socket in a folder of this user alone, with a thread. */
final class CallServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallServer.class);
    /** Bytes of a socket's path that the JDK takes. */
    private static final int LONGEST = 106;

    private static final int BUFFER = 64 << 10;
    private static final Duration LAST_BYTES = Duration.ofSeconds(10);

    /**
     * What came of the call.
     *
     * @param outputs objects that the function wrote, by parameter
     * @param results of rank 0, or of all ranks
     */
    record Returned(Map<Integer, @Nullable Object> outputs, List<@Nullable Object> results) {}

    private final Path folder;
    private final ServerSocketChannel server;
    private final RankCall call;
    private final @Nullable Object[] arguments;
    private final ValueCodec codec;
    private @Nullable Thread thread;
    private volatile @Nullable SocketChannel connection;
    private volatile @Nullable Returned returned;
    private volatile @Nullable RuntimeException problem;

    private CallServer(
            Path folder, ServerSocketChannel server, RankCall call, @Nullable Object[] arguments, ValueCodec codec) {
        this.folder = folder;
        this.server = server;
        this.call = call;
        this.arguments = arguments;
        this.codec = codec;
    }

    /**
     * Listens.
     *
     * @param scratch where the socket's folder is made, if that leaves its path short enough; else in /tmp
     * @param arguments as the call's parameters
     * @throws IOException if there is no place for a socket
     */
    static CallServer listen(Path scratch, RankCall call, @Nullable Object[] arguments, ValueCodec codec)
            throws IOException {
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        int length = scratch.toString().getBytes(StandardCharsets.UTF_8).length;
        boolean fits = length + "/mpi-java-12345678901234567890/call".length() <= LONGEST;
        Path folder = Files.createTempDirectory(fits ? scratch : Path.of("/tmp"), "mpi-java-", owner);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(folder.resolve("call")));
        } catch (IOException e) {
            server.close();
            Files.deleteIfExists(folder);
            throw e;
        }
        return new CallServer(folder, server, call, arguments, codec);
    }

    Path socket() {
        return folder.resolve("call");
    }

    /**
     * Serves rank 0 when it comes.
     *
     * @param broken called if the call or its results cannot be sent
     */
    void serve(Runnable broken) {
        Thread serving = new Thread(() -> serveAndTell(broken), "colla-mpi-call");
        serving.setContextClassLoader(Thread.currentThread().getContextClassLoader());
        serving.setDaemon(true);
        thread = serving;
        serving.start();
    }

    private void serveAndTell(Runnable broken) {
        try {
            // Open until the ranks have ended: the end of the connection would end rank 0, before it has told what else
            // is wrong.
            SocketChannel channel = server.accept();
            connection = channel;
            send(channel);
            returned = receive(new DataInputStream(Channels.newInputStream(channel)));
        } catch (IOException e) {
            LOG.debug("rank 0 is gone: {}", String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            problem = e;
            broken.run();
        }
    }

    private void send(SocketChannel channel) throws IOException {
        DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER));
        write(out, call);
        for (int i = 0; i < arguments.length; i++) {
            if (call.parameters().get(i).type() == null) {
                write(out, arguments[i]);
            }
        }
    }

    private void write(DataOutputStream out, @Nullable Object value) throws IOException {
        OutputStream stream = Chunked.output(out);
        codec.write(value, stream);
        stream.close(); // a value that cannot be written has no end
    }

    private Returned receive(DataInputStream in) throws IOException {
        Map<Integer, @Nullable Object> outputs = new TreeMap<>();
        List<@Nullable Object> results = new ArrayList<>();
        while (true) {
            switch (in.readUnsignedByte()) {
                case RankCall.OUTPUT -> outputs.put(in.readInt(), read(in));
                case RankCall.RESULT -> {
                    in.readInt();
                    results.add(read(in));
                }
                case RankCall.DONE -> {
                    return new Returned(outputs, results);
                }
                default -> throw new StreamCorruptedException("rank 0 does not speak as it should");
            }
        }
    }

    private @Nullable Object read(DataInputStream in) throws IOException {
        try (InputStream stream = Chunked.input(in)) {
            return codec.read(stream);
        }
    }

    /**
     * All ranks have ended.
     *
     * @return what came of the call; null if it did not return
     * @throws RuntimeException why the call or its results could not be sent
     */
    @Nullable
    Returned ended() throws InterruptedException, IOException {
        server.close();
        Thread serving = thread;
        if (serving != null) {
            serving.join(LAST_BYTES.toMillis());
        }
        RuntimeException why = problem;
        if (why != null) {
            throw why;
        }
        return returned;
    }

    @Override
    public void close() {
        try {
            server.close();
            SocketChannel open = connection;
            if (open != null) {
                open.close();
            }
            Files.deleteIfExists(socket());
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            LOG.debug("closing the socket of a call", e);
        }
    }
}

package io.colla.python.gateway;

import io.colla.master.Master;
import io.colla.python.gateway.streams.StreamBroker;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a Python program joins the run of this process. It listens from {@link #listen} on, so that the program can be started before the run is; what it says
 * is read once {@link #serve} names the run. Thread-safe.
 */
public final class Gateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    /** Bytes that streams keep in memory; more goes to disk. */
    private static final long STREAMS_IN_MEMORY = 64L << 20;

    private final GatewaySocket socket;
    private final ExecutorService asides = threads(2, "colla-gateway-aside");
    /** Carries out what tasks call, in order. */
    private final ExecutorService calls = threads(1, "colla-gateway-calls");

    private final CompletableFuture<ProgramEnd> ended = new CompletableFuture<>();
    private @Nullable Program program;
    private boolean closed;

    private Gateway(GatewaySocket socket) {
        this.socket = socket;
    }

    /** Threads that go when they have nothing to do. */
    private static ExecutorService threads(int count, String name) {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(count, count, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), job -> {
                    Thread thread = new Thread(job, name);
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /**
     * A gateway that listens.
     *
     * @param environment of this process, which says where short-lived files go
     * @throws IOException if there is no place for a socket; the message says why
     */
    public static Gateway listen(Map<String, String> environment) throws IOException {
        return new Gateway(GatewaySocket.listen(environment));
    }

    /** For the program's variable {@code COLLA_GATEWAY}. */
    public Path socket() {
        return socket.path();
    }

    /** The socket's folder, which goes when the program has come. */
    public Path folder() {
        return socket.folder();
    }

    /**
     * Serves one program, on a thread of the gateway's own.
     *
     * @param wishes how its tasks are to run
     */
    public void serve(Master master, Wishes wishes) {
        Thread thread = new Thread(() -> ended.complete(converse(master, wishes)), "colla-gateway");
        thread.setDaemon(true);
        thread.start();
    }

    private ProgramEnd converse(Master master, Wishes wishes) {
        try (SocketChannel channel = socket.accept();
                StreamBroker streams = new StreamBroker(master.sharedFolders().disk(), STREAMS_IN_MEMORY)) {
            Conversation.Setting setting = new Conversation.Setting(master, wishes, new Definitions(), streams, asides);
            Program joined = new Program(setting, channel);
            synchronized (this) {
                if (closed) {
                    return new ProgramEnd(ProgramEnd.Way.NEVER_CAME, null);
                }
                program = joined;
            }
            master.voices(new Voices(setting, joined.answers(), calls));
            return joined.converse();
        } catch (IOException e) {
            LOG.debug("no program came: {}", String.valueOf(e.getMessage()));
            return new ProgramEnd(ProgramEnd.Way.NEVER_CAME, null);
        }
    }

    /** How the program took its leave, once it has. */
    public CompletableFuture<ProgramEnd> ended() {
        return ended;
    }

    /**
     * The program's process has ended: nobody comes any more, and what it said last is read.
     *
     * @param limit how long that may take; a process that it left behind may still hold the connection, which is closed then
     * @return how it took its leave
     */
    public ProgramEnd end(Duration limit) throws InterruptedException {
        socket.close();
        try {
            return ended.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            close();
            return new ProgramEnd(ProgramEnd.Way.LOST, null);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the gateway's thread failed", e);
        }
    }

    /** Ends the conversation, and takes the socket away. */
    @Override
    public void close() {
        Program joined;
        synchronized (this) {
            closed = true;
            joined = program;
        }
        socket.close();
        if (joined != null) {
            joined.stop();
        }
        asides.shutdown();
        calls.shutdown();
    }
}

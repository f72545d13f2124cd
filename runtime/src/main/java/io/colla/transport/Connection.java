package io.colla.transport;

import io.colla.wire.Message;
import io.colla.wire.MessageCodec;
import io.colla.wire.ProtocolException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An authenticated connection that carries messages both ways, in order. Any thread may send; none is ever made to wait. A reader thread hands what comes in to the
 * {@link MessageHandler}, a writer thread sends what a sender did not send itself.
 *
 * <p>{@link #send} suits a message that stands alone. Who has several calls {@link #append} for each and then {@link #flush}, which writes to the socket at once
 * when nobody else does, and so saves waking the writer.
 */
public final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /** The writer ends by itself once the socket is closed; this only keeps a defect of ours from hanging the reader too. */
    private static final Duration WRITER_END = Duration.ofSeconds(10);

    private final Link link;
    private final MessageCodec codec;
    private final Limits limits;
    private final Outbox outbox;
    private final CountDownLatch gone = new CountDownLatch(1);
    private final Thread writer;
    private volatile long lastReceived = System.nanoTime();
    private volatile @Nullable Thread reader;
    /** Why it closes or closed; set once. */
    private volatile @Nullable String reason;
    /** When closing ends by force; no deadline while open. */
    private volatile long deadline = Link.FOREVER;

    private volatile @Nullable Object attachment;

    Connection(Link link, MessageCodec codec, Limits limits) {
        this.link = link;
        this.codec = codec;
        this.limits = limits;
        this.outbox = new Outbox(link.channel, codec, limits);
        this.writer = new Thread(this::write, "colla-write-" + link.remote);
        writer.setDaemon(true);
    }

    /** The other side's address and port, for people. */
    public String remote() {
        return link.remote;
    }

    /** {@link System#nanoTime} when the last bytes came in, or when the connection began. */
    public long lastReceivedNanos() {
        return lastReceived;
    }

    /** Bytes that have been sent here and have not left this process. */
    public long outgoingBytes() {
        return outbox.waiting();
    }

    /** What the owner has attached; null at first. */
    public @Nullable Object attachment() {
        return attachment;
    }

    /** Lets the owner find its own object again in {@link MessageHandler}. */
    public void attach(@Nullable Object object) {
        attachment = object;
    }

    /**
     * Sends a message; the writer thread takes it from here. Does nothing once the connection closes.
     *
     * @return false if the connection closes or is closed
     * @throws IllegalArgumentException if the message has no form on the wire or is larger than a frame may be
     */
    public boolean send(Message message) {
        return append(message, true);
    }

    /** Like {@link #send}, but the message may stay here until the next {@link #flush} or {@link #send}. */
    public boolean append(Message message) {
        return append(message, false);
    }

    private boolean append(Message message, boolean wake) {
        switch (outbox.append(message, wake)) {
            case DONE:
                return true;
            case FULL:
                abort("the peer does not read: more than " + (limits.outgoing() >> 10) + " KiB wait to be sent to it");
                return false;
            default:
                return false;
        }
    }

    /** Sends what {@link #append} left, on the caller's time if the socket takes it at once, else by the writer thread. */
    public void flush() {
        try {
            outbox.flush();
        } catch (IOException e) {
            abort(lost(e));
        }
    }

    /**
     * Closes in order: takes no more messages, sends what is queued, ends when the other side has closed too or after {@link Limits#closing}. What comes in
     * meanwhile is thrown away. Returns at once.
     */
    public void close(String why) {
        synchronized (this) {
            if (reason != null) {
                return;
            }
            reason = why;
            deadline = Link.in(limits.closing());
        }
        outbox.end();
        link.wakeup();
    }

    /** Closes without sending what is queued. Returns at once. */
    public void abort(String why) {
        synchronized (this) {
            if (reason == null) {
                reason = why;
            }
        }
        outbox.abandon();
        link.close();
    }

    /** Waits until {@link MessageHandler#closed} has returned. Not for the handler itself. */
    public boolean awaitClosed(Duration time) throws InterruptedException {
        return gone.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Starts with a reader thread of its own. */
    void start(MessageHandler handler) {
        Thread thread = new Thread(() -> run(handler), "colla-read-" + link.remote);
        thread.setDaemon(true);
        thread.start();
    }

    /** The reader thread's life. */
    void run(MessageHandler handler) {
        reader = Thread.currentThread();
        writer.start();
        try {
            read(handler);
        } catch (ProtocolException e) {
            abort("the peer sent what is not a message: " + e.getMessage());
        } catch (IOException e) {
            abort(lost(e));
        } finally {
            abort("the reader failed");
            end(handler);
        }
    }

    private void read(MessageHandler handler) throws IOException {
        FrameBuffer buffer = new FrameBuffer(limits.frame());
        while (true) {
            var space = buffer.space();
            int count = link.read(space, deadline);
            if (count < 0) {
                abort("the peer closed the connection");
                return;
            }
            if (count == 0 || reason != null) {
                continue;
            }
            lastReceived = System.nanoTime();
            buffer.added(count);
            while (reason == null && buffer.next()) {
                deliver(handler, codec.readFrame(buffer.array(), buffer.frame(), buffer.length()));
            }
        }
    }

    private void deliver(MessageHandler handler, List<Message> frame) {
        try {
            handler.received(this, frame);
        } catch (RuntimeException e) {
            LOG.error("Cannot handle what {} sent; the connection is closed", link.remote, e);
            abort("handling a message failed: " + e);
        }
    }

    private void end(MessageHandler handler) {
        try {
            writer.join(WRITER_END.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            String why = reason;
            handler.closed(this, why == null ? "closed" : why);
        } catch (RuntimeException e) {
            LOG.error("Cannot handle the end of the connection to {}", link.remote, e);
        } finally {
            gone.countDown();
        }
    }

    private void write() {
        try {
            outbox.run();
        } catch (IOException e) {
            abort(lost(e));
        } catch (RuntimeException | Error e) {
            LOG.error("Cannot send to {}; the connection is closed", link.remote, e);
            abort("sending failed: " + e);
        }
    }

    private static String lost(IOException e) {
        String message = e.getMessage();
        return "the connection was lost: " + (message == null ? e.getClass().getSimpleName() : message);
    }

    /** For tests: whether both threads have ended. */
    boolean threadsEnded() {
        Thread started = reader;
        return started != null && !started.isAlive() && !writer.isAlive();
    }

    @Override
    public String toString() {
        return "connection to " + link.remote;
    }
}

package io.colla.python.worker;

import io.colla.python.FrameInput;
import io.colla.python.FrameOutput;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The connection to one executor. One thread at a time uses it as if it blocked; the socket itself does not, so that an interrupt, by which tasks are ended, does not close it. {@link #trySend},
 * {@link #wakeUp} and {@link #close} may be called by any thread.
 */
final class ExecutorLink implements Closeable {
    private static final int CAPACITY = 16 << 10;
    private static final int STALLED_MILLIS = 20_000;

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final FrameInput input = new FrameInput(CAPACITY);
    private final FrameOutput output = new FrameOutput(CAPACITY);
    /** Held while frames are written. */
    private final ReentrantLock writing = new ReentrantLock();
    /** For a writer beside a thread that waits for frames. Guarded by {@link #writing}. */
    private volatile @Nullable Selector writable;

    /** Whether somebody has woken the reader, and it has not said so yet: the selector forgets when a frame comes, or an interrupt, at the same moment. */
    private volatile boolean woken;

    /** Takes the channel over: it is closed if this fails. */
    ExecutorLink(SocketChannel channel) throws IOException {
        this.channel = channel;
        Selector opened = null;
        try {
            channel.configureBlocking(false);
            opened = Selector.open();
            selector = opened;
            key = channel.register(selector, SelectionKey.OP_READ);
        } catch (IOException | RuntimeException e) {
            channel.close();
            if (opened != null) {
                opened.close();
            }
            throw e;
        }
    }

    /** Where the user of this link finds the parts of the frame that {@link #next} returned. */
    FrameInput input() {
        return input;
    }

    /** Where the user of this link writes frames, which {@link #flush} sends. */
    FrameOutput output() {
        return output;
    }

    /** Sends what was written to {@link #output}; takes in what comes while the other side is not reading. */
    void flush() throws IOException {
        writing.lock();
        try {
            ByteBuffer frames = output.written();
            while (frames.hasRemaining()) {
                if (channel.write(frames) == 0) {
                    await(SelectionKey.OP_READ | SelectionKey.OP_WRITE, 0);
                    if (key.isValid() && key.isReadable()) {
                        read();
                    }
                }
            }
        } finally {
            output.taken();
            writing.unlock();
        }
    }

    /** Sends one frame if that is possible at once; for other threads than the one that uses this link. */
    boolean trySend(Consumer<FrameOutput> frame) {
        if (!writing.tryLock()) {
            return false;
        }
        try {
            FrameOutput one = new FrameOutput(64);
            frame.accept(one);
            ByteBuffer bytes = one.written();
            return channel.write(bytes) > 0 && !bytes.hasRemaining();
        } catch (IOException e) {
            return false;
        } finally {
            writing.unlock();
        }
    }

    /**
     * Sends frames, by any thread, beside the one that reads.
     *
     * @throws IOException also if the other side takes nothing for {@value #STALLED_MILLIS} ms
     */
    void send(Consumer<FrameOutput> frames) throws IOException {
        FrameOutput some = new FrameOutput(256);
        frames.accept(some);
        ByteBuffer bytes = some.written();
        writing.lock();
        try {
            while (bytes.hasRemaining()) {
                if (channel.write(bytes) == 0) {
                    awaitWritable();
                }
            }
        } finally {
            writing.unlock();
        }
    }

    private void awaitWritable() throws IOException {
        Selector waiting = writable;
        if (waiting == null) {
            waiting = Selector.open();
            writable = waiting;
            channel.register(waiting, SelectionKey.OP_WRITE);
        }
        boolean interrupted = Thread.interrupted();
        try {
            int ready = waiting.select(STALLED_MILLIS);
            waiting.selectedKeys().clear();
            interrupted |= Thread.interrupted();
            if (ready == 0 && !interrupted) {
                throw new SocketTimeoutException("the other side has taken nothing for " + STALLED_MILLIS + " ms");
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The type of the next frame if it has come; else -1. Does not wait. */
    int poll() throws IOException {
        int type = input.next();
        if (type < 0) {
            read();
            type = input.next();
        }
        return type;
    }

    /** The type of the next frame, however long it takes to come; -1 only after {@link #wakeUp}. An interrupt is taken back: it is for the executor to end the task. */
    int next() throws IOException {
        return next(0);
    }

    /**
     * The type of the next frame; -1 after {@link #wakeUp}, or when it has not come in time.
     *
     * @param millis to wait at most; 0 for any time
     */
    int next(long millis) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        int type = input.next();
        while (type < 0) {
            if (woken) {
                woken = false;
                return -1;
            }
            long left = deadline - System.nanoTime();
            if (millis > 0 && left <= 0) {
                return -1;
            }
            Thread.interrupted();
            await(SelectionKey.OP_READ, millis == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(left) + 1);
            read();
            type = input.next();
        }
        return type;
    }

    private void read() throws IOException {
        if (input.fill(channel) < 0) {
            throw new EOFException("the connection has ended");
        }
    }

    private int await(int operations, long millis) throws IOException {
        try {
            if (key.interestOps() != operations) {
                key.interestOps(operations);
            }
            int ready = selector.select(millis);
            selector.selectedKeys().clear();
            return ready;
        } catch (ClosedSelectorException | CancelledKeyException e) {
            throw new AsynchronousCloseException();
        }
    }

    /** The type of the next frame, which must come soon. */
    int nextWithin(long millis) throws IOException {
        int type = next(millis);
        if (type < 0) {
            throw new SocketTimeoutException("no frame came within " + millis + " ms");
        }
        return type;
    }

    /** Makes a {@link #next} that waits return; or the one after it, when a frame has come at the same moment. */
    void wakeUp() {
        woken = true;
        selector.wakeup();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is of no use any more.
        }
        try {
            // Only this frees the socket of a channel that is registered.
            selector.close();
            Selector waiting = writable;
            if (waiting != null) {
                waiting.close();
            }
        } catch (IOException e) {
            // As above.
        }
    }
}

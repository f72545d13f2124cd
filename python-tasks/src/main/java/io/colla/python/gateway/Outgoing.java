package io.colla.python.gateway;

import io.colla.python.FrameOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What goes to the program. Frames gather until a {@link #flush}, which writes on the caller's time what the socket takes at once; the rest goes out on a thread that lives
 * until it is gone. Thread-safe; no method but {@link #drain} waits.
 */
final class Outgoing implements Sink {
    private static final int CAPACITY = 16 << 10;
    private static final long LOOK_MILLIS = 1000;

    private final SocketChannel channel;
    private FrameOutput filling = new FrameOutput(CAPACITY);
    private FrameOutput spare = new FrameOutput(CAPACITY);
    /** Whether a thread is writing. */
    private boolean owned;

    private boolean closed;
    private volatile boolean waiting;

    /** @param channel in non-blocking mode; not closed here */
    Outgoing(SocketChannel channel) {
        this.channel = channel;
    }

    @Override
    public void expect(int request) {}

    @Override
    public void answer(int request, int type, Consumer<FrameOutput> body) {
        tell(type, frame -> body.accept(frame.u32(request)));
    }

    @Override
    public synchronized void tell(int type, Consumer<FrameOutput> body) {
        if (closed) {
            return;
        }
        boolean whole = false;
        filling.begin(type);
        try {
            body.accept(filling);
            whole = true;
        } finally {
            if (whole) {
                filling.end();
                waiting = true;
            } else {
                filling.cancel();
            }
        }
    }

    @Override
    public void flush() {
        if (!waiting) {
            return;
        }
        FrameOutput batch;
        synchronized (this) {
            if (owned || closed || filling.isEmpty()) {
                return;
            }
            owned = true;
            batch = take();
        }
        try {
            writeAll(batch);
        } catch (IOException e) {
            close();
        }
    }

    private synchronized FrameOutput take() {
        FrameOutput batch = filling;
        filling = spare;
        spare = batch;
        waiting = false;
        return batch;
    }

    /** Writes the batch and what gathers meanwhile, as long as the socket takes it; else a thread goes on. */
    private void writeAll(FrameOutput first) throws IOException {
        FrameOutput batch = first;
        while (batch != null) {
            ByteBuffer bytes = batch.written();
            while (bytes.hasRemaining()) {
                if (channel.write(bytes) == 0) {
                    leaveToThread(batch, bytes);
                    return;
                }
            }
            batch = next(batch);
        }
    }

    private synchronized @Nullable FrameOutput next(FrameOutput done) {
        done.taken();
        if (closed || filling.isEmpty()) {
            owned = false;
            notifyAll();
            return null;
        }
        return take();
    }

    private void leaveToThread(FrameOutput batch, ByteBuffer rest) {
        Thread thread = new Thread(() -> writeWaiting(batch, rest), "colla-gateway-out");
        thread.setDaemon(true);
        thread.start();
    }

    private void writeWaiting(FrameOutput first, ByteBuffer left) {
        try (Selector writable = Selector.open()) {
            channel.register(writable, SelectionKey.OP_WRITE);
            FrameOutput batch = first;
            ByteBuffer bytes = left;
            while (batch != null) {
                while (bytes.hasRemaining()) {
                    if (channel.write(bytes) == 0) {
                        // A channel that is closed by somebody else does not wake the selector.
                        writable.select(LOOK_MILLIS);
                        writable.selectedKeys().clear();
                    }
                }
                batch = next(batch);
                bytes = batch == null ? bytes : batch.written();
            }
        } catch (IOException | ClosedSelectorException e) {
            close();
        }
    }

    /** Waits until all is out, or nothing can be. */
    synchronized void drain(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        flush();
        while (owned && !closed) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return;
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Nothing goes out any more. */
    synchronized void close() {
        closed = true;
        owned = false;
        waiting = false;
        notifyAll();
    }
}

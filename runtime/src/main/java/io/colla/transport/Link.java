package io.colla.transport;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * A socket that one thread reads and writes as if it blocked, but with a deadline for each wait. The socket itself never blocks, so that another thread may try
 * to write at the same time, and so that an interrupt does not close it. {@link #close} and {@link #wakeup} may be called by any thread.
 */
final class Link implements Closeable {
    /** No deadline. */
    static final long FOREVER = Long.MAX_VALUE;

    final SocketChannel channel;

    /** The other side's address and port, for people. */
    final String remote;

    private final Selector selector;
    private final SelectionKey key;

    /** Takes the channel over: it is closed if this fails. */
    Link(SocketChannel channel) throws IOException {
        this.channel = channel;
        Selector opened = null;
        try {
            channel.configureBlocking(false);
            // Frames are built whole, so waiting for more to send would only cost time. Buffers are left to the system,
            // which tunes them itself.
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            remote = text((InetSocketAddress) channel.getRemoteAddress());
            opened = Selector.open();
            selector = opened;
            key = channel.register(selector, 0);
        } catch (IOException | RuntimeException e) {
            channel.close();
            if (opened != null) {
                opened.close();
            }
            throw e;
        }
    }

    static String text(InetSocketAddress address) {
        String host = address.getAddress() == null
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /** The {@link System#nanoTime} that is so far ahead. */
    static long in(java.time.Duration time) {
        return System.nanoTime() + time.toNanos();
    }

    /**
     * Reads what is there, waiting for the first byte.
     *
     * @return number of bytes; -1 at the end; 0 only after {@link #wakeup}
     */
    int read(ByteBuffer target, long deadline) throws IOException {
        int count = channel.read(target);
        if (count != 0 || !target.hasRemaining()) {
            return count;
        }
        await(SelectionKey.OP_READ, deadline);
        return channel.read(target);
    }

    void readFully(ByteBuffer target, long deadline) throws IOException {
        while (target.hasRemaining()) {
            if (read(target, deadline) < 0) {
                throw new EOFException("the other side closed the connection");
            }
        }
    }

    /** Writes all of it; each wait for the other side to read may take so long. */
    void writeFully(ByteBuffer source, long stallNanos) throws IOException {
        while (source.hasRemaining()) {
            if (channel.write(source) == 0) {
                await(SelectionKey.OP_WRITE, System.nanoTime() + stallNanos);
            }
        }
    }

    private void await(int operation, long deadline) throws IOException {
        try {
            key.interestOps(operation);
            int ready = deadline == FOREVER ? selector.select() : selector.select(millisUntil(deadline));
            selector.selectedKeys().clear();
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while waiting for " + remote);
            }
            if (ready == 0 && deadline != FOREVER && deadline - System.nanoTime() <= 0) {
                throw new SocketTimeoutException("no answer in time");
            }
        } catch (ClosedSelectorException | java.nio.channels.CancelledKeyException e) {
            throw new AsynchronousCloseException();
        }
    }

    /** At least 1: 0 would wait for ever. */
    private static long millisUntil(long deadline) throws SocketTimeoutException {
        long nanos = deadline - System.nanoTime();
        if (nanos <= 0) {
            throw new SocketTimeoutException("no answer in time");
        }
        return TimeUnit.NANOSECONDS.toMillis(nanos + 999_999);
    }

    /** Makes a {@link #read} that waits return. */
    void wakeup() {
        selector.wakeup();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is of no use any more, and there is nobody to tell.
        }
        try {
            // Only this frees the socket of a channel that is registered.
            selector.close();
        } catch (IOException e) {
            // As above.
        }
    }
}

package io.colla.transport;

import io.colla.wire.FrameWriter;
import io.colla.wire.Message;
import io.colla.wire.MessageCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * What goes out on one connection. Messages are collected in one buffer while the other is being written, so that all that came meanwhile leaves together. At any
 * time at most one thread owns the sending side of the socket: the writer thread, or a sender in {@link #flush} that has found it idle.
 */
final class Outbox {
    private static final int INITIAL = 16 << 10;
    /** Buffers that grew beyond this are not kept. */
    private static final int KEEP = 256 << 10;
    /** A frame that is this long gets no further message. */
    private static final int FULL_FRAME = 64 << 10;
    /** More than this is not written on a sender's time. */
    private static final int INLINE = 256 << 10;
    /** The JDK copies what it writes, and keeps a buffer of the largest size for each thread. */
    private static final int PIECE = 128 << 10;

    private static final int ROUNDS = 4;
    private static final int HEADER = 4;

    private final SocketChannel channel;
    private final MessageCodec codec;
    private final Limits limits;
    private final int fullFrame;

    private FrameWriter filling = new FrameWriter(INITIAL);
    private FrameWriter spare = new FrameWriter(INITIAL);
    /** Where the header of the frame in progress is; -1 for none. */
    private int frame = -1;
    /** Whether a thread owns the sending side. */
    private boolean owned;
    /** Whether the writer thread should own it: somebody waits for what is there. */
    private boolean wanted;
    /** What the owner passes on to the writer thread. */
    private @Nullable ByteBuffer handedOver;
    /** No more messages; what is there goes out. */
    private boolean ended;
    /** Nothing goes out any more. */
    private boolean abandoned;
    /** Bytes that the owner has taken and the socket has not. */
    private volatile int unsent;

    private @Nullable Selector selector;

    Outbox(SocketChannel channel, MessageCodec codec, Limits limits) {
        this.channel = channel;
        this.codec = codec;
        this.limits = limits;
        this.fullFrame = Math.min(FULL_FRAME, limits.frame() / 2);
    }

    enum Appended {
        DONE,
        /** The connection is closed or about to be. */
        ENDED,
        /** More waits than may. */
        FULL
    }

    /** Adds a message; with {@code wake}, the writer thread will send it. */
    synchronized Appended append(Message message, boolean wake) {
        if (ended) {
            return Appended.ENDED;
        }
        int before = filling.size();
        int frameBefore = frame;
        if (frame < 0) {
            frame = before;
            filling.fixed32(0);
        }
        int start = filling.size();
        try {
            codec.write(message, filling);
            if (filling.size() - start > limits.frame() - fullFrame) {
                throw new IllegalArgumentException("a " + message.getClass().getSimpleName() + " of "
                        + (filling.size() - start) + " bytes does not fit into a frame of " + limits.frame());
            }
        } catch (RuntimeException | Error e) {
            filling.truncate(before);
            frame = frameBefore;
            throw e;
        }
        if (filling.size() - frame - HEADER >= fullFrame) {
            seal();
        }
        if (waiting() > limits.outgoing()) {
            return Appended.FULL;
        }
        if ((wake || filling.size() > INLINE) && !wanted) {
            wanted = true;
            notifyAll();
        }
        return Appended.DONE;
    }

    /** Bytes that have not left this process. */
    synchronized long waiting() {
        return (long) filling.size() + unsent;
    }

    private void seal() {
        if (frame >= 0) {
            filling.patch32(frame, filling.size() - frame - HEADER);
            frame = -1;
        }
    }

    /** Sends what is there on the caller's time if that takes no waiting; else leaves it to the writer thread. */
    void flush() throws IOException {
        ByteBuffer batch;
        synchronized (this) {
            if (owned || abandoned || filling.size() == 0) {
                return;
            }
            if (filling.size() > INLINE) {
                wanted = true;
                notifyAll();
                return;
            }
            owned = true;
            batch = take();
        }
        try {
            for (int round = 1; writeSome(batch) && round < ROUNDS; round++) {
                ByteBuffer next = takeOrRelease();
                if (next == null) {
                    return;
                }
                batch = next;
            }
        } catch (IOException | RuntimeException | Error e) {
            abandon();
            throw e;
        }
        handOver(batch);
    }

    private synchronized void handOver(ByteBuffer rest) {
        handedOver = rest;
        notifyAll();
    }

    /** Swaps the buffers. */
    private synchronized ByteBuffer take() {
        seal();
        FrameWriter full = filling;
        filling = spare;
        spare = full;
        filling.reset(KEEP);
        wanted = false;
        unsent = full.size();
        return ByteBuffer.wrap(full.array(), 0, full.size());
    }

    /** More to write; null when there is none, and then the sending side is free again. */
    private synchronized @Nullable ByteBuffer takeOrRelease() {
        if (filling.size() > 0 && !abandoned) {
            return take();
        }
        owned = false;
        notifyAll();
        return null;
    }

    /** Whether all has been written; else the socket takes no more for now. */
    private boolean writeSome(ByteBuffer batch) throws IOException {
        int limit = batch.limit();
        while (batch.position() < limit) {
            int piece = Math.min(limit, batch.position() + PIECE);
            batch.limit(piece);
            int written = channel.write(batch);
            batch.limit(limit);
            unsent = limit - batch.position();
            if (written == 0) {
                return false;
            }
        }
        return true;
    }

    /** The writer thread's life: until {@link #end} when all has gone out, or {@link #abandon}. */
    void run() throws IOException {
        try {
            ByteBuffer batch = awaitWork();
            while (batch != null) {
                while (!writeSome(batch)) {
                    awaitWritable();
                }
                batch = takeOrRelease();
                if (batch == null) {
                    batch = awaitWork();
                }
            }
            channel.shutdownOutput();
        } finally {
            abandon();
            closeSelector();
        }
    }

    private synchronized @Nullable ByteBuffer awaitWork() throws IOException {
        while (!abandoned) {
            ByteBuffer batch = handedOver;
            if (batch != null) {
                handedOver = null;
                return batch;
            }
            if (!owned && filling.size() > 0 && (wanted || ended)) {
                owned = true;
                return take();
            }
            if (!owned && ended) {
                return null;
            }
            try {
                wait();
            } catch (InterruptedException e) {
                throw new java.io.InterruptedIOException("the writer was interrupted");
            }
        }
        throw new java.nio.channels.AsynchronousCloseException();
    }

    private void awaitWritable() throws IOException {
        try {
            writable().select();
            writable().selectedKeys().clear();
        } catch (ClosedSelectorException e) {
            throw new java.nio.channels.AsynchronousCloseException();
        }
        synchronized (this) {
            if (abandoned) {
                throw new java.nio.channels.AsynchronousCloseException();
            }
        }
    }

    /** Made when the other side is slow for the first time; most never are. */
    private synchronized Selector writable() throws IOException {
        Selector opened = selector;
        if (opened == null) {
            opened = Selector.open();
            channel.register(opened, SelectionKey.OP_WRITE);
            selector = opened;
        }
        return opened;
    }

    private synchronized void closeSelector() throws IOException {
        if (selector != null) {
            selector.close();
        }
    }

    /** Takes no more messages; the writer thread sends what is there, tells the other side that this was all, and ends. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Sends nothing any more; the writer thread ends. */
    synchronized void abandon() {
        ended = true;
        abandoned = true;
        unsent = 0;
        filling.truncate(0);
        frame = -1;
        notifyAll();
        if (selector != null) {
            selector.wakeup();
        }
    }
}

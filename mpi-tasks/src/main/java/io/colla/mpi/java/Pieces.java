package io.colla.mpi.java;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Streams of bytes between ranks, in pieces of a limited size; a piece that is not full is the last. Used by one thread, one stream at a time. */
final class Pieces {
    /** Bytes; large enough for the network's full speed. */
    static final int SIZE = 1 << 20;

    private static final int HEADER = Integer.BYTES;

    private final Mpi mpi;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
    private final ByteBuffer header = ByteBuffer.allocateDirect(HEADER);

    Pieces(Mpi mpi) {
        this.mpi = mpi;
    }

    /**
     * What rank 0 reads from its source, at all ranks; each must read it to its end.
     *
     * @param source at rank 0; elsewhere null
     */
    InputStream broadcast(@Nullable InputStream source) {
        return new Input() {
            @Override
            int next() throws IOException {
                int length = source == null ? 0 : fill(source);
                header.putInt(0, length);
                mpi.broadcast(header, HEADER);
                length = header.getInt(0);
                if (length > 0) {
                    mpi.broadcast(buffer, length);
                }
                return length;
            }
        };
    }

    private int fill(InputStream source) throws IOException {
        byte[] read = source.readNBytes(SIZE);
        buffer.clear();
        buffer.put(read);
        return read.length;
    }

    /** What another rank sends here. */
    InputStream receive(int from) {
        return new Input() {
            @Override
            int next() throws IOException {
                return mpi.receive(buffer, from);
            }
        };
    }

    /** Sends to another rank, which must read to the end; the last piece goes when the stream is closed. */
    OutputStream send(int to) {
        buffer.clear();
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                buffer.put((byte) value);
                sendFull();
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                Objects.checkFromIndexSize(from, length, bytes.length);
                for (int done = 0; done < length; ) {
                    int part = Math.min(length - done, buffer.remaining());
                    buffer.put(bytes, from + done, part);
                    done += part;
                    sendFull();
                }
            }

            private void sendFull() throws IOException {
                if (!buffer.hasRemaining()) {
                    mpi.send(buffer, SIZE, to);
                    buffer.clear();
                }
            }

            @Override
            public void close() throws IOException {
                mpi.send(buffer, buffer.position(), to);
            }
        };
    }

    private abstract class Input extends InputStream {
        private int at;
        private int end;
        private boolean last;

        /** Puts the next piece at the start of the buffer; returns its length. */
        abstract int next() throws IOException;

        private boolean hasMore() throws IOException {
            if (at == end && !last) {
                at = 0;
                end = next();
                last = end < SIZE;
            }
            return at < end;
        }

        @Override
        public int read() throws IOException {
            return hasMore() ? buffer.get(at++) & 0xff : -1;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!hasMore()) {
                return -1;
            }
            int part = Math.min(length, end - at);
            buffer.get(at, into, from, part);
            at += part;
            return part;
        }

        /** Takes what is left, as all ranks must. */
        @Override
        public void close() throws IOException {
            while (hasMore()) {
                at = end;
            }
        }
    }
}

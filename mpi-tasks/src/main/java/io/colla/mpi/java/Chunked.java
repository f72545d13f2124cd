package io.colla.mpi.java;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;

/** Streams of unknown length within one connection: chunks with their lengths in front, and a length of 0 at the end. */
final class Chunked {
    private static final int SIZE = 256 << 10;

    private Chunked() {}

    /** A stream that does not close the connection when it is closed, which must be done to end it. */
    static OutputStream output(DataOutputStream connection) {
        return new OutputStream() {
            private final byte[] chunk = new byte[SIZE];
            private int used;

            @Override
            public void write(int value) throws IOException {
                room();
                chunk[used++] = (byte) value;
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                Objects.checkFromIndexSize(from, length, bytes.length);
                for (int done = 0; done < length; ) {
                    room();
                    int part = Math.min(length - done, SIZE - used);
                    System.arraycopy(bytes, from + done, chunk, used, part);
                    used += part;
                    done += part;
                }
            }

            private void room() throws IOException {
                if (used == SIZE) {
                    sendChunk();
                }
            }

            private void sendChunk() throws IOException {
                connection.writeInt(used);
                connection.write(chunk, 0, used);
                used = 0;
            }

            @Override
            public void close() throws IOException {
                if (used > 0) {
                    sendChunk();
                }
                connection.writeInt(0);
                connection.flush();
            }
        };
    }

    /** A stream that is read to its end when it is closed, and leaves the connection open. */
    static InputStream input(DataInputStream connection) {
        return new InputStream() {
            private int left;
            private boolean ended;

            private boolean hasMore() throws IOException {
                if (left == 0 && !ended) {
                    left = connection.readInt();
                    ended = left == 0;
                }
                return !ended;
            }

            @Override
            public int read() throws IOException {
                if (!hasMore()) {
                    return -1;
                }
                left--;
                return connection.readUnsignedByte();
            }

            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                if (length == 0) {
                    return 0;
                }
                if (!hasMore()) {
                    return -1;
                }
                int read = connection.read(into, from, Math.min(length, left));
                if (read < 0) {
                    throw new EOFException("the connection ended within a value");
                }
                left -= read;
                return read;
            }

            @Override
            public void close() throws IOException {
                while (hasMore()) {
                    connection.skipNBytes(left);
                    left = 0;
                }
            }
        };
    }
}

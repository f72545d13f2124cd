package io.colla.worker.store;

import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** Any number of bytes in memory, read once after they were written; each piece is freed as soon as it has been read. One thread. */
final class ChunkedBytes implements ByteOutput.Sink {
    private final Deque<byte[]> pieces = new ArrayDeque<>();
    private long length;

    @Override
    public void write(byte[] bytes, int from, int count) {
        pieces.add(Arrays.copyOfRange(bytes, from, from + count));
        length += count;
    }

    long length() {
        return length;
    }

    InputStream drain() {
        return new InputStream() {
            private byte[] piece = new byte[0];
            private int next;

            @Override
            public int read() {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int from, int count) {
                while (next == piece.length) {
                    byte[] following = pieces.poll();
                    if (following == null) {
                        return -1;
                    }
                    piece = following;
                    next = 0;
                }
                int taken = Math.min(count, piece.length - next);
                System.arraycopy(piece, next, bytes, from, taken);
                next += taken;
                return taken;
            }
        };
    }
}

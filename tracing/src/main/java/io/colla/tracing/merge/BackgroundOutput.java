package io.colla.tracing.merge;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Has another thread write (and compress) what is written here, a few blocks behind. Its errors come out at a later call. For one thread at a time. */
final class BackgroundOutput extends OutputStream {
    private static final int BLOCK = 1 << 18;
    private static final int BLOCKS = 4;
    private static final long PATIENCE_MINUTES = 10;

    private record Filled(byte[] bytes, int length) {}

    private final OutputStream out;
    private final BlockingQueue<Filled> filled = new ArrayBlockingQueue<>(BLOCKS + 1);
    private final BlockingQueue<byte[]> empty = new ArrayBlockingQueue<>(BLOCKS);
    private final Thread writer = new Thread(this::work, "colla-trace-output");
    private byte[] block = new byte[BLOCK];
    private int used;
    private boolean closed;
    private volatile @Nullable IOException broken;

    private BackgroundOutput(OutputStream out) {
        this.out = out;
    }

    /** @param out closed with this */
    static BackgroundOutput to(OutputStream out) {
        BackgroundOutput output = new BackgroundOutput(out);
        for (int i = 1; i < BLOCKS; i++) {
            output.empty.add(new byte[BLOCK]);
        }
        output.writer.setDaemon(true);
        output.writer.start();
        return output;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        int at = from;
        int rest = length;
        while (rest > 0) {
            int part = Math.min(rest, BLOCK - used);
            System.arraycopy(bytes, at, block, used, part);
            used += part;
            at += part;
            rest -= part;
            if (used == BLOCK) {
                pass();
            }
        }
    }

    private void pass() throws IOException {
        check();
        try {
            filled.put(new Filled(block, used)); // never full: there are fewer blocks
            byte[] next = empty.poll(PATIENCE_MINUTES, TimeUnit.MINUTES);
            if (next == null) {
                throw new IOException("nothing could be written for " + PATIENCE_MINUTES + " minutes");
            }
            block = next;
            used = 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the trace is written");
        }
    }

    private void check() throws IOException {
        IOException failure = broken;
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
    }

    private void work() {
        try {
            while (true) {
                Filled next = filled.take();
                if (next.length == 0) {
                    return;
                }
                if (broken == null) {
                    write(next);
                }
                empty.add(next.bytes);
            }
        } catch (InterruptedException e) {
            broken = new InterruptedIOException("interrupted while the trace is written");
        }
    }

    private void write(Filled next) {
        try {
            out.write(next.bytes, 0, next.length);
        } catch (IOException e) {
            broken = e;
        }
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (out) {
            try {
                if (used > 0) {
                    pass();
                }
            } finally {
                filled.put(new Filled(new byte[0], 0));
            }
            writer.join();
            check();
        } catch (InterruptedException e) {
            writer.interrupt();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the trace is written");
        }
    }
}

package io.colla.mpi.java;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** Rank 0's connection with the worker on its node. */
final class RankLink {
    private static final int BUFFER = 64 << 10;

    private final DataInputStream in;
    private final DataOutputStream out;

    private RankLink(SocketChannel channel) {
        this.in = new DataInputStream(Channels.newInputStream(channel));
        this.out = new DataOutputStream(new BufferedOutputStream(new Writer(channel), BUFFER));
    }

    static RankLink connect(Path socket) throws IOException {
        try {
            return new RankLink(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
        } catch (IOException e) {
            throw new IOException("rank 0 cannot reach its worker at " + socket + ": " + e.getMessage(), e);
        }
    }

    /** The next value of the call. */
    InputStream value() {
        return Chunked.input(in);
    }

    /** The call has been read; nothing more comes, but the end when the worker is gone, and then this process ends too. */
    void watch() {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (in.read() >= 0) {
                            // Nothing is expected.
                        }
                    } catch (IOException e) {
                        // As the end.
                    }
                    Runtime.getRuntime().halt(1);
                },
                "colla-worker-watch");
        thread.setDaemon(true);
        thread.start();
    }

    /** Begins a value for the worker. */
    OutputStream begin(int kind, int number) throws IOException {
        out.writeByte(kind);
        out.writeInt(number);
        return Chunked.output(out);
    }

    /** Says that there is nothing more. */
    void done() throws IOException {
        out.writeByte(RankCall.DONE);
        out.flush();
    }

    /** The streams of a channel lock each other out: one that reads would keep the other from writing. */
    private static final class Writer extends OutputStream {
        private final SocketChannel channel;

        Writer(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            java.nio.ByteBuffer rest = java.nio.ByteBuffer.wrap(bytes, from, length);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        }
    }
}

package io.colla.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;

/** Keeps what comes, or only counts it. */
class TestSink implements Incoming {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final boolean keep;
    boolean file;
    String name;
    long announced;
    long total;
    boolean completed;
    int aborted;

    TestSink(boolean keep) {
        this.keep = keep;
    }

    TestSink() {
        this(true);
    }

    @Override
    public WritableByteChannel begin(boolean isFile, String fileName, long length) throws IOException {
        file = isFile;
        name = fileName;
        announced = length;
        total = 0;
        bytes.reset();
        WritableByteChannel kept = Channels.newChannel(bytes);
        return new WritableByteChannel() {
            @Override
            public int write(ByteBuffer source) throws IOException {
                int length = source.remaining();
                total += length;
                took(total);
                if (keep) {
                    return kept.write(source);
                }
                source.position(source.limit());
                return length;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
    }

    void took(long soFar) throws IOException {}

    @Override
    public void complete() throws IOException {
        completed = true;
    }

    @Override
    public void abort() {
        aborted++;
    }
}

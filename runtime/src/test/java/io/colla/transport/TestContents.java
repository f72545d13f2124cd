package io.colla.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Contents of a test: bytes, files, or whatever a test writes. */
final class TestContents implements Contents {
    interface Body {
        void writeTo(WritableByteChannel target) throws IOException;
    }

    final AtomicInteger open = new AtomicInteger();
    private final Map<Integer, Entry> entries = new ConcurrentHashMap<>();

    private record Entry(boolean file, String name, long length, Body body) {}

    void put(int content, String name, long length, Body body) {
        entries.put(content, new Entry(!name.isEmpty(), name, length, body));
    }

    void put(int content, byte[] bytes) {
        put(content, "", bytes.length, target -> target.write(ByteBuffer.wrap(bytes)));
    }

    void put(int content, Path file, long length) {
        put(content, file.getFileName().toString(), length, target -> {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                FileBytes.copy(channel, 0, length, target);
            }
        });
    }

    @Override
    public Outgoing open(int content) {
        Entry entry = entries.get(content);
        if (entry == null) {
            return null;
        }
        open.incrementAndGet();
        return new Outgoing() {
            @Override
            public boolean isFile() {
                return entry.file;
            }

            @Override
            public String name() {
                return entry.name;
            }

            @Override
            public long length() {
                return entry.length;
            }

            @Override
            public void writeTo(WritableByteChannel target) throws IOException {
                entry.body.writeTo(target);
            }

            @Override
            public void close() {
                open.decrementAndGet();
            }
        };
    }
}

package io.colla.python.gateway.streams;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps elements in memory up to a limit, and those beyond it in a file, whose space is used again once all of them have been dropped. Not thread-safe.
 */
final class ElementStore implements AutoCloseable {
    private final Path folder;
    private final long limit;
    private long inMemory;
    private @Nullable FileChannel file;
    private long end;
    private int inFile;

    /**
     * @param folder where the file is made when it is first needed; the file has no name from then on
     * @param limit bytes in memory
     */
    ElementStore(Path folder, long limit) {
        this.folder = folder;
        this.limit = limit;
    }

    /** An element that is kept. */
    sealed interface Element {
        int length();
    }

    private record InMemory(byte[] bytes) implements Element {
        @Override
        public int length() {
            return bytes.length;
        }
    }

    private record InFile(long position, int length) implements Element {}

    Element keep(byte[] bytes) throws IOException {
        if (inMemory + bytes.length <= limit) {
            inMemory += bytes.length;
            return new InMemory(bytes);
        }
        FileChannel channel = file();
        Element element = new InFile(end, bytes.length);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        for (long position = end; buffer.hasRemaining(); ) {
            position += channel.write(buffer, position);
        }
        end += bytes.length;
        inFile++;
        return element;
    }

    byte[] read(Element element) throws IOException {
        if (element instanceof InMemory there) {
            return there.bytes();
        }
        InFile place = (InFile) element;
        ByteBuffer buffer = ByteBuffer.allocate(place.length());
        while (buffer.hasRemaining()) {
            if (file().read(buffer, place.position() + buffer.position()) < 0) {
                throw new IOException("the elements of a stream that were put on disk are gone");
            }
        }
        return buffer.array();
    }

    void drop(Element element) {
        if (element instanceof InMemory there) {
            inMemory -= there.bytes().length;
        } else if (--inFile == 0) {
            end = 0;
        }
    }

    private FileChannel file() throws IOException {
        FileChannel channel = file;
        if (channel == null) {
            Path path = Files.createTempFile(folder, "streams", ".bin");
            channel = FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
            file = channel;
        }
        return channel;
    }

    @Override
    public void close() {
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            file = null;
        }
    }
}

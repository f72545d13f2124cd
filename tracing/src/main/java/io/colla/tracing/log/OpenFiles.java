package io.colla.tracing.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Files that are read by turns, of which no more than a number are open at a time: a run of many Python processes has more logs than a process may have files open. Thread-safe.
 */
public final class OpenFiles implements Closeable {
    private final int most;
    /** The one read last is the last. */
    private final Map<Path, FileChannel> open = new LinkedHashMap<>(16, 0.75f, true);

    /** @param most that may be open */
    public OpenFiles(int most) {
        this.most = most;
    }

    synchronized long size(Path file) throws IOException {
        return channel(file).size();
    }

    /** Fills the buffer from this place of the file, or as far as there is something. */
    synchronized void read(Path file, ByteBuffer into, long position) throws IOException {
        FileChannel channel = channel(file);
        long at = position;
        while (into.hasRemaining()) {
            int read = channel.read(into, at);
            if (read < 0) {
                return;
            }
            at += read;
        }
    }

    private FileChannel channel(Path file) throws IOException {
        FileChannel known = open.get(file);
        if (known != null) {
            return known;
        }
        if (open.size() >= most) {
            Iterator<FileChannel> eldest = open.values().iterator();
            eldest.next().close();
            eldest.remove();
        }
        FileChannel opened = FileChannel.open(file, StandardOpenOption.READ);
        open.put(file, opened);
        return opened;
    }

    synchronized void close(Path file) throws IOException {
        FileChannel known = open.remove(file);
        if (known != null) {
            known.close();
        }
    }

    /** Closes all of them. */
    @Override
    public synchronized void close() throws IOException {
        for (FileChannel channel : open.values()) {
            channel.close();
        }
        open.clear();
    }
}

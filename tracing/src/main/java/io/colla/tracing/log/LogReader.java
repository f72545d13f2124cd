package io.colla.tracing.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads a log: the descriptions at once, the records thread by thread as often as wanted. What a killed process left unfinished at the end is passed over. Memory grows with blocks, not with
 * records. Not thread-safe, except that cursors are independent of each other.
 */
public final class LogReader implements Closeable {
    private static final int LONGEST_TEXT = 1 << 20;

    /** Where records of a thread are in the file. */
    private record Piece(long position, int count) {}

    private final Path file;
    private final FileChannel channel;
    private final List<Map<String, String>> descriptions = new ArrayList<>();
    private final Map<Integer, List<Piece>> pieces = new TreeMap<>();
    private long records;

    private LogReader(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Looks through a log.
     *
     * @throws IOException if it cannot be read or is no log
     */
    public static LogReader open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        LogReader reader = new LogReader(file, channel);
        try {
            reader.look();
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        return reader;
    }

    public Path file() {
        return file;
    }

    /** What was described as this, in the order of the file. */
    public List<Map<String, String>> described(String what) {
        return descriptions.stream()
                .filter(each -> what.equals(each.get("what")))
                .toList();
    }

    /** The numbers of the threads with records. */
    public List<Integer> threads() {
        return List.copyOf(pieces.keySet());
    }

    /** Records of all threads. */
    public long records() {
        return records;
    }

    /** The times of a thread's first and last record; empty if it has none. */
    public long[] span(int thread) throws IOException {
        List<Piece> all = pieces.getOrDefault(thread, List.of());
        if (all.isEmpty()) {
            return new long[0];
        }
        Piece last = all.get(all.size() - 1);
        return new long[] {time(all.get(0).position()), time(last.position() + (last.count() - 1L) * Block.RECORD)};
    }

    private long time(long position) throws IOException {
        ByteBuffer time = buffer(Long.BYTES);
        read(time, position);
        return time.flip().getLong();
    }

    /** The records of a thread, from its first. */
    public Cursor cursor(int thread) {
        return new Cursor(pieces.getOrDefault(thread, List.of()));
    }

    private void look() throws IOException {
        ByteBuffer head = buffer(Block.HEAD + Block.EVENTS_HEAD);
        long size = channel.size();
        long position = 0;
        while (position + Block.HEAD <= size) {
            read(head.clear(), position);
            int magic = head.flip().getInt();
            int kind = head.getInt();
            int length = head.getInt();
            if (magic != Block.MAGIC || length < 0) {
                if (position == 0) {
                    throw new IOException(file + " is no trace log");
                }
                return; // a process that maps its file leaves zeros behind its last block
            }
            if (kind == Block.EVENTS) {
                if (head.remaining() < Block.EVENTS_HEAD) {
                    return;
                }
                events(position, head.getInt(), head.getInt(), length, size);
            } else if (kind == Block.TEXT && length <= LONGEST_TEXT && position + Block.HEAD + length <= size) {
                descriptions.add(text(position + Block.HEAD, length));
            }
            position += Block.HEAD + length;
        }
    }

    private void events(long position, int thread, int count, int length, long size) {
        long from = position + Block.HEAD + Block.EVENTS_HEAD;
        long room = Math.min(length - Block.EVENTS_HEAD, size - from) / Block.RECORD;
        int whole = (int) Math.max(0, Math.min(count, room));
        if (whole > 0) {
            pieces.computeIfAbsent(thread, t -> new ArrayList<>()).add(new Piece(from, whole));
            records += whole;
        }
    }

    private Map<String, String> text(long position, int length) throws IOException {
        ByteBuffer bytes = buffer(length);
        read(bytes, position);
        Map<String, String> values = new LinkedHashMap<>();
        for (String line :
                StandardCharsets.UTF_8.decode(bytes.flip()).toString().split("\n")) {
            int tab = line.indexOf('\t');
            if (tab > 0) {
                values.put(line.substring(0, tab), line.substring(tab + 1));
            }
        }
        return new HashMap<>(values);
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void read(ByteBuffer into, long position) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            int read = channel.read(into, at);
            if (read < 0) {
                return;
            }
            at += read;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** One thread's records, one after the other. */
    public final class Cursor {
        private static final int MOST = 1 << 10;

        private final List<Piece> rest;
        private final ByteBuffer ahead = buffer(MOST * Block.RECORD).limit(0);
        private int piece;
        private int taken;
        private long time;
        private int type;
        private int detail;
        private long value;

        private Cursor(List<Piece> pieces) {
            rest = pieces;
        }

        /**
         * Goes to the next record.
         *
         * @return whether there is one
         */
        public boolean next() throws IOException {
            if (!ahead.hasRemaining() && !load()) {
                return false;
            }
            time = ahead.getLong();
            type = ahead.getInt();
            detail = ahead.getInt();
            value = ahead.getLong();
            return true;
        }

        private boolean load() throws IOException {
            while (piece < rest.size() && taken == rest.get(piece).count()) {
                piece++;
                taken = 0;
            }
            if (piece == rest.size()) {
                return false;
            }
            Piece from = rest.get(piece);
            int count = Math.min(MOST, from.count() - taken);
            read(ahead.clear().limit(count * Block.RECORD), from.position() + (long) taken * Block.RECORD);
            taken += count;
            return ahead.flip().hasRemaining();
        }

        /** Nanoseconds of the process' clock. */
        public long time() {
            return time;
        }

        public int type() {
            return type;
        }

        public int detail() {
            return detail;
        }

        public long value() {
            return value;
        }
    }
}

package io.colla.tracing.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads a log: the descriptions at once, the records thread by thread as often as wanted. What a killed process left unfinished at the end is passed over. Memory grows with blocks, of which a long run has few, not with
 * records. Not thread-safe, except that cursors are independent of each other.
 */
public final class LogReader implements Closeable {
    private static final int LONGEST_TEXT = 1 << 20;

    /** Where the records of a thread are in the file. */
    private static final class Pieces {
        private long[] positions = new long[4];
        private int[] counts = new int[4];
        private int size;

        void add(long position, int count) {
            if (size == positions.length) {
                positions = Arrays.copyOf(positions, 2 * size);
                counts = Arrays.copyOf(counts, 2 * size);
            }
            positions[size] = position;
            counts[size++] = count;
        }
    }

    private static final Pieces NONE = new Pieces();
    private static final ByteBuffer NOTHING = buffer(0);

    private final Path file;
    private final OpenFiles files;
    private final List<Map<String, String>> descriptions = new ArrayList<>();
    private final Map<Integer, Pieces> pieces = new TreeMap<>();
    /** Of threads that were asked for. */
    private final Map<Integer, long[]> spans = new HashMap<>();

    private long records;

    private LogReader(Path file, OpenFiles files) {
        this.file = file;
        this.files = files;
    }

    /**
     * Looks through a log.
     *
     * @throws IOException if it cannot be read or is no log
     */
    public static LogReader open(Path file) throws IOException {
        return open(file, new OpenFiles(1));
    }

    /** As {@link #open(Path)}, for one of many, which are open by turns. */
    public static LogReader open(Path file, OpenFiles files) throws IOException {
        LogReader reader = new LogReader(file, files);
        try {
            reader.look();
        } catch (IOException | RuntimeException e) {
            reader.close();
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
        long[] known = spans.get(thread);
        if (known == null) {
            known = readSpan(thread);
            spans.put(thread, known);
        }
        return known.clone();
    }

    private long[] readSpan(int thread) throws IOException {
        Pieces all = pieces.getOrDefault(thread, NONE);
        if (all.size == 0) {
            return new long[0];
        }
        int last = all.size - 1;
        return new long[] {time(all.positions[0]), time(all.positions[last] + (all.counts[last] - 1L) * Block.RECORD)};
    }

    private long time(long position) throws IOException {
        ByteBuffer time = buffer(Long.BYTES);
        read(time, position);
        return time.flip().getLong();
    }

    /** The records of a thread, from its first. */
    public Cursor cursor(int thread) {
        return new Cursor(pieces.getOrDefault(thread, NONE));
    }

    private void look() throws IOException {
        ByteBuffer head = buffer(Block.HEAD + Block.EVENTS_HEAD);
        long size = files.size(file);
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

    private void events(long position, int thread, int count, int length, long size) throws IOException {
        long from = position + Block.HEAD + Block.EVENTS_HEAD;
        long room = Math.min(length - Block.EVENTS_HEAD, size - from) / Block.RECORD;
        int whole = written(from, (int) Math.max(0, Math.min(count, room)));
        if (whole > 0) {
            pieces.computeIfAbsent(thread, t -> new Pieces()).add(from, whole);
            records += whole;
        }
    }

    /** How many of the records are there: a machine that failed may have left their number but not all of them, and zeros in their place. */
    private int written(long from, int count) throws IOException {
        ByteBuffer record = buffer(Block.RECORD);
        int whole = count;
        while (whole > 0) {
            read(record.clear(), from + (whole - 1L) * Block.RECORD);
            if (record.getLong(0) != 0 || record.getLong(Long.BYTES) != 0) {
                return whole;
            }
            whole--;
        }
        return 0;
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
        files.read(file, into, position);
    }

    @Override
    public void close() throws IOException {
        files.close(file);
    }

    /** One thread's records, one after the other. */
    public final class Cursor {
        private static final int MOST = 1 << 9;

        private final Pieces rest;
        private ByteBuffer ahead = NOTHING;
        private int piece;
        private int taken;
        private long time;
        private int type;
        private int detail;
        private long value;

        private Cursor(Pieces pieces) {
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
            while (piece < rest.size && taken == rest.counts[piece]) {
                piece++;
                taken = 0;
            }
            if (piece == rest.size) {
                return false;
            }
            if (ahead == NOTHING) {
                ahead = buffer(MOST * Block.RECORD);
            }
            int count = Math.min(MOST, rest.counts[piece] - taken);
            read(ahead.clear().limit(count * Block.RECORD), rest.positions[piece] + (long) taken * Block.RECORD);
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

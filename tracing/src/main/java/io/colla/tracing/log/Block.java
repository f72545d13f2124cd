package io.colla.tracing.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The layout of a log's blocks. */
final class Block {
    /** Kind of block: lines that describe something. */
    static final int TEXT = 1;
    /** Kind of block: records of one thread. */
    static final int EVENTS = 2;

    /** {@code CTL1}. */
    static final int MAGIC = 'C' | 'T' << 8 | 'L' << 16 | '1' << 24;

    /** Bytes before a block's content. */
    static final int HEAD = 12;
    /** Bytes before the records of a block of events. */
    static final int EVENTS_HEAD = 8;
    /** Bytes of a record. */
    static final int RECORD = 24;

    /** Records that a thread's first block has room for; each further one for twice as many as that before it, up to {@link #MOST_ROOM}. */
    static final int LEAST_ROOM = 64;

    static final int MOST_ROOM = 2048;

    /** A block of events that is in the file and may not be full. */
    static final class Open {
        private long position;
        private int count;
        private int room;

        /** Where its next record belongs. */
        long end() {
            return position + HEAD + EVENTS_HEAD + (long) count * RECORD;
        }

        /** Where the number of its records stands. */
        long counter() {
            return position + HEAD + Integer.BYTES;
        }

        int count() {
            return count;
        }

        int left() {
            return room - count;
        }

        void add(int records) {
            count += records;
        }

        /**
         * Goes on to another.
         *
         * @return its length in bytes
         */
        long begin(long at) {
            position = at;
            count = 0;
            room = Math.min(MOST_ROOM, Math.max(LEAST_ROOM, 2 * room));
            return HEAD + EVENTS_HEAD + (long) room * RECORD;
        }

        void head(int thread, ByteBuffer into) {
            into.putInt(MAGIC).putInt(EVENTS).putInt(EVENTS_HEAD + room * RECORD);
            into.putInt(thread).putInt(count);
        }
    }

    private Block() {}

    static ByteBuffer text(String what, Map<String, String> values) {
        StringBuilder lines = new StringBuilder("what\t").append(what).append('\n');
        values.forEach((key, value) -> lines.append(key)
                .append('\t')
                .append(value.replaceAll("[\\t\\n\\r]", " "))
                .append('\n'));
        byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer block = ByteBuffer.allocate(HEAD + bytes.length).order(ByteOrder.LITTLE_ENDIAN);
        return block.putInt(MAGIC).putInt(TEXT).putInt(bytes.length).put(bytes).flip();
    }
}

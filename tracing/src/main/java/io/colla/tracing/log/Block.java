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

package io.colla.transport;

import io.colla.wire.FrameWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Sends one answer of {@link DataProtocol}: what a content writes goes into pieces, and is summed up on the way, while it is in the processor's cache.
 */
final class PieceWriter implements WritableByteChannel {
    private static final int HEADERS = 3 * DataProtocol.ANSWER;

    private final Link link;
    private final long stall;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(DataProtocol.PIECE + HEADERS);
    private final CRC32C sum = new CRC32C();
    /** Where the bytes of the piece in progress begin; -1 between pieces. */
    private int piece = -1;
    /** Why the client cannot be written to. */
    private @Nullable IOException lost;

    PieceWriter(Link link, long stallNanos) {
        this.link = link;
        this.stall = stallNanos;
    }

    void head(DataProtocol.Answer answer) {
        FrameWriter head = new FrameWriter(DataProtocol.ANSWER);
        answer.write(head);
        if (head.size() > DataProtocol.ANSWER) {
            throw new IllegalArgumentException("the name of a content's file is too long: " + answer.name());
        }
        buffer.putInt(head.size()).put(head.array(), 0, head.size());
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int total = source.remaining();
        while (source.hasRemaining()) {
            int length = Math.min(source.remaining(), room());
            buffer.put(source.slice(source.position(), length));
            source.position(source.position() + length);
        }
        return total;
    }

    /** Reads the file straight into the pieces. */
    int read(FileChannel file, long position, long most) throws IOException {
        int length = (int) Math.min(most, room());
        int limit = buffer.limit();
        buffer.limit(buffer.position() + length);
        try {
            return file.read(buffer, position);
        } finally {
            buffer.limit(limit);
        }
    }

    /** Bytes that the piece in progress still takes, at least 1. */
    private int room() throws IOException {
        if (piece >= 0 && buffer.position() - piece == DataProtocol.PIECE) {
            seal();
            send();
        }
        if (piece < 0) {
            buffer.putInt(0);
            piece = buffer.position();
        }
        return DataProtocol.PIECE - (buffer.position() - piece);
    }

    private void seal() {
        if (piece >= 0) {
            int length = buffer.position() - piece;
            buffer.putInt(piece - Integer.BYTES, length);
            sum.update(buffer.duplicate().flip().position(piece));
            piece = -1;
        }
    }

    /** All was written. */
    void end() throws IOException {
        finish();
        buffer.putInt(DataProtocol.END).putInt((int) sum.getValue());
        send();
    }

    /** The content could not be read on. */
    void end(String why) throws IOException {
        finish();
        byte[] text = why.substring(0, Math.min(why.length(), DataProtocol.ANSWER / 4))
                .getBytes(StandardCharsets.UTF_8);
        buffer.putInt(DataProtocol.BROKEN).putInt(text.length).put(text);
        send();
    }

    private void finish() {
        if (piece >= 0 && buffer.position() == piece) {
            buffer.position(piece - Integer.BYTES);
            piece = -1;
        }
        seal();
    }

    void send() throws IOException {
        buffer.flip();
        try {
            link.writeFully(buffer, stall);
        } catch (IOException e) {
            lost = e;
            throw e;
        }
        buffer.clear();
    }

    /** Tells a client that is gone from a content that cannot be read. */
    void throwIfLost() throws IOException {
        if (lost != null) {
            throw lost;
        }
    }

    @Override
    public boolean isOpen() {
        return lost == null;
    }

    @Override
    public void close() {
        // The end of a content is not the end of the connection.
    }
}

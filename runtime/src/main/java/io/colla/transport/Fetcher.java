package io.colla.transport;

import io.colla.transport.DataProtocol.Answer;
import io.colla.wire.FrameReader;
import io.colla.wire.FrameWriter;
import io.colla.wire.ProtocolException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** One connection for contents, seen from the side that asks. Used by one thread at a time; {@link #close} by any. */
final class Fetcher {
    private final Link link;
    private final String peer;
    private final Limits limits;
    /** What came in and was not used yet, between position and limit. */
    private final ByteBuffer buffer =
            ByteBuffer.allocateDirect(DataProtocol.PIECE + DataProtocol.ANSWER).limit(0);

    private volatile long lastUsed = System.nanoTime();
    /** Whether the other side waits for the next request. */
    private boolean inStep;

    Fetcher(Link link, String name, Limits limits) {
        this.link = link;
        this.peer = name + " (" + link.remote + ")";
        this.limits = limits;
    }

    long lastUsed() {
        return lastUsed;
    }

    boolean reusable() {
        return inStep && !buffer.hasRemaining();
    }

    void close() {
        link.close();
    }

    /** False if the other side has closed the connection without a word. */
    boolean fetch(int content, Incoming sink) throws IOException {
        inStep = false;
        try {
            try {
                ask(content);
                fill();
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                return false;
            }
            Answer answer = readAnswer();
            if (answer.status() != DataProtocol.FOUND) {
                inStep = true;
                throw new IOException(answer.status() == DataProtocol.MISSING ? "it does not have it" : answer.name());
            }
            receive(content, answer, sink);
            return true;
        } catch (IncomingException e) {
            throw e;
        } catch (SocketTimeoutException e) {
            throw failed(content, "nothing came for " + limits.stall().toSeconds() + " s", e);
        } catch (IOException e) {
            throw failed(content, String.valueOf(e.getMessage()), e);
        } finally {
            lastUsed = System.nanoTime();
        }
    }

    private IOException failed(int content, String why, IOException cause) {
        return new IOException("cannot fetch content " + content + " from " + peer + ": " + why, cause);
    }

    private void ask(int content) throws IOException {
        FrameWriter request = new FrameWriter(16);
        request.fixed32(0);
        request.number(content);
        request.patch32(0, request.size() - Integer.BYTES);
        link.writeFully(
                ByteBuffer.wrap(request.array(), 0, request.size()),
                limits.stall().toNanos());
    }

    private Answer readAnswer() throws IOException {
        byte[] bytes = readShort();
        return Answer.read(new FrameReader(bytes, 0, bytes.length));
    }

    private String readSentence() throws IOException {
        return new String(readShort(), StandardCharsets.UTF_8);
    }

    private byte[] readShort() throws IOException {
        int length = readInt();
        if (length < 0 || length > DataProtocol.ANSWER) {
            throw new ProtocolException("it answers with " + Integer.toUnsignedString(length) + " bytes");
        }
        byte[] bytes = new byte[length];
        require(length);
        buffer.get(bytes);
        return bytes;
    }

    private void receive(int content, Answer answer, Incoming sink) throws IOException {
        boolean done = false;
        try {
            WritableByteChannel target = begin(content, answer, sink);
            receivePieces(content, answer.length(), target);
            // Whatever the sink makes of it, the connection is ready for the next.
            inStep = true;
            complete(content, sink);
            done = true;
        } finally {
            if (!done) {
                sink.abort();
            }
        }
    }

    private void receivePieces(int content, long expected, WritableByteChannel target) throws IOException {
        CRC32C sum = new CRC32C();
        long total = 0;
        int piece = readInt();
        while (piece > 0) {
            if (piece > DataProtocol.PIECE || (expected >= 0 && piece > expected - total)) {
                throw new ProtocolException("a piece of " + piece + " bytes after " + total + " of " + expected);
            }
            receivePiece(content, piece, sum, target);
            total += piece;
            piece = readInt();
        }
        if (piece == DataProtocol.BROKEN) {
            String why = readSentence();
            inStep = true;
            throw new IOException("it could not read it to the end: " + why);
        }
        if (piece != DataProtocol.END) {
            throw new ProtocolException("a piece of " + Integer.toUnsignedString(piece) + " bytes");
        }
        if (readInt() != (int) sum.getValue()) {
            throw new ProtocolException("the bytes were changed on the way: their check sum differs");
        }
        if (expected >= 0 && total != expected) {
            throw new ProtocolException(total + " bytes came instead of " + expected);
        }
    }

    private void receivePiece(int content, int length, CRC32C sum, WritableByteChannel target) throws IOException {
        int rest = length;
        while (rest > 0) {
            if (!buffer.hasRemaining()) {
                fill();
            }
            int step = Math.min(rest, buffer.remaining());
            ByteBuffer part = buffer.slice(buffer.position(), step);
            sum.update(part.duplicate());
            store(content, part, target);
            buffer.position(buffer.position() + step);
            rest -= step;
        }
    }

    private static WritableByteChannel begin(int content, Answer answer, Incoming sink) throws IncomingException {
        try {
            return sink.begin(answer.file(), answer.name(), answer.length());
        } catch (IOException e) {
            throw notKept(content, e);
        }
    }

    private static void store(int content, ByteBuffer part, WritableByteChannel target) throws IncomingException {
        try {
            while (part.hasRemaining()) {
                target.write(part);
            }
        } catch (IOException e) {
            throw notKept(content, e);
        }
    }

    private static void complete(int content, Incoming sink) throws IncomingException {
        try {
            sink.complete();
        } catch (IOException e) {
            throw notKept(content, e);
        }
    }

    private static IncomingException notKept(int content, IOException e) {
        return new IncomingException("cannot keep content " + content + " here: " + e.getMessage(), e);
    }

    private int readInt() throws IOException {
        require(Integer.BYTES);
        return buffer.getInt();
    }

    private void require(int bytes) throws IOException {
        while (buffer.remaining() < bytes) {
            fill();
        }
    }

    /** Adds to the buffer what comes next, at least a byte. */
    private void fill() throws IOException {
        buffer.compact();
        try {
            int count = 0;
            while (count == 0) {
                count = link.read(buffer, Link.in(limits.stall()));
            }
            if (count < 0) {
                throw new EOFException("it closed the connection");
            }
        } finally {
            buffer.flip();
        }
    }
}

package io.colla.transport;

import io.colla.wire.FrameReader;
import io.colla.wire.ProtocolException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the requests for contents that come over one connection, one after another, until it is closed or idle. */
final class DataServer {
    private static final Logger LOG = LoggerFactory.getLogger(DataServer.class);

    private final Link link;
    private final Contents contents;
    private final Limits limits;
    private final long stall;

    DataServer(Link link, Contents contents, Limits limits) {
        this.link = link;
        this.contents = contents;
        this.limits = limits;
        this.stall = limits.stall().toNanos();
    }

    void run() {
        try {
            ByteBuffer header = ByteBuffer.allocate(4);
            // Longer than the client's own time, so that a client rarely meets a connection that is just being closed.
            long idle = limits.idle().toNanos() * 3 / 2;
            while (awaitRequest(header, System.nanoTime() + idle)) {
                answer(readRequest(header));
            }
        } catch (IOException e) {
            LOG.debug("A connection for contents of {} ends: {}", link.remote, e.toString());
        }
    }

    /** False when the client has closed, or has asked for nothing for long. */
    private boolean awaitRequest(ByteBuffer header, long deadline) throws IOException {
        header.clear();
        try {
            while (header.hasRemaining()) {
                if (link.read(header, deadline) < 0) {
                    return false;
                }
            }
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        }
    }

    private int readRequest(ByteBuffer header) throws IOException {
        int length = header.getInt(0);
        if (length < 1 || length > Limits.HANDSHAKE_FRAME) {
            throw new ProtocolException("a request of " + Integer.toUnsignedString(length) + " bytes for a content");
        }
        ByteBuffer body = ByteBuffer.allocate(length);
        link.readFully(body, System.nanoTime() + stall);
        FrameReader in = new FrameReader(body.array(), 0, length);
        in.reading("request for a content");
        return in.number();
    }

    private void answer(int content) throws IOException {
        Outgoing opened = null;
        DataProtocol.Answer answer;
        try {
            opened = contents.open(content);
            answer = opened == null
                    ? DataProtocol.Answer.missing()
                    : new DataProtocol.Answer(DataProtocol.FOUND, opened.isFile(), opened.name(), opened.length());
        } catch (RuntimeException e) {
            LOG.warn("Cannot open content {}", content, e);
            answer = DataProtocol.Answer.failed(e.toString());
        }
        try (Outgoing outgoing = opened) {
            PieceWriter pieces = new PieceWriter(link, stall);
            pieces.head(answer);
            if (outgoing == null || answer.status() != DataProtocol.FOUND) {
                pieces.send();
            } else {
                stream(content, outgoing, pieces);
            }
        }
    }

    private static void stream(int content, Outgoing outgoing, PieceWriter pieces) throws IOException {
        try {
            outgoing.writeTo(pieces);
        } catch (IOException | RuntimeException e) {
            pieces.throwIfLost();
            LOG.warn("Cannot read content {} to its end", content, e);
            pieces.end(String.valueOf(e.getMessage()));
            return;
        }
        pieces.end();
    }
}

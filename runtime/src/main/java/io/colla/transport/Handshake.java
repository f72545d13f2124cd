package io.colla.transport;

import io.colla.wire.FrameReader;
import io.colla.wire.FrameWriter;
import io.colla.wire.Message;
import io.colla.wire.ProtocolException;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Both sides prove that they know the run's secret before either looks at anything else. Frames have their length in front (4 bytes, high byte first):
 *
 * <pre>
 * initiator → acceptor   hello: "COLL", protocol (4), 'I', purpose (1), nonce (32)
 * acceptor → initiator   hello: "COLL", protocol (4), 'A', purpose (1), nonce (32)
 * initiator → acceptor   HMAC(secret, "colla handshake", protocol, 'I', purpose, initiator's nonce, acceptor's nonce)
 * acceptor → initiator   0, HMAC(secret, "colla handshake", protocol, 'A', purpose, initiator's nonce, acceptor's nonce)
 *                        or 1, and a sentence why not
 * </pre>
 *
 * <p>The nonces are new each time, so a recorded proof is worth nothing; the letter differs by side, so a proof cannot be sent back to who made it. The
 * hello's form is the same in all protocols, so that two releases can tell each other apart.
 */
final class Handshake {
    private static final byte[] MAGIC = "COLL".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONTEXT = "colla handshake".getBytes(StandardCharsets.US_ASCII);
    private static final int NONCE = 32;
    private static final int HELLO = 4 + 4 + 1 + 1 + NONCE;
    private static final int PROOF = 32;
    private static final int INITIATOR = 'I';
    private static final int ACCEPTOR = 'A';
    private static final int GRANTED = 0;
    private static final int REFUSED = 1;

    private final Link link;
    private final RunSecret secret;
    private final int protocol;
    private final long deadline;

    /** @param deadline {@link System#nanoTime} by which all must be done */
    Handshake(Link link, RunSecret secret, long deadline) {
        this(link, secret, deadline, Message.PROTOCOL);
    }

    Handshake(Link link, RunSecret secret, long deadline, int protocol) {
        this.link = link;
        this.secret = secret;
        this.deadline = deadline;
        this.protocol = protocol;
    }

    private record Hello(int protocol, int side, int purpose, byte[] nonce) {}

    /** The accepting side's part. */
    Purpose accept() throws IOException {
        try {
            Hello theirs = readHello(INITIATOR);
            Purpose purpose = purpose(theirs.purpose);
            byte[] nonce = RunSecret.random(NONCE);
            sendHello(ACCEPTOR, purpose, nonce);
            checkProtocol(theirs);
            byte[] proof = readFrame();
            if (!MessageDigest.isEqual(proof, prove(INITIATOR, purpose, theirs.nonce, nonce))) {
                refuse("the run's secret is another");
                throw new HandshakeException("it does not know the run's secret");
            }
            FrameWriter answer = frame();
            answer.octet(GRANTED);
            answer.raw(prove(ACCEPTOR, purpose, theirs.nonce, nonce), 0, PROOF);
            send(answer);
            return purpose;
        } catch (EOFException e) {
            throw new HandshakeException("it closed the connection before it proved that it belongs to this run");
        } catch (SocketTimeoutException e) {
            throw new HandshakeException("it did not prove in time that it belongs to this run");
        }
    }

    /** The connecting side's part. */
    void connect(Purpose purpose) throws IOException {
        try {
            byte[] nonce = RunSecret.random(NONCE);
            sendHello(INITIATOR, purpose, nonce);
            Hello theirs = readHello(ACCEPTOR);
            checkProtocol(theirs);
            if (MessageDigest.isEqual(nonce, theirs.nonce)) {
                throw new HandshakeException("it sends back what it gets");
            }
            FrameWriter proof = frame();
            proof.raw(prove(INITIATOR, purpose, nonce, theirs.nonce), 0, PROOF);
            send(proof);
            byte[] answer = readFrame();
            if (answer.length > 0 && answer[0] == REFUSED) {
                throw new HandshakeException("it refused: " + printable(answer));
            }
            byte[] expected = prove(ACCEPTOR, purpose, nonce, theirs.nonce);
            if (answer.length != 1 + PROOF
                    || answer[0] != GRANTED
                    || !MessageDigest.isEqual(Arrays.copyOfRange(answer, 1, answer.length), expected)) {
                throw new HandshakeException("it does not know the run's secret");
            }
        } catch (EOFException e) {
            throw new HandshakeException("it closed the connection during the handshake");
        } catch (SocketTimeoutException e) {
            throw new HandshakeException("it did not answer the handshake in time");
        }
    }

    private byte[] prove(int side, Purpose purpose, byte[] initiator, byte[] acceptor) {
        ByteBuffer head = ByteBuffer.allocate(6);
        head.putInt(protocol).put((byte) side).put((byte) purpose.number);
        return secret.prove(CONTEXT, head.array(), initiator, acceptor);
    }

    private void checkProtocol(Hello theirs) throws ProtocolException {
        if (theirs.protocol != protocol) {
            throw ProtocolException.version(theirs.protocol);
        }
    }

    private Purpose purpose(int number) throws HandshakeException {
        for (Purpose purpose : Purpose.values()) {
            if (purpose.number == number) {
                return purpose;
            }
        }
        throw new HandshakeException("it asks for a kind of connection that there is not: " + number);
    }

    private void sendHello(int side, Purpose purpose, byte[] nonce) throws IOException {
        FrameWriter hello = frame();
        hello.raw(MAGIC, 0, MAGIC.length);
        hello.fixed32(protocol);
        hello.octet(side);
        hello.octet(purpose.number);
        hello.raw(nonce, 0, NONCE);
        send(hello);
    }

    private Hello readHello(int side) throws IOException {
        byte[] bytes = readFrame();
        if (bytes.length != HELLO || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new HandshakeException("it is not a process of Colla");
        }
        FrameReader in = new FrameReader(bytes, MAGIC.length, HELLO - MAGIC.length);
        Hello hello = new Hello(in.fixed32(), in.octet(), in.octet(), in.raw(NONCE));
        if (hello.side != side) {
            throw new HandshakeException("it sends back what it gets");
        }
        return hello;
    }

    private void refuse(String why) throws IOException {
        FrameWriter answer = frame();
        answer.octet(REFUSED);
        byte[] text = why.getBytes(StandardCharsets.UTF_8);
        answer.raw(text, 0, text.length);
        send(answer);
    }

    private static FrameWriter frame() {
        FrameWriter frame = new FrameWriter(64);
        frame.fixed32(0);
        return frame;
    }

    private void send(FrameWriter frame) throws IOException {
        frame.patch32(0, frame.size() - 4);
        link.writeFully(ByteBuffer.wrap(frame.array(), 0, frame.size()), deadline - System.nanoTime());
    }

    private byte[] readFrame() throws IOException {
        ByteBuffer header = ByteBuffer.allocate(4);
        link.readFully(header, deadline);
        int length = header.getInt(0);
        if (length < 0 || length > Limits.HANDSHAKE_FRAME) {
            throw new HandshakeException("it is not a process of Colla: it announces a frame of "
                    + Integer.toUnsignedString(length) + " bytes before it has proved anything");
        }
        ByteBuffer body = ByteBuffer.allocate(length);
        link.readFully(body, deadline);
        return body.array();
    }

    /** What an unproven peer says is shown to people: no control characters. */
    private static String printable(byte[] answer) {
        return new String(answer, 1, answer.length - 1, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?");
    }
}

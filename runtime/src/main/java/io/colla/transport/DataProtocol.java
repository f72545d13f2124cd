package io.colla.transport;

import io.colla.wire.FrameReader;
import io.colla.wire.FrameWriter;
import io.colla.wire.ProtocolException;

/**
 * What goes over a connection for contents, after the handshake. The client asks and reads the whole answer before it asks again.
 *
 * <pre>
 * request   length (4), content (variable)
 * answer    length (4), MISSING | FAILED, sentence | FOUND, is a file (1), name, length (variable; -1: not known)
 * if FOUND  any number of: length (4) of a piece, from 1 to {@link #PIECE}; the piece
 *           then 0 (4), CRC-32C of all pieces (4), or -1 (4), length (4), sentence: the server could not read on
 * </pre>
 */
final class DataProtocol {
    static final int MISSING = 0;
    static final int FOUND = 1;
    static final int FAILED = 2;

    /** Longest piece of a content, bytes: much of it is still in the processor's cache when it is sent. */
    static final int PIECE = 256 << 10;

    /** Longest answer before the pieces, bytes. */
    static final int ANSWER = 1024;

    static final int END = 0;
    static final int BROKEN = -1;

    private DataProtocol() {}

    /** @param name the file's name; for {@link #FAILED}, the sentence */
    record Answer(int status, boolean file, String name, long length) {
        static Answer missing() {
            return new Answer(MISSING, false, "", 0);
        }

        static Answer failed(String why) {
            return new Answer(FAILED, false, why, 0);
        }

        void write(FrameWriter out) {
            out.octet(status);
            out.bool(file);
            out.string(name);
            out.signed(length);
        }

        static Answer read(FrameReader in) throws ProtocolException {
            in.reading("answer to a request for a content");
            Answer answer = new Answer(in.octet(), in.bool(), in.string(), in.signed64());
            if (answer.status > FAILED || answer.length < -1 || in.remaining() > 0) {
                throw in.wrong("status " + answer.status + ", length " + answer.length + ", " + in.remaining()
                        + " bytes left");
            }
            return answer;
        }
    }
}

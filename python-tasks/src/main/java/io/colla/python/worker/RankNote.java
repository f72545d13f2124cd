package io.colla.python.worker;

import io.colla.platform.TaskError;
import io.colla.python.FrameException;
import io.colla.python.FrameInput;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.InflaterInputStream;

/**
 * How a rank other than 0 failed, as it tells in a line of its standard error, which reaches the first node whatever started the rank.
 *
 * @param nanos of its node's clock
 * @param failure with the rank's own traceback
 */
record RankNote(long nanos, TaskError failure) {
    private static final Pattern LINE = Pattern.compile("colla-rank-failed ([A-Za-z0-9+/=]+)\\s*");
    /** Begins a line that says why an interpreter will not do. */
    private static final Pattern UNUSABLE = Pattern.compile("(?m)^colla\\.worker\\.rank: (.+)$");

    /** What a rank's standard error says of how it failed; nothing if it does not. */
    static Optional<RankNote> in(String errors) {
        Matcher matcher = LINE.matcher(errors);
        return matcher.find() ? decode(matcher.group(1)) : Optional.empty();
    }

    /** Why the interpreter on the ranks cannot run them, in one sentence. */
    static Optional<String> unusable(String errors) {
        Matcher matcher = UNUSABLE.matcher(errors);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static Optional<RankNote> decode(String encoded) {
        try (DataInputStream in = new DataInputStream(new InflaterInputStream(
                new ByteArrayInputStream(Base64.getDecoder().decode(encoded))))) {
            long nanos = in.readLong();
            FrameInput frame = frame(in.readAllBytes());
            return Optional.of(new RankNote(nanos, TaskFrames.failed(frame)));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty(); // a line that was cut
        }
    }

    /** What follows sequence and time in a FAILED frame, as one. */
    private static FrameInput frame(byte[] body) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(5).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        head.putInt(body.length + 1).put((byte) ExecutorFrames.FAILED);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(head.array());
        whole.write(body);
        FrameInput input = new FrameInput(body.length + head.capacity());
        if (input.fill(Channels.newChannel(new ByteArrayInputStream(whole.toByteArray()))) < 0 || input.next() < 0) {
            throw new FrameException("a rank's note is empty");
        }
        return input;
    }
}

package io.colla.mpi.java;

import io.colla.worker.FunctionCall;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * How a rank failed. It is the last line of the rank's standard error, which reaches the first node whatever has started the rank and however it ends.
 *
 * @param rank its number
 * @param ofMpi whether MPI failed, which may be because another rank was gone already
 * @param millis of its node's clock, by which the first of several is told
 */
record FailureNote(int rank, boolean ofMpi, long millis, FunctionCall.Thrown thrown) {
    /** Characters of the line at most. */
    static final int LONGEST = 24 << 10;

    private static final int LONGEST_STACK = 64 << 10;
    private static final int SHORT_STACK = 4 << 10;
    private static final String MARK = "colla-rank-failure:";
    private static final Pattern LINE = Pattern.compile(MARK + "([A-Za-z0-9+/=]+)");

    /** Its line, with the end of the line. */
    String line() {
        String full = encode(thrown.exception(), LONGEST_STACK);
        String line = full.length() <= LONGEST ? full : encode(null, SHORT_STACK);
        return MARK + line + "\n";
    }

    private String encode(byte @Nullable [] exception, int longestStack) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes))) {
            out.writeInt(rank);
            out.writeBoolean(ofMpi);
            out.writeLong(millis);
            writeText(out, thrown.message(), SHORT_STACK);
            writeText(out, thrown.stack(), longestStack);
            out.writeBoolean(thrown.retriable());
            out.writeInt(exception == null ? -1 : exception.length);
            if (exception != null) {
                out.write(exception);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static void writeText(DataOutputStream out, String text, int longest) throws IOException {
        String cut = text.length() <= longest ? text : text.substring(0, longest) + "...\n";
        byte[] bytes = cut.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String readText(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }

    /** The first failure that the ranks' standard errors tell of. */
    static Optional<FailureNote> first(Map<Integer, String> errors) {
        return errors.values().stream()
                .flatMap(text -> find(text).stream())
                .min(Comparator.comparing(FailureNote::ofMpi).thenComparingLong(FailureNote::millis));
    }

    private static Optional<FailureNote> find(String text) {
        Matcher matcher = LINE.matcher(text);
        return matcher.find() ? decode(matcher.group(1)) : Optional.empty();
    }

    /** What else stands there. */
    static String without(String text) {
        return LINE.matcher(text).replaceAll("").strip();
    }

    private static Optional<FailureNote> decode(String encoded) {
        try (DataInputStream in = new DataInputStream(new InflaterInputStream(
                new ByteArrayInputStream(Base64.getDecoder().decode(encoded))))) {
            int rank = in.readInt();
            boolean ofMpi = in.readBoolean();
            long millis = in.readLong();
            String message = readText(in);
            String stack = readText(in);
            boolean retriable = in.readBoolean();
            int length = in.readInt();
            byte[] exception = length < 0 ? null : in.readNBytes(length);
            return Optional.of(new FailureNote(
                    rank, ofMpi, millis, new FunctionCall.Thrown(message, exception, stack, retriable)));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty(); // a line that was cut
        }
    }
}

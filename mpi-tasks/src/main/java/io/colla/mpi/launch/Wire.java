package io.colla.mpi.launch;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the first node of a job and the others tell each other by errands. */
final class Wire {

    /**
     * For another node.
     *
     * @param job a name that no other job there has
     * @param command for sh, the launcher's daemon; null: the node's variables are told, and its cores are held until the errand is ended
     * @param folder null for the errand's own
     */
    record Request(
            String job,
            @Nullable String command,
            int ranks,
            @Nullable String folder,
            boolean keepsErrors,
            Map<String, String> environment) {}

    private static final int VARIABLES = 1;
    private static final int ERRORS = 2;

    /** What another node says. */
    sealed interface Said {
        /** The variables of its {@link NodeSite}. */
        record Variables(Map<String, String> variables) implements Said {}

        /** What ranks wrote to standard error last; ranks are numbers in the job. */
        record Errors(Map<Integer, String> byRank) implements Said {}
    }

    private Wire() {}

    static byte[] of(Request request) {
        return bytes(out -> {
            write(out, request.job());
            writeOrNull(out, request.command());
            out.writeInt(request.ranks());
            writeOrNull(out, request.folder());
            out.writeBoolean(request.keepsErrors());
            write(out, request.environment());
        });
    }

    static Request request(byte[] bytes) {
        return read(
                bytes,
                in -> new Request(
                        readText(in), readOrNull(in), in.readInt(), readOrNull(in), in.readBoolean(), readMap(in)));
    }

    static byte[] ofVariables(Map<String, String> variables) {
        return bytes(out -> {
            out.writeByte(VARIABLES);
            write(out, variables);
        });
    }

    static byte[] ofErrors(Map<Integer, String> byRank) {
        return bytes(out -> {
            out.writeByte(ERRORS);
            out.writeInt(byRank.size());
            for (Map.Entry<Integer, String> entry : byRank.entrySet()) {
                out.writeInt(entry.getKey());
                write(out, entry.getValue());
            }
        });
    }

    static Said said(byte[] bytes) {
        return read(bytes, in -> {
            if (in.readByte() == VARIABLES) {
                return new Said.Variables(readMap(in));
            }
            Map<Integer, String> byRank = new TreeMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                byRank.put(in.readInt(), readText(in));
            }
            return new Said.Errors(byRank);
        });
    }

    private interface Writer {
        void to(DataOutputStream out) throws IOException;
    }

    private interface Reader<T> {
        T from(DataInputStream in) throws IOException;
    }

    private static byte[] bytes(Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            writer.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static <T> T read(byte[] bytes, Reader<T> reader) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return reader.from(in);
        } catch (IOException e) {
            throw new UncheckedIOException("a message of another node breaks off", e);
        }
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static void writeOrNull(DataOutputStream out, @Nullable String text) throws IOException {
        out.writeBoolean(text != null);
        if (text != null) {
            write(out, text);
        }
    }

    private static void write(DataOutputStream out, Map<String, String> map) throws IOException {
        out.writeInt(map.size());
        for (Map.Entry<String, String> entry : map.entrySet()) {
            write(out, entry.getKey());
            write(out, entry.getValue());
        }
    }

    private static String readText(DataInputStream in) throws IOException {
        byte[] bytes = in.readNBytes(in.readInt());
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static @Nullable String readOrNull(DataInputStream in) throws IOException {
        return in.readBoolean() ? readText(in) : null;
    }

    private static Map<String, String> readMap(DataInputStream in) throws IOException {
        Map<String, String> map = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            String name = readText(in);
            map.put(name, readText(in));
        }
        return map;
    }
}

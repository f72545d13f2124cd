package io.colla.master.elastic;

import io.colla.worker.Bootstrap;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a job is told that joins a run: how its workers are started, and what they are told. It has the run's secret, so it travels in a file that only the user can read, and in nothing
 * else.
 *
 * @param number of the job in the run
 * @param command of a worker
 * @param environment added for workers
 * @param directory working folder of the workers; null: the system's choice
 * @param bootstrap without nodes, which the job knows itself
 */
public record JoinTicket(
        int number,
        List<String> command,
        Map<String, String> environment,
        @Nullable String directory,
        Bootstrap bootstrap) {
    private static final int FORMAT = 0x434a5431; // "CJT1"

    public JoinTicket {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** As bytes. */
    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(FORMAT);
            out.writeInt(number);
            out.writeInt(command.size());
            for (String word : command) {
                write(out, word);
            }
            out.writeInt(environment.size());
            for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
                write(out, variable.getKey());
                write(out, variable.getValue());
            }
            out.writeBoolean(directory != null);
            write(out, directory == null ? "" : directory);
            out.write(bootstrap.toBytes());
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot be written", e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** @throws IOException if it is none, or of another version; the message never has its content */
    public static JoinTicket read(byte[] bytes) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readInt() != FORMAT) {
                throw new IOException("it was written by another version of Colla");
            }
            int number = in.readInt();
            int words = count(in);
            List<String> command = new ArrayList<>();
            for (int i = 0; i < words; i++) {
                command.add(text(in));
            }
            int variables = count(in);
            Map<String, String> environment = new TreeMap<>();
            for (int i = 0; i < variables; i++) {
                environment.put(text(in), text(in));
            }
            boolean hasDirectory = in.readBoolean();
            String directory = text(in);
            InputStream rest = new ByteArrayInputStream(in.readAllBytes());
            return new JoinTicket(number, command, environment, hasDirectory ? directory : null, Bootstrap.read(rest));
        }
    }

    private static int count(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > in.available()) {
            throw new IOException("it is damaged");
        }
        return count;
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(count(in)), StandardCharsets.UTF_8);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "ticket of job " + number + " for " + bootstrap;
    }
}

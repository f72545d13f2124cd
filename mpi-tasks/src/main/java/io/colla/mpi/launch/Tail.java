package io.colla.mpi.launch;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The end of a file. */
final class Tail {
    private Tail() {}

    /** The last lines of a text, so many bytes at most; empty if it cannot be read. Read by a plain stream, as the thread may be interrupted, which would close a channel. */
    static String of(Path file, int most) {
        if (!Files.isRegularFile(file)) {
            return "";
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long start = Math.max(0, in.length() - most);
            byte[] bytes = new byte[(int) (in.length() - start)];
            in.seek(start);
            in.readFully(bytes);
            String text = new String(bytes, StandardCharsets.UTF_8);
            return text.substring(start == 0 ? 0 : text.indexOf('\n') + 1).stripTrailing();
        } catch (IOException e) {
            return "";
        }
    }
}

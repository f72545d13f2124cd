package io.colla.python.worker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the ranks of a job print: a file, and in between a pipe whose lines are shown as they come, when the user wants to see them. */
final class RankOutput implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RankOutput.class);
    /** What no rank writes. */
    private static final byte[] END = "\u0004colla-end\n".getBytes(StandardCharsets.US_ASCII);

    private final Path kept;
    private final Path file;
    private final @Nullable RandomAccessFile pipe;
    private final @Nullable Thread reader;
    private boolean closed;

    private RankOutput(Path kept, Path file, @Nullable RandomAccessFile pipe, @Nullable Thread reader) {
        this.kept = kept;
        this.file = file;
        this.pipe = pipe;
        this.reader = reader;
    }

    /**
     * @param kept the file that gets all
     * @param show told lines, with their ends, by a thread of its own; null if nobody is to see them
     */
    static RankOutput open(Path kept, @Nullable Consumer<String> show) throws IOException {
        if (show == null) {
            return new RankOutput(kept, kept, null, null);
        }
        Path file = kept.resolveSibling(kept.getFileName() + ".pipe");
        makePipe(file);
        // Open for writing, too, so that it has no end before close() writes one.
        RandomAccessFile pipe = new RandomAccessFile(file.toFile(), "rw");
        Thread reader = new Thread(() -> read(pipe, kept, show), "colla-ranks-output");
        reader.setDaemon(true);
        reader.start();
        return new RankOutput(kept, file, pipe, reader);
    }

    private static void makePipe(Path file) throws IOException {
        Files.deleteIfExists(file);
        try {
            Process process = new ProcessBuilder("mkfifo", "-m", "600", file.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException("mkfifo " + file + " failed: " + said.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the task was ended before it began", e);
        }
    }

    private static void read(RandomAccessFile pipe, Path kept, Consumer<String> show) {
        byte[] bytes = new byte[1 << 16];
        int filled = 0;
        try (OutputStream copy = Files.newOutputStream(kept)) {
            for (boolean open = true; open; ) {
                int count = pipe.read(bytes, filled, bytes.length - filled);
                filled += Math.max(0, count);
                open = count > 0 && !endsWithEnd(bytes, filled);
                int whole = open ? wholeLines(bytes, filled) : filled - (count > 0 ? END.length : 0);
                if (whole > 0) {
                    copy.write(bytes, 0, whole);
                    show.accept(new String(bytes, 0, whole, StandardCharsets.UTF_8));
                }
                System.arraycopy(bytes, whole, bytes, 0, filled - whole);
                filled -= whole;
            }
        } catch (IOException e) {
            LOG.warn("what the ranks of a task print cannot be shown any more: {}", e.getMessage());
        }
    }

    private static boolean endsWithEnd(byte[] bytes, int filled) {
        return filled >= END.length && Arrays.equals(bytes, filled - END.length, filled, END, 0, END.length);
    }

    /** Up to the end of the last line; all of a line that is too long. */
    private static int wholeLines(byte[] bytes, int filled) {
        for (int end = filled; end > 0; end--) {
            if (bytes[end - 1] == '\n') {
                return end;
            }
        }
        return filled == bytes.length ? filled : 0;
    }

    /** Where the ranks are to write. */
    Path file() {
        return file;
    }

    /** All that they have written, after {@link #close}. */
    Path kept() {
        return kept;
    }

    /** To be called when the ranks have ended. */
    @Override
    public void close() {
        RandomAccessFile written = pipe;
        Thread waitedFor = reader;
        if (closed || written == null || waitedFor == null) {
            return;
        }
        closed = true;
        boolean interrupted = Thread.interrupted();
        try {
            written.write(END);
            waitedFor.join(10_000);
            written.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.debug("closing the output of ranks", e);
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

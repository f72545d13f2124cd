package io.colla.binary.spawn;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * One running {@code helper.py} and the two FIFOs to it. Any thread may send; only the thread that waits for the current
 * task reads.
 *
 * <p>FIFOs, because the helper must keep this JVM's standard streams to hand on, and because a plain file read does not react to
 * an interrupt, which would close a channel. Both are opened for reading and writing, so that opening never blocks; the
 * helper's death is therefore told by a reply that this side writes itself.
 */
final class Helper {

    /** A reply of the helper; the fields by kind are in {@code helper.py}. */
    record Reply(char kind, int a, long b, long c, long d, long e) {}

    static final char HELLO = 'H';
    static final char STARTED = 'P';
    static final char ERROR = 'E';
    static final char EXIT = 'X';
    static final char TIMEOUT = 'O';
    static final char DEAD = 'D';

    private static final int REPLY_BYTES = 40;
    private static final Duration START_DEADLINE = Duration.ofSeconds(20);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(10);
    private static final byte[] SCRIPT = script();

    private final Process process;
    private final RandomAccessFile requests;
    private final RandomAccessFile replies;
    private final byte[] buffer = new byte[REPLY_BYTES];
    private volatile boolean dead;

    private Helper(Process process, RandomAccessFile requests, RandomAccessFile replies) {
        this.process = process;
        this.requests = requests;
        this.replies = replies;
        process.onExit().thenRun(this::died);
    }

    /**
     * Starts a helper and waits for its first sign of life.
     *
     * @param python the interpreter
     * @param mode "spawn" or "fork"
     */
    static Helper start(Path python, String mode) throws IOException {
        Path folder = Files.createTempDirectory("colla-spawn-");
        Path requestPath = folder.resolve("requests");
        Path replyPath = folder.resolve("replies");
        try {
            makeFifos(requestPath, replyPath);
            RandomAccessFile requests = new RandomAccessFile(requestPath.toFile(), "rw");
            RandomAccessFile replies = new RandomAccessFile(replyPath.toFile(), "rw");
            requests.write(SCRIPT);
            String bootstrap =
                    "import sys;exec(compile(open(sys.argv[1],'rb',0).read(" + SCRIPT.length + "),'helper','exec'))";
            Process process = new ProcessBuilder(List.of(
                            python.toString(),
                            "-ISc",
                            bootstrap,
                            requestPath.toString(),
                            replyPath.toString(),
                            Long.toString(ProcessHandle.current().pid()),
                            mode))
                    .inheritIO()
                    .start();
            Helper helper = new Helper(process, requests, replies);
            helper.awaitHello(python);
            return helper;
        } finally {
            Files.deleteIfExists(requestPath);
            Files.deleteIfExists(replyPath);
            Files.deleteIfExists(folder);
        }
    }

    private static void makeFifos(Path one, Path two) throws IOException {
        Process process = new ProcessBuilder("mkfifo", "-m", "600", one.toString(), two.toString())
                .inheritIO()
                .start();
        try {
            Process ended = process.onExit()
                    .orTimeout(START_DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
            if (ended.exitValue() != 0) {
                throw new IOException("mkfifo in " + one.getParent() + " failed with exit code " + ended.exitValue());
            }
        } catch (CompletionException e) {
            process.destroyForcibly();
            throw new IOException(
                    "mkfifo in " + one.getParent() + " did not end within " + START_DEADLINE.toSeconds() + " s", e);
        }
    }

    private void awaitHello(Path python) throws IOException {
        CompletableFuture<Void> late = CompletableFuture.runAsync(
                process::destroyForcibly,
                CompletableFuture.delayedExecutor(START_DEADLINE.toMillis(), TimeUnit.MILLISECONDS));
        Reply reply = read();
        late.cancel(false);
        if (reply.kind() != HELLO) {
            dispose();
            throw new IOException(python + " as spawn helper ended at its start or gave no sign of life within "
                    + START_DEADLINE.toSeconds() + " s");
        }
    }

    boolean dead() {
        return dead;
    }

    void send(byte[] frame) throws IOException {
        synchronized (requests) {
            requests.write(frame);
        }
    }

    Reply read() throws IOException {
        replies.readFully(buffer);
        ByteBuffer in = ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN);
        return new Reply((char) buffer[0], in.getInt(4), in.getLong(8), in.getLong(16), in.getLong(24), in.getLong(32));
    }

    private void died() {
        dead = true;
        byte[] frame = new byte[REPLY_BYTES];
        frame[0] = DEAD;
        try {
            replies.write(frame);
        } catch (IOException e) {
            // Already disposed of: nobody is waiting.
        }
    }

    /** Makes the helper end its programs and itself, without waiting for that. */
    void endRequests() throws IOException {
        synchronized (requests) {
            requests.close();
        }
    }

    /** As {@link #endRequests()}, and returns when it has ended. The replies stay open for a waiting thread. */
    void stop() {
        try {
            endRequests();
            if (!process.waitFor(STOP_DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Closes the FIFOs; no thread may be waiting. */
    void dispose() {
        try {
            requests.close();
            replies.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing a FIFO", e);
        }
    }

    private static byte[] script() {
        try (InputStream in = Helper.class.getResourceAsStream("helper.py")) {
            if (in == null) {
                throw new IllegalStateException("helper.py is missing from this build of Colla");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.colla.launcher;

import io.colla.master.RunStatus;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The progress line: drawn on the terminal's last line, at most five times a second, and out of the way whenever anything else is printed through
 * {@link #guard}. Thread-safe.
 */
final class Progress implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofMillis(200);
    private static final Duration PLAIN_PERIOD = Duration.ofSeconds(10);
    private static final String CLEAR = "\r\u001b[K";

    private final PrintStream terminal;
    private final Supplier<RunStatus> status;
    private final IntSupplier width;
    private final boolean plain;
    private final long startNanos;
    private final ScheduledExecutorService timer;
    private boolean drawn;
    private boolean atLineStart = true;
    private boolean closed;

    private Progress(
            PrintStream terminal, Supplier<RunStatus> status, IntSupplier width, boolean plain, long startNanos) {
        this.terminal = terminal;
        this.status = status;
        this.width = width;
        this.plain = plain;
        this.startNanos = startNanos;
        this.timer = Executors.newSingleThreadScheduledExecutor(Progress::thread);
    }

    /**
     * Starts drawing. Where there is no terminal, a whole line is printed every ten seconds.
     *
     * @param err where to; must not itself be guarded
     * @param startNanos {@link System#nanoTime} of the run's start
     */
    static Progress start(PrintStream err, Supplier<RunStatus> status, Terminal terminal, long startNanos) {
        boolean plain = !terminal.isTerminal();
        Progress progress = plain
                ? new Progress(err, status, terminal::width, true, startNanos)
                : onTerminal(err, status, terminal.followWidth(), startNanos);
        long period = (plain ? PLAIN_PERIOD : PERIOD).toMillis();
        progress.timer.scheduleAtFixedRate(progress::draw, period, period, TimeUnit.MILLISECONDS);
        return progress;
    }

    /** One that draws only when it is told. */
    static Progress onTerminal(PrintStream err, Supplier<RunStatus> status, IntSupplier width, long startNanos) {
        return new Progress(err, status, width, false, startNanos);
    }

    /** A stream that prints to {@code target} with the line out of the way. */
    PrintStream guard(PrintStream target, Charset charset) {
        return new PrintStream(new Guarded(target), true, charset);
    }

    /** Draws the line now, unless other output stands unfinished where it would be. */
    synchronized void draw() {
        if (closed || !atLineStart) {
            return;
        }
        int columns = Math.max(1, width.getAsInt() - 1); // in the last column the terminal would wrap
        String line = ProgressLine.of(status.get(), Duration.ofNanos(System.nanoTime() - startNanos), columns);
        terminal.print(plain ? line + "\n" : CLEAR + line);
        terminal.flush();
        drawn = !plain;
    }

    /** Clears the line for good. */
    @Override
    public void close() {
        timer.shutdownNow();
        synchronized (this) {
            clear();
            closed = true;
        }
    }

    private void clear() {
        if (drawn) {
            terminal.print(CLEAR);
            terminal.flush();
            drawn = false;
        }
    }

    private static Thread thread(@Nullable Runnable work) {
        Thread thread = new Thread(work, "colla-progress");
        thread.setDaemon(true);
        return thread;
    }

    /** Passes on what the application prints. */
    private final class Guarded extends OutputStream {
        private final PrintStream target;

        Guarded(PrintStream target) {
            this.target = target;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            if (length == 0) {
                return;
            }
            synchronized (Progress.this) {
                clear();
                target.write(bytes, offset, length);
                target.flush();
                atLineStart = bytes[offset + length - 1] == '\n';
            }
        }

        @Override
        public void flush() {
            target.flush();
        }
    }
}

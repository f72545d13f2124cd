package io.colla.launcher.log;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * The process' log. SLF4J finds its back end by class name, so that there is one a process. Before {@link #open} only warnings are shown, on
 * standard error; after it everything from the level up is in the file and nothing on the terminal. Thread-safe.
 */
public final class RunLog {
    private static final RunLog PROCESS = new RunLog();

    private volatile Level level = Level.WARN;
    private @Nullable Writer file;
    private boolean broken;

    private RunLog() {}

    /** The log of this process. */
    public static RunLog process() {
        return PROCESS;
    }

    /**
     * Appends to the file from now on.
     *
     * @throws UncheckedIOException if it cannot be opened
     */
    public synchronized void open(Path path, boolean debug) {
        try {
            file = Files.newBufferedWriter(
                    path, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        setDebug(debug);
    }

    /** Debugging messages too, or from information up. */
    public void setDebug(boolean debug) {
        level = debug ? Level.DEBUG : Level.INFO;
    }

    boolean isEnabled(Level asked) {
        return asked.toInt() >= level.toInt();
    }

    /** Writes one message, and the stack trace of what caused it. */
    public void write(Level asked, String logger, String message, @Nullable Throwable cause) {
        if (!isEnabled(asked)) {
            return;
        }
        StringBuilder line = new StringBuilder(128);
        line.append(LocalDateTime.now(java.time.ZoneId.systemDefault()).truncatedTo(ChronoUnit.MILLIS))
                .append(' ')
                .append(asked);
        line.append(" [").append(Thread.currentThread().getName()).append("] ");
        line.append(logger.substring(logger.lastIndexOf('.') + 1))
                .append(": ")
                .append(message)
                .append('\n');
        if (cause != null) {
            StringWriter trace = new StringWriter();
            cause.printStackTrace(new PrintWriter(trace));
            line.append(trace);
        }
        append(line.toString());
    }

    private synchronized void append(String text) {
        Writer writer = file;
        if (writer == null) {
            System.err.print(text);
            return;
        }
        try {
            writer.write(text);
            writer.flush();
        } catch (IOException e) {
            if (!broken) { // a full disk must not end the run, and need be told only once
                broken = true;
                System.err.println("colla: cannot write the log: " + e.getMessage());
            }
        }
    }
}

package io.colla.launcher;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * The person's terminal, as {@code bin/colla} saw it: asking from inside the JVM would cost a native library.
 *
 * @param isTerminal whether standard error is one
 * @param width its columns; {@value #DEFAULT_WIDTH} when unknown
 */
record Terminal(boolean isTerminal, int width) {
    static final int DEFAULT_WIDTH = 80;

    static Terminal ofProcess() {
        return new Terminal(Boolean.getBoolean("colla.tty"), Integer.getInteger("colla.columns", DEFAULT_WIDTH));
    }

    /** The width now, also after the window has changed. */
    IntSupplier followWidth() {
        AtomicInteger now = new AtomicInteger(width);
        Signals.install("WINCH", () -> CompletableFuture.runAsync(() -> now.set(ask(now.get()))));
        return now::get;
    }

    private static int ask(int otherwise) {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim();
            return answer.matches("\\d+ [1-9]\\d*")
                    ? Integer.parseInt(answer.substring(answer.indexOf(' ') + 1))
                    : otherwise;
        } catch (IOException e) {
            return otherwise;
        }
    }
}

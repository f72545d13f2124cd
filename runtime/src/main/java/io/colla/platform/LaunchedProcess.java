package io.colla.platform;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A long-lived program that a launcher started on this machine: a worker, or an ssh or srun that stands for workers elsewhere. It is the leader of a
 * session of its own, so that Ctrl-C on the user's terminal does not reach it: how the run ends is the launcher's decision. Its standard input
 * stays open until {@link #closeInput} or the end of this JVM. Thread-safe.
 */
public final class LaunchedProcess {
    /** Fits into a pipe (pipe(7)), so that nobody waits for a program that does not read. */
    private static final int FITS_INTO_PIPE = 60_000;

    /** How long output may still arrive after the end; a process that it left behind may hold the pipe open for ever. */
    private static final Duration DRAIN = Duration.ofSeconds(1);

    private static final @Nullable String SETSID = firstOf("/usr/bin/setsid", "/bin/setsid");
    private static final @Nullable String KILL = firstOf("/bin/kill", "/usr/bin/kill");

    private final Process process;
    private final Thread reader;
    private boolean writing;
    private boolean closeWhenWritten;
    private final Thread waiter;

    private LaunchedProcess(Process process, String name, Consumer<String> lines, IntConsumer ended) {
        this.process = process;
        this.reader = daemon("colla-output-" + name, () -> read(lines));
        this.waiter = daemon("colla-wait-" + name, () -> await(ended));
    }

    /**
     * Starts it.
     *
     * @param name for the names of its threads
     * @param environment all of it
     * @param directory working folder; null: this process' own
     * @param input written to its standard input
     * @param lines told every line of its output and error output, in order, by one thread
     * @param ended told its exit code (128 + n for signal n) once, after its last line
     * @throws IOException if it cannot be started
     */
    public static LaunchedProcess start(
            String name,
            List<String> argv,
            Map<String, String> environment,
            @Nullable Path directory,
            byte[] input,
            Consumer<String> lines,
            IntConsumer ended)
            throws IOException {
        List<String> words = new ArrayList<>();
        if (SETSID != null) {
            words.add(SETSID);
        }
        words.addAll(argv);
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        if (directory != null) {
            builder.directory(directory.toFile());
        }
        LaunchedProcess launched = new LaunchedProcess(builder.start(), name, lines, ended);
        launched.startInput(name, input);
        launched.reader.start();
        launched.waiter.start();
        return launched;
    }

    private void startInput(String name, byte[] input) {
        if (input.length <= FITS_INTO_PIPE) {
            write(input);
            return;
        }
        writing = true;
        daemon("colla-input-" + name, () -> {
                    write(input);
                    endWriting();
                })
                .start();
    }

    private synchronized void endWriting() {
        writing = false;
        if (closeWhenWritten) {
            closeNow();
        }
    }

    private void write(byte[] input) {
        try {
            OutputStream stdin = process.getOutputStream();
            stdin.write(input);
            stdin.flush();
        } catch (IOException e) {
            // It has ended already; its exit code and its last words say why.
        }
    }

    /** Ends its standard input, as soon as all of it is written; does not wait for that. */
    public synchronized void closeInput() {
        if (writing) {
            closeWhenWritten = true;
        } else {
            closeNow();
        }
    }

    private void closeNow() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // The pipe is closed in any case; what was not flushed had no reader.
        }
    }

    public long pid() {
        return process.pid();
    }

    /** Whether it, or the thread that tells of its end, still runs. */
    public boolean alive() {
        return waiter.isAlive();
    }

    /** Waits for its end, and for its listener having been told. @return whether it has ended in time */
    public boolean await(Duration limit) throws InterruptedException {
        waiter.join(Math.max(1, limit.toMillis()));
        return !waiter.isAlive();
    }

    /**
     * Waits for the end of all.
     *
     * @param start as of {@link System#nanoTime}
     * @param limit counted from the start
     * @return whether all have ended in time
     */
    public static boolean awaitAll(List<LaunchedProcess> processes, long start, Duration limit)
            throws InterruptedException {
        for (LaunchedProcess each : processes) {
            Duration left = limit.minusNanos(System.nanoTime() - start);
            if (each.alive() && !each.await(left.isNegative() ? Duration.ZERO : left)) {
                return false;
            }
        }
        return true;
    }

    /** SIGTERM, to it alone. */
    public void terminate() {
        process.destroy();
    }

    /** SIGKILL, to it alone. */
    public void kill() {
        process.destroyForcibly();
    }

    /** Sends a signal to it and to all of its process group; without setsid or kill, to it and its descendants. */
    public void signalGroup(boolean force) {
        if (SETSID != null && KILL != null && groupSignalled(force ? "-KILL" : "-TERM")) {
            return;
        }
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(force ? ProcessHandle::destroyForcibly : ProcessHandle::destroy);
    }

    private boolean groupSignalled(String signal) {
        try {
            Process kill = new ProcessBuilder(List.of(String.valueOf(KILL), signal, "--", "-" + process.pid()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return kill.waitFor(5, TimeUnit.SECONDS) && kill.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void read(Consumer<String> lines) {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.accept(line);
            }
        } catch (IOException e) {
            // The pipe broke, which is the end of the output.
        }
    }

    private void await(IntConsumer ended) {
        try {
            int code = process.waitFor();
            reader.join(DRAIN.toMillis());
            closeInput();
            ended.accept(code);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        return thread;
    }

    private static @Nullable String firstOf(String... programs) {
        for (String program : programs) {
            if (Files.isExecutable(Path.of(program))) {
                return program;
            }
        }
        return null;
    }
}

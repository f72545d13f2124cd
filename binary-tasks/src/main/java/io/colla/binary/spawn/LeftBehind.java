package io.colla.binary.spawn;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Ends what programs leave behind outside their process group, for spawners that are not themselves a subreaper: each program's
 * environment carries a mark, COLLA_TASK, which descendants inherit unless they clear it. One thread looks through /proc for
 * the marks of ended programs, for many of them at a time, and takes at most a twentieth of one CPU. A guard process does the same
 * for all marks once this JVM is gone, which it learns from the end of its standard input.
 */
final class LeftBehind implements AutoCloseable {

    private static final String NAME = "COLLA_TASK=";
    private static final Path PROC = Path.of("/proc");
    private static final int PASSES = 20;
    private static final String GUARD =
            """
            trap '' HUP INT QUIT TERM
            while read -r line; do :; done
            pass=0
            clean=0
            while [ $pass -lt 20 ] && [ $clean -lt 2 ]; do
                clean=$((clean + 1))
                for environment in $(grep -alsF "COLLA_TASK=$1-" /proc/[0-9]*/environ); do
                    process=${environment#/proc/}
                    kill -9 "${process%/environ}" 2>/dev/null && clean=0
                done
                pass=$((pass + 1))
            done
            """;

    private final String run = UUID.randomUUID().toString();
    private final AtomicLong tasks = new AtomicLong();
    private final Set<String> ended = new HashSet<>();
    private @Nullable Process guard;
    private boolean closed;

    /** Starts the guard and the thread. */
    void start() throws IOException {
        List<String> words = List.of("/bin/sh", "-c", GUARD, "colla-guard", run);
        Process process = new ProcessBuilder(withSession(words))
                .directory(PROC.getRoot().toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        guard = process;
        Thread sweeper = new Thread(this::run, "colla-left-behind");
        sweeper.setDaemon(true);
        sweeper.start();
    }

    /** The words of a command that makes a session of its own first, where setsid(1) exists. */
    static List<String> withSession(List<String> words) {
        if (!Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            return words;
        }
        List<String> all = new java.util.ArrayList<>(List.of("/usr/bin/setsid"));
        all.addAll(words);
        return all;
    }

    /** A new value for COLLA_TASK. */
    String newMark() {
        return run + "-" + tasks.incrementAndGet();
    }

    /** Has everything with this mark killed, soon. */
    synchronized void ended(String mark) {
        ended.add(mark);
        notifyAll();
    }

    private void run() {
        try {
            while (true) {
                Set<String> marks = takeEnded();
                if (marks == null) {
                    return;
                }
                long before = System.nanoTime();
                killAll(marks::contains);
                pause(19 * (System.nanoTime() - before));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized @Nullable Set<String> takeEnded() throws InterruptedException {
        while (ended.isEmpty() && !closed) {
            wait();
        }
        Set<String> marks = new HashSet<>(ended);
        ended.clear();
        return closed ? null : marks;
    }

    /** Rests so that sweeping stays a small share of a CPU; close() ends the rest. */
    private synchronized void pause(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        for (long left = nanos; left > 0 && !closed; left = deadline - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** Kills until none is found: a process may fork while it is looked at. */
    private static void killAll(Predicate<String> mark) {
        boolean found = true;
        for (int pass = 0; found && pass < PASSES; pass++) {
            found = false;
            try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
                for (Path process : processes) {
                    String marked = mark(process);
                    if (marked != null && mark.test(marked)) {
                        found = true;
                        long pid = Long.parseLong(process.getFileName().toString());
                        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException("/proc cannot be listed", e);
            }
        }
    }

    private static @Nullable String mark(Path process) {
        try {
            String environment =
                    new String(Files.readAllBytes(process.resolve("environ")), StandardCharsets.ISO_8859_1);
            int start = environment.startsWith(NAME) ? 0 : environment.indexOf("\0" + NAME) + 1;
            if (start == 0 && !environment.startsWith(NAME)) {
                return null;
            }
            int end = environment.indexOf('\0', start);
            return environment.substring(start + NAME.length(), end < 0 ? environment.length() : end);
        } catch (IOException e) {
            return null; // ended meanwhile, or another user's
        }
    }

    /** Kills everything with any mark of this run, and ends the guard. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        killAll(mark -> mark.startsWith(run + "-"));
        Process process = guard;
        if (process != null) {
            try (OutputStream end = process.getOutputStream()) {
                end.flush();
            } catch (IOException e) {
                process.destroyForcibly();
            }
        }
    }
}

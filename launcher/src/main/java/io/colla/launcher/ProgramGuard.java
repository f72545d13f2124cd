package io.colla.launcher;

import io.colla.launcher.log.RunLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * A small process that ends the program when this one is killed and so cannot do it itself: a program notices the end of its run only when it calls it. It waits on a pipe whose other end is
 * here alone, has a session of its own and ignores the signals that are meant for this process.
 */
final class ProgramGuard implements AutoCloseable {
    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final String SCRIPT = "trap '' HUP INT TERM USR1; read -r never; rm -rf -- \"$2\";"
            + " kill -TERM \"$1\" && sleep 2 && kill -KILL \"$1\"";

    private final List<String> words = new ArrayList<>();
    private @Nullable Process process;
    private boolean closed;

    /** @param folder that of the gateway's socket, which is removed then */
    ProgramGuard(Process program, Path folder) {
        if (Files.isExecutable(SETSID)) {
            words.add(SETSID.toString());
        }
        words.addAll(List.of("/bin/sh", "-c", SCRIPT, "colla-guard", Long.toString(program.pid()), folder.toString()));
    }

    /** Starts it beside the calling thread, which has better things to do; without it, all that is lost is what it is for. */
    void start() {
        Thread thread = new Thread(this::run, "colla-guard");
        thread.setDaemon(true);
        thread.start();
    }

    private synchronized void run() {
        if (closed) {
            return;
        }
        try {
            process = new ProcessBuilder(words)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .directory(Path.of("/").toFile())
                    .start();
        } catch (IOException e) {
            RunLog.process()
                    .write(
                            Level.INFO,
                            "Run",
                            "if this process is killed, the program will go on: " + Words.reason(e),
                            null);
        }
    }

    /** The program has ended. */
    @Override
    public synchronized void close() {
        closed = true;
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
    }
}

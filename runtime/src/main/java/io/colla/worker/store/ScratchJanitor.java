package io.colla.worker.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small process that removes folders when this one is killed and so cannot do it itself. It waits on a pipe whose other end is here alone, has a session of its own
 * and ignores the signals that are meant for this process. When it cannot be started, or is killed too, a later {@link ScratchFolder#sweep} does its work.
 */
final class ScratchJanitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScratchJanitor.class);
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    /** The programs that wrote there are being killed at the same time, so the first attempts may find the folder filled again. */
    private static final String SCRIPT =
            "trap '' HUP INT TERM USR1; read -r never; rm -rf -- \"$@\" || rm -rf -- \"$@\" || rm -rf -- \"$@\"";

    private final Process process;

    private ScratchJanitor(Process process) {
        this.process = process;
    }

    /** Starts it. @throws IOException if that cannot be */
    static ScratchJanitor start(List<Path> folders) throws IOException {
        List<String> words = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            words.add(SETSID.toString());
        }
        words.addAll(List.of("/bin/sh", "-c", SCRIPT, "colla-janitor"));
        folders.forEach(folder -> words.add(folder.toString()));
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .directory(Path.of("/").toFile());
        return new ScratchJanitor(builder.start());
    }

    /** Lets it end; to be called when the folders are gone. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            LOG.debug("the janitor had ended before: {}", e.getMessage());
        }
    }
}

package io.colla.launcher.jobs;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small process that cancels a run's jobs when the run's own process is killed and so cannot do it itself. It waits on a pipe whose other end is here alone, has a session of its own
 * and ignores the signals that are meant for the run.
 */
final class JobsGuard implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobsGuard.class);
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    /** What is left when the pipe ends without a word is cancelled. */
    private static final String SCRIPT =
            """
            trap '' HUP INT TERM USR1
            ids=
            while read -r what id; do
              case $what in
                add) ids="$ids $id" ;;
                remove) left=; for each in $ids; do [ "$each" = "$id" ] || left="$left $each"; done; ids=$left ;;
                end) exit 0 ;;
              esac
            done
            [ -z "$ids" ] || exec "$@" $ids
            """;

    private final Process process;

    private JobsGuard(Process process) {
        this.process = process;
    }

    /** @param cancel the command that cancels the jobs whose ids follow it */
    static JobsGuard start(List<String> cancel, Map<String, String> environment) throws IOException {
        List<String> words = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            words.add(SETSID.toString());
        }
        words.addAll(List.of("/bin/sh", "-c", SCRIPT, "colla-jobs-guard"));
        words.addAll(cancel);
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .directory(Path.of("/").toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new JobsGuard(builder.start());
    }

    void add(String id) {
        say("add " + id);
    }

    void remove(String id) {
        say("remove " + id);
    }

    private void say(String line) {
        try {
            OutputStream out = process.getOutputStream();
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            LOG.warn("if this process is killed, its jobs stay: {}", e.getMessage());
        }
    }

    /** Lets it end. */
    @Override
    public void close() {
        say("end");
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            LOG.debug("the guard had ended before: {}", e.getMessage());
        }
    }
}

package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** A process that a test has started, with its output in files; it and all its children are ended with the test. */
final class Launched {
    /** What a run came to: its exit code and what it printed. */
    record Ended(int code, String out, String err) {
        Ended hasCode(int wanted) {
            assertThat(code).as("exit code; it printed:\n%s\n%s", out, err).isEqualTo(wanted);
            return this;
        }

        Ended prints(String... parts) {
            assertThat(out).as("standard output; beside it:\n%s", err).contains(parts);
            return this;
        }

        Ended says(String... parts) {
            assertThat(err)
                    .as("standard error; code %d, beside it:\n%s", code, out)
                    .contains(parts);
            return this;
        }

        Ended saysMatch(String regex) {
            assertThat(err).as("standard error; code %d", code).containsPattern(regex);
            return this;
        }
    }

    final Marked mark;
    private final Process process;
    private final Path out;
    private final Path err;

    Launched(ProcessBuilder builder, Marked mark, Path folder) {
        this.mark = mark;
        try {
            out = Files.createTempFile(folder, "run", ".out");
            err = Path.of(out.toString().replaceAll("out$", "err"));
            builder.environment().put(Marked.VARIABLE, mark.value());
            process = builder.redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The end, which must come in time. */
    Ended await(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                List<Marked.Found> processes = mark.processes();
                throw new AssertionError("not ended after " + limit.toSeconds() + " s; processes: " + processes
                        + "\nit printed:\n" + read(out) + "\n" + read(err));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return new Ended(process.exitValue(), read(out), read(err));
    }

    Ended await() {
        return await(Duration.ofSeconds(60));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Waits until the run has at least so many such processes. */
    List<Marked.Found> awaitProcesses(String what, int count, Predicate<Marked.Found> which) {
        return Awaitility.await(what)
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(20))
                .failFast(this::assertAlive)
                .until(() -> mark.processes(which), found -> found.size() >= count);
    }

    /** Waits until a file is there. */
    void awaitFile(Path file) {
        awaitFiles(file.getParent(), file.getFileName().toString(), 1);
    }

    /** Waits until the folder has so many files of such names (a glob pattern). */
    List<Path> awaitFiles(Path folder, String pattern, int count) {
        return Awaitility.await(count + " files " + pattern + " in " + folder)
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(20))
                .failFast(this::assertAlive)
                .until(() -> list(folder, pattern), found -> found.size() >= count);
    }

    private void assertAlive() {
        if (!process.isAlive()) {
            throw new AssertionError("it ended early with " + process.exitValue() + ":\n" + read(out) + read(err));
        }
    }

    static List<Path> list(Path folder, String pattern) {
        try (var files = Files.newDirectoryStream(folder, pattern)) {
            List<Path> found = new ArrayList<>();
            files.forEach(found::add);
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String err() {
        return read(err);
    }

    String out() {
        return read(out);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends what a failed test left running; to be called after looking for leftovers. */
    void end() {
        process.destroyForcibly();
        for (Marked.Found found : mark.processes()) {
            ProcessHandle.of(found.pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
    }
}

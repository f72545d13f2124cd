package io.colla.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A program under test, with its output as it comes. Ended with the test. */
final class CollaProcess implements AutoCloseable {
    private static final long SECONDS = 60;

    private final Process process;
    private final BlockingQueue<String> out = new LinkedBlockingQueue<>();
    private final List<String> seen = new ArrayList<>();
    private final Path err;
    private final Thread reader;

    CollaProcess(List<String> command, Path directory, Map<String, String> environment) throws IOException {
        err = Files.createTempFile(directory.getParent(), "stderr", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("COLLA_") || name.startsWith("SLURM_"));
        builder.environment().putAll(environment);
        process = builder.start();
        process.getOutputStream().close();
        reader = new Thread(this::read);
        reader.setDaemon(true);
        reader.start();
    }

    /** {@code colla} from the class path of the test, without the scripts. */
    static CollaProcess ofClasses(Path java, Path directory, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(java.toString(), "-Xshare:auto"));
        if (JavaHomes.major(java) >= 24) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments));
        return new CollaProcess(command, directory, Map.of());
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            lines.lines().forEach(out::add);
        } catch (IOException | UncheckedIOException e) {
            out.add("(output broke: " + e.getMessage() + ")");
        }
    }

    /** Waits until it has printed this line. */
    void awaitLine(String line) throws InterruptedException {
        String got = "";
        while (!got.equals(line)) {
            got = out.poll(SECONDS, TimeUnit.SECONDS);
            assertThat(got).as("waiting for '%s'; stderr: %s", line, err()).isNotNull();
            seen.add(got);
        }
    }

    /** Waits for its end. */
    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS))
                .as("ended in %d s; stderr: %s", SECONDS, err())
                .isTrue();
        reader.join(SECONDS * 1000);
        return process.exitValue();
    }

    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start();
        assertThat(kill.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }

    /** What it has printed; call after its end. */
    String out() {
        out.drainTo(seen);
        return String.join("\n", seen);
    }

    String err() {
        try {
            return Files.readString(err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}

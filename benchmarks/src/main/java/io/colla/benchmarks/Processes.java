package io.colla.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs programs one at a time in a folder of their own and takes their time. */
final class Processes {
    private static final Duration DEADLINE = Duration.ofMinutes(3);
    /** Bash's own clock counts the processor time of all that the program has started and reaped. */
    private static final String TIMED = "TIMEFORMAT='%3R %3U %3S'; { time \"$@\" >out 2>err; } 2>time";

    private static final int SHOWN = 300;

    private final Path folder;

    /** @param folder where programs run and files may be left */
    Processes(Path folder) {
        this.folder = folder;
    }

    /**
     * @param wall seconds
     * @param cpu seconds, of its children too
     */
    record Run(double wall, double cpu, String output) {}

    Path folder() {
        return folder;
    }

    /** @throws UnavailableException if it fails or lasts too long, with what it said last */
    Run run(List<String> command, Map<String, String> environment) throws UnavailableException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("bash", "-c", TIMED, "bash"));
        all.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(all).directory(folder.toFile());
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new UnavailableException("not done after " + DEADLINE.toSeconds() + " s");
            }
            if (process.exitValue() != 0) {
                throw new UnavailableException("exit code " + process.exitValue() + ": " + lastWords());
            }
            String[] times = read("time").strip().split(" ");
            return new Run(
                    Double.parseDouble(times[0]),
                    Double.parseDouble(times[1]) + Double.parseDouble(times[2]),
                    read("out"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String lastWords() throws IOException {
        String words = (read("err") + " " + read("out")).strip().replaceAll("\\s+", " ");
        return words.length() <= SHOWN ? words : words.substring(0, SHOWN) + " ...";
    }

    private String read(String name) throws IOException {
        return Files.readString(folder.resolve(name), StandardCharsets.UTF_8);
    }
}

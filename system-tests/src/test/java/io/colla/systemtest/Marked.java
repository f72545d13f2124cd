package io.colla.systemtest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Finds the processes of one test, on this machine and on all hosts of the test cluster (whose processes this machine's /proc shows, too): all that inherited
 * an environment variable with a value that no other test has.
 */
final class Marked {
    static final String VARIABLE = "SYSTEM_TEST_MARK";

    private final String value = UUID.randomUUID().toString();

    /**
     * One process.
     *
     * @param pid as this machine counts
     * @param command its arguments
     * @param namespace of its numbers, which tells the hosts of the test cluster from each other
     */
    record Found(long pid, List<String> command, String namespace) {
        /** A worker JVM. */
        boolean isWorker() {
            return command.contains("io.colla.launcher.Main") && command.contains("worker");
        }

        /** The JVM of {@code colla run}. */
        boolean isLauncher() {
            return command.contains("io.colla.launcher.Main") && command.contains("run");
        }

        boolean isProgram(String name) {
            return !command.isEmpty() && Path.of(command.get(0)).endsWith(name);
        }

        /** @return whether it was still there */
        boolean signal(String name) {
            try {
                return new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                                .redirectErrorStream(true)
                                .start()
                                .waitFor()
                        == 0;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    String value() {
        return value;
    }

    List<Found> processes() {
        List<Found> found = new ArrayList<>();
        byte[] wanted = (VARIABLE + "=" + value).getBytes(StandardCharsets.UTF_8);
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                try {
                    if (contains(Files.readAllBytes(process.resolve("environ")), wanted)) {
                        found.add(describe(process));
                    }
                } catch (IOException e) {
                    continue; // it has ended, or is another user's
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    List<Found> processes(Predicate<Found> which) {
        return processes().stream().filter(which).toList();
    }

    private static Found describe(Path process) throws IOException {
        String line = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
        return new Found(
                Long.parseLong(process.getFileName().toString()),
                List.of(line.split("\0")),
                Files.readSymbolicLink(process.resolve("ns/pid")).toString());
    }

    private static boolean contains(byte[] all, byte[] part) {
        for (int i = 0; i + part.length <= all.length; i++) {
            if ((i == 0 || all[i - 1] == 0) && Arrays.equals(all, i, i + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }
}

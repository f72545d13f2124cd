package io.colla.slurm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The running test cluster that COLLA_TESTCLUSTER names, and this test's classes in a folder that all its hosts share. */
final class TestCluster implements AutoCloseable {
    static final String USER = "colla-test";

    private final Path state;
    final Path folder;

    TestCluster() throws IOException {
        String named = System.getenv("COLLA_TESTCLUSTER");
        if (named == null || !Files.isExecutable(Path.of(named, "cluster"))) {
            throw new IllegalStateException(
                    "no test cluster: run scripts/testcluster/cluster up and set COLLA_TESTCLUSTER to its folder");
        }
        state = Path.of(named);
        folder = Files.createDirectory(state.resolve("work/slurm-test-" + UUID.randomUUID()));
        folder.toFile().setReadable(true, false);
        folder.toFile().setExecutable(true, false);
        folder.toFile().setWritable(true, false);
        int number = 0;
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            copy(Path.of(entry), folder.resolve("classes-" + number++ + (entry.endsWith(".jar") ? ".jar" : "")));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        if (!Files.exists(from)) {
            return;
        }
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.createDirectories(to.resolve(from.relativize(directory).toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(
                        file,
                        from.equals(file)
                                ? to
                                : to.resolve(from.relativize(file).toString()));
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** The command that runs the probe on any host. */
    List<String> probe(String... arguments) throws IOException {
        List<String> paths = new ArrayList<>();
        try (var entries = Files.list(folder)) {
            entries.filter(entry -> entry.getFileName().toString().startsWith("classes-"))
                    .forEach(entry -> paths.add(entry.toString()));
        }
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                String.join(":", paths),
                ClusterProbe.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Output of a cluster command that must succeed within two minutes. */
    String run(String... words) throws IOException, InterruptedException {
        Session session = start(words);
        session.input.close();
        assertThat(session.process.waitFor(120, TimeUnit.SECONDS))
                .as("end of %s", List.of(words))
                .isTrue();
        session.reader.join();
        assertThat(session.process.exitValue())
                .as("exit code of %s: %s", List.of(words), session.lines)
                .isZero();
        return String.join("\n", session.lines());
    }

    Session start(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(state.resolve("cluster").toString()));
        command.addAll(List.of(words));
        return new Session(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** Makes Slurm's commands, run on this machine, those of the cluster. */
    void forward(FakePrograms programs, String... commands) {
        for (String command : commands) {
            programs.add(command, "exec " + state.resolve("cluster") + " on ctl " + command + " \"$@\"");
        }
    }

    /** Whether a process whose command line has the mark runs on the host. */
    boolean runs(String host, String mark) throws IOException, InterruptedException {
        Session session = start("on", host, "pgrep", "-f", "[c]olla-worker.*" + mark);
        session.input.close();
        assertThat(session.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return session.process.exitValue() == 0;
    }

    @Override
    public void close() throws IOException {
        try (var files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    /** A command on the cluster that runs while the test talks with it. */
    static final class Session implements AutoCloseable {
        private final Process process;
        private final Writer input;
        private final Thread reader;
        private final List<String> lines = new ArrayList<>();

        private Session(Process process) {
            this.process = process;
            this.input = process.outputWriter(StandardCharsets.UTF_8);
            this.reader = new Thread(this::read, "session");
            reader.setDaemon(true);
            reader.start();
        }

        private void read() {
            try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    synchronized (this) {
                        lines.add(line);
                        notifyAll();
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        synchronized List<String> lines() {
            return List.copyOf(lines);
        }

        void send(String command) throws IOException {
            input.write(command + "\n");
            input.flush();
        }

        String await(String regex) throws InterruptedException {
            Predicate<String> matches = line -> line.matches(regex);
            return await(regex, matches, Duration.ofSeconds(90));
        }

        private synchronized String await(String what, Predicate<String> condition, Duration limit)
                throws InterruptedException {
            long end = System.nanoTime() + limit.toNanos();
            while (true) {
                for (String line : lines) {
                    if (condition.test(line)) {
                        return line;
                    }
                }
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    fail("waited in vain for a line like %s in %s", what, lines);
                }
                wait(left);
            }
        }

        @Override
        public void close() throws IOException {
            try {
                input.close();
                if (!process.waitFor(30, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

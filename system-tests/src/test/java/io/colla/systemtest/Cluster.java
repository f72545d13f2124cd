package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/**
 * Base of the tests on the test cluster, as its plain user: each has a working folder that all hosts share, and leaves nothing: no process, no file in the /tmp and
 * /dev/shm of any node, no job.
 */
abstract class Cluster {
    static final String USER = "colla-test";
    static final List<String> NODES = List.of("node1", "node2", "node3");
    static final Duration JOB_ENDS = Duration.ofSeconds(90);

    private static Path state;
    static Path classes;

    Path work;
    Marked mark;
    /** Set by a test that kills the launcher. */
    boolean killed;

    private Leftovers leftovers;
    private final List<Launched> launched = new ArrayList<>();

    @BeforeAll
    static void find() throws Exception {
        String named = System.getenv("COLLA_TESTCLUSTER");
        if (named == null || !Files.isExecutable(Path.of(named, "cluster"))) {
            throw new IllegalStateException(
                    "no test cluster: run scripts/testcluster/cluster up and set COLLA_TESTCLUSTER to its folder");
        }
        state = Path.of(named);
        classes = Path.of(
                cluster("stage", Home.CLASSES.toString(), "system-test-classes").strip());
        cluster("wait");
    }

    @BeforeEach
    void prepare() throws Exception {
        work = Files.createDirectory(state.resolve("work/system-test-" + UUID.randomUUID()));
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxrwxrwx"));
        mark = new Marked();
        List<Path> watched = new ArrayList<>();
        for (String host : List.of("ctl", "node1", "node2", "node3")) {
            watched.add(root(host).resolve("tmp"));
            watched.add(root(host).resolve("dev/shm"));
        }
        leftovers = new Leftovers(mark, watched);
    }

    @AfterEach
    void leavesNothing() throws Exception {
        try {
            leftovers.assertNone(work, killed);
        } finally {
            launched.forEach(Launched::end);
            cluster("on", "ctl", "scancel", "-u", USER);
            cluster("wait");
            delete(work);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    /** The root folder of a host, as this machine sees it. */
    static Path root(String host) throws IOException {
        return Path.of("/proc", process(host), "root");
    }

    /** Of the host's first process: its number here. */
    private static String process(String host) throws IOException {
        return Files.readString(state.resolve("run/" + host + ".pid")).split(" ")[1];
    }

    /** Whether the process runs on the host. */
    static boolean isOn(String host, Marked.Found found) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", process(host), "ns/pid"))
                    .toString()
                    .equals(found.namespace());
        } catch (IOException e) {
            return false;
        }
    }

    /** Output of a command of the cluster that must succeed. */
    static String cluster(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(state.resolve("cluster").toString()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS))
                .as("end of " + command)
                .isTrue();
        assertThat(process.exitValue()).as(command + ": " + output).isZero();
        return output;
    }

    /** A command of the user on ctl, in the working folder. */
    Launched on(String host, List<String> command) {
        List<String> words = new ArrayList<>(List.of(state.resolve("cluster").toString(), "on", host, "--user", USER));
        words.addAll(command);
        Launched started = new Launched(new ProcessBuilder(words).directory(work.toFile()), mark, work);
        launched.add(started);
        return started;
    }

    List<String> app(List<String> options, String name, Object... arguments) {
        return Home.run(options, classes, name, arguments);
    }

    /** A batch job of one command. */
    final class Job {
        private final String id;
        private final String prefix;

        private Job(String directives, List<String> command) throws Exception {
            prefix = "job-" + UUID.randomUUID();
            Path file = work.resolve(prefix + ".sh");
            Path code = work.resolve(prefix + ".code");
            String line = String.join(
                    " ", command.stream().map(word -> "'" + word + "'").toList());
            // As a careful user's script: it outlives the signals that are meant for the command, and passes on the
            // warning, which only the script gets.
            Files.writeString(
                    file,
                    """
                    #!/bin/bash
                    %s &
                    pid=$!
                    trap : TERM INT
                    trap 'kill -USR1 $pid' USR1
                    wait $pid; code=$?
                    while kill -0 $pid 2>/dev/null; do wait $pid; code=$?; done
                    echo $code >%s.part; mv %s.part %s
                    """
                            .formatted(line, code, code, code));
            List<String> words = new ArrayList<>(List.of("sbatch", "--parsable"));
            words.addAll(List.of(directives.split(" ")));
            words.addAll(List.of(
                    "--output=" + work.resolve(prefix + ".out"),
                    "--error=" + work.resolve(prefix + ".err"),
                    file.toString()));
            Launched.Ended submitted = on("ctl", words).await();
            submitted.hasCode(0);
            id = submitted.out().strip();
        }

        String id() {
            return id;
        }

        String out() {
            return read(".out");
        }

        String err() {
            return read(".err");
        }

        private String read(String suffix) {
            try {
                Path file = work.resolve(prefix + suffix);
                return Files.exists(file) ? Files.readString(file) : "";
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        boolean hasEnded() {
            return Files.exists(work.resolve(prefix + ".code"));
        }

        /** Waits until the command has ended and said so. */
        Launched.Ended await(Duration limit) {
            Path code = work.resolve(prefix + ".code");
            Awaitility.await("the end of job " + id)
                    .atMost(limit)
                    .pollInterval(Duration.ofMillis(50))
                    .untilAsserted(() -> assertThat(Files.exists(code)
                                    && !Files.readString(code).isEmpty())
                            .as("end of the job, which printed:\n%s\n%s\nprocesses: %s", out(), err(), mark.processes())
                            .isTrue());
            return new Launched.Ended(Integer.parseInt(read(".code").strip()), out(), err());
        }

        Launched.Ended await() {
            return await(JOB_ENDS);
        }

        /** Waits for files that tasks make. */
        void awaitFiles(String pattern, int count) {
            Awaitility.await(count + " files " + pattern)
                    .atMost(JOB_ENDS)
                    .pollInterval(Duration.ofMillis(20))
                    .untilAsserted(() -> assertThat(Launched.list(work, pattern))
                            .as("files of the job, which printed:\n%s\n%s", out(), err())
                            .hasSizeGreaterThanOrEqualTo(count));
        }

        List<Marked.Found> awaitProcesses(String what, int count, Predicate<Marked.Found> which) {
            return Awaitility.await(what)
                    .atMost(JOB_ENDS)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> mark.processes(which), found -> found.size() >= count);
        }
    }

    /** {@code sbatch DIRECTIVES} of a script with one command. */
    Job batch(String directives, List<String> command) throws Exception {
        return new Job(directives, command);
    }

    List<String> placements() throws IOException {
        return Files.readAllLines(work.resolve("colla-runs/latest/placements.csv"));
    }
}

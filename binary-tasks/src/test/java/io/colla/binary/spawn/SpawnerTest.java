package io.colla.binary.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.colla.binary.spawn.SpawnException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every spawner must do, with real programs. */
@Tag("process")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpawnerTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Map<String, Spawner> SPAWNERS = new LinkedHashMap<>();

    @TempDir
    Path folder;

    @BeforeAll
    static void open() throws Exception {
        for (Spawners.Kind kind : Spawners.Kind.values()) {
            SPAWNERS.put(kind.option(), Spawners.open(kind));
        }
        Path python = HelperSpawner.findPython();
        assertThat(python).as("python3").isNotNull();
        SPAWNERS.put("helper-fork", new HelperSpawner(python, "fork"));
    }

    @AfterAll
    static void close() {
        SPAWNERS.values().forEach(Spawner::close);
    }

    static Stream<String> all() {
        return Stream.of("posix-spawn", "helper", "helper-fork", "process-builder");
    }

    private static Spawner spawner(String name) {
        return Optional.ofNullable(SPAWNERS.get(name)).orElseThrow();
    }

    private Command sh(String script) {
        return Command.of("/bin/sh", "-c", script).withFolder(folder).withStdout(Redirect.to(out()));
    }

    private Path out() {
        return folder.resolve("out");
    }

    private String output(String name, Command command) throws Exception {
        ExitStatus status = spawner(name).spawn(command).await(LIMIT).orElseThrow();
        assertThat(status.success()).as(status.toString()).isTrue();
        return Files.readString(out()).strip();
    }

    @ParameterizedTest
    @MethodSource("all")
    void exitCodesAndSignalsAreToldApart(String name) throws Exception {
        assertThat(spawner(name).spawn(sh("exit 0")).await().success()).isTrue();
        assertThat(spawner(name).spawn(sh("exit 42")).await())
                .isInstanceOfSatisfying(
                        ExitStatus.Exited.class, e -> assertThat(e.code()).isEqualTo(42));
        assertThat(spawner(name).spawn(sh("kill -USR1 $$")).await())
                .isInstanceOfSatisfying(
                        ExitStatus.Killed.class, k -> assertThat(k.signal()).isEqualTo(10));
    }

    @ParameterizedTest
    @MethodSource("all")
    void argumentsReachTheProgramAsTheyAre(String name) throws Exception {
        Command command = Command.of("printf", "%s|", "a b", "", "$HOME;'\"*", "línia\nnova")
                .withFolder(folder)
                .withStdout(Redirect.to(out()));
        assertThat(output(name, command)).isEqualTo("a b||$HOME;'\"*|línia\nnova|");
    }

    @ParameterizedTest
    @MethodSource("all")
    void theMaskIsInForceBeforeTheProgramRuns(String name) throws Exception {
        String mask = "grep Cpus_allowed_list /proc/self/status | cut -f2";
        String free = output(name, sh(mask));
        assertThat(output(name, sh(mask).withCpus(List.of(0)))).isEqualTo("0");
        assertThat(output(name, sh(mask))).as("the binding must not stick").isEqualTo(free);
    }

    @ParameterizedTest
    @MethodSource("all")
    void concurrentProgramsHaveTheirOwnMasks(String name) throws Exception {
        int cpus = Math.min(4, Runtime.getRuntime().availableProcessors());
        assumeTrue(cpus > 1, "needs two CPUs");
        List<Child> children = new ArrayList<>();
        for (int cpu = 0; cpu < cpus; cpu++) {
            children.add(spawner(name)
                    .spawn(Command.of("sleep", "1000").withFolder(folder).withCpus(List.of(cpu))));
        }
        for (int cpu = 0; cpu < cpus; cpu++) {
            assertThat(status(children.get(cpu).pid(), "Cpus_allowed_list")).isEqualTo(Integer.toString(cpu));
        }
        for (Child child : children) {
            child.kill(Signal.KILL, true);
            assertThat(child.await()).isInstanceOf(ExitStatus.Killed.class);
        }
    }

    private static long bits(long pid, String key) throws Exception {
        return Long.parseUnsignedLong(status(pid, key), 16);
    }

    private static String status(long pid, String key) throws Exception {
        // The process-builder spawner returns before its chain of execs is through.
        await().atMost(LIMIT)
                .until(() -> Files.readString(Path.of("/proc/" + pid + "/comm")).startsWith("sleep"));
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith(key + ":"))
                .map(line -> line.substring(key.length() + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("all")
    void theProgramLeadsItsOwnSessionWithDefaultSignalsAndNoForeignFiles(String name) throws Exception {
        Child child = spawner(name).spawn(Command.of("sleep", "1000").withFolder(folder));
        try {
            // The JVM blocks SIGQUIT, and nothing on the process-builder's way can undo that.
            assertThat(bits(child.pid(), "SigBlk")).isEqualTo(name.equals("process-builder") ? 4 : 0);
            // glibc's posix_spawn ignores the two signals that it keeps for itself, 32 and 33.
            assertThat(bits(child.pid(), "SigIgn") & ~0x180000000L).isZero();
            String[] stat = Files.readString(Path.of("/proc/" + child.pid() + "/stat"))
                    .replaceFirst(".*\\) ", "")
                    .split(" ");
            assertThat(stat[2]).as("process group").isEqualTo(Long.toString(child.pid()));
            assertThat(stat[3]).as("session").isEqualTo(Long.toString(child.pid()));
            try (Stream<Path> open = Files.list(Path.of("/proc/" + child.pid() + "/fd"))) {
                assertThat(open.map(fd -> fd.getFileName().toString())).containsExactlyInAnyOrder("0", "1", "2");
            }
        } finally {
            child.kill(Signal.KILL, true);
            child.await();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void environmentIsInheritedWithChangesOrExactlyAsGiven(String name) throws Exception {
        Command command = sh("echo \"$COLLA_TEST_A|${HOME-unset}|${PATH:+path}\"");
        Environment changed =
                Environment.INHERITED.with("COLLA_TEST_A", "x = y é").without("HOME");
        assertThat(output(name, command.withEnvironment(changed))).isEqualTo("x = y é|unset|path");
        Command env = Command.of("/usr/bin/env").withFolder(folder).withStdout(Redirect.to(out()));
        assertThat(output(name, env.withEnvironment(Environment.exactly(Map.of("ONLY", "this"))))
                        .lines()
                        .filter(line -> !line.matches("(COLLA_TASK|PWD|_|OLDPWD|SHLVL)=.*")))
                .containsExactly("ONLY=this");
    }

    @ParameterizedTest
    @MethodSource("all")
    void streamsAreRedirected(String name) throws Exception {
        Files.writeString(folder.resolve("in"), "hello\n");
        Files.writeString(folder.resolve("log"), "before\n");
        Command command = sh("pwd; cat; echo oops >&2")
                .withStdin(Redirect.from(Path.of("in")))
                .withStderr(Redirect.appendTo(Path.of("log")));
        assertThat(output(name, command)).isEqualTo(folder.toRealPath() + "\nhello");
        assertThat(Files.readString(folder.resolve("log"))).isEqualTo("before\noops\n");
        assertThat(output(name, sh("cat; echo both >&2").withStderr(Redirect.STDOUT)))
                .isEqualTo("both");
        assertThat(spawner(name)
                        .spawn(sh("echo x").withStdout(Redirect.NULL))
                        .await()
                        .success())
                .isTrue();
    }

    /** Takes 600 MiB, with an argument once it has a limit: on a busy machine one spawner sets it long after the program has begun. */
    private static final String TAKES_MEMORY =
            """
            import resource, sys, time
            patience = time.monotonic() + 20
            while sys.argv[1:] and resource.getrlimit(resource.RLIMIT_AS)[0] < 0 and time.monotonic() < patience:
                pass
            taken = bytearray(600 << 20)
            """;

    @ParameterizedTest
    @MethodSource("all")
    void theMemoryLimitIsEnforced(String name) throws Exception {
        String python = "/usr/bin/python3";
        assumeTrue(Files.isExecutable(Path.of(python)), "needs python3");
        Command command = Command.of(python, "-IS", "-c", TAKES_MEMORY)
                .withFolder(folder)
                .withStderr(Redirect.to(folder.resolve("err")));
        Command limited = Command.of(python, "-IS", "-c", TAKES_MEMORY, "limited")
                .withFolder(folder)
                .withStderr(Redirect.to(folder.resolve("err")))
                .withMemoryLimit(400L << 20);
        assertThat(spawner(name).spawn(command).await().success()).isTrue();
        assertThat(spawner(name).spawn(limited).await().success()).isFalse();
        assertThat(Files.readString(folder.resolve("err"))).contains("MemoryError");
        assertThat(spawner(name).spawn(command).await().success())
                .as("the limit must not stick")
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("all")
    void aProgramThatCannotStartIsExplained(String name) throws Exception {
        Path script = Files.writeString(folder.resolve("script"), "#!/no/such/interpreter -x\n");
        fails(name, Command.of("colla-no-such-program"), Reason.NOT_FOUND, "not found on PATH");
        fails(name, Command.of("./gone"), Reason.NOT_FOUND, "gone");
        fails(name, Command.of(script.toString()), Reason.NOT_EXECUTABLE, "chmod +x");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        fails(name, Command.of("./script"), Reason.BAD_INTERPRETER, "/no/such/interpreter");
        fails(name, Command.of("/tmp"), Reason.NOT_EXECUTABLE, "folder");
        Command gone = Command.of("true").withFolder(folder.resolve("none"));
        assertThat(catchThrowableOfType(
                        SpawnException.class, () -> spawner(name).spawn(gone)))
                .hasMessageContaining("working folder " + folder.resolve("none"))
                .extracting(SpawnException::reason)
                .isEqualTo(Reason.FOLDER);
        fails(name, Command.of("true").withStdin(Redirect.from(Path.of("none"))), Reason.REDIRECTION, "standard input");
        fails(name, Command.of("true").withStdout(Redirect.to(Path.of("no/f"))), Reason.REDIRECTION, "no/f");
        fails(name, Command.of("true", "x".repeat(3 << 20)), Reason.TOO_LONG, "longer than the kernel takes");
        fails(name, Command.of("true").withCpus(List.of(8000)), Reason.BINDING, "[8000]");
        assertThat(spawner(name).spawn(sh("true")).await().success())
                .as("works after all these failures")
                .isTrue();
    }

    private void fails(String name, Command command, Reason reason, String words) {
        SpawnException failure =
                catchThrowableOfType(SpawnException.class, () -> spawner(name).spawn(command.withFolder(folder)));
        assertThat(failure).hasMessageContaining(words);
        assertThat(failure.getMessage()).doesNotContain("\n");
        assertThat(failure.reason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @MethodSource("all")
    void aFileWithoutAnInterpreterLineIsNotHandedToAShell(String name) throws Exception {
        assumeTrue(!name.equals("process-builder"), "there the shell does exec, and runs it as a script");
        Path script = Files.writeString(folder.resolve("script"), "echo hello\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        fails(name, Command.of("./script"), Reason.NOT_EXECUTABLE, "#!");
    }

    @ParameterizedTest
    @MethodSource("all")
    void aTimedWaitEndsInTimeAndTheProgramGoesOn(String name) throws Exception {
        Child child = spawner(name).spawn(sh("sleep 1000"));
        long start = System.nanoTime();
        assertThat(child.await(Duration.ofMillis(150))).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(149), Duration.ofSeconds(5));
        child.kill(Signal.TERM, true);
        assertThat(child.await(LIMIT)).isPresent();
        assertThat(child.await()).isInstanceOf(ExitStatus.Killed.class);
    }

    @ParameterizedTest
    @MethodSource("all")
    void anInterruptDoesNotDisturbAWait(String name) throws Exception {
        Child child = spawner(name).spawn(sh("sleep 0.3; exit 7"));
        Thread.currentThread().interrupt();
        assertThat(child.await()).isInstanceOf(ExitStatus.Exited.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(spawner(name).spawn(sh("true")).await().success()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("all")
    void terminateGivesTheProgramItsGraceAndThenKillsTheGroup(String name) throws Exception {
        Child polite = spawner(name).spawn(sh("trap 'exit 3' TERM; echo up; while :; do sleep 0.05; done"));
        awaitLine("up");
        polite.terminate(LIMIT);
        assertThat(polite.await(LIMIT)).containsInstanceOf(ExitStatus.Exited.class);
        Files.delete(out());
        Child deaf = spawner(name).spawn(sh("trap '' TERM; sleep 1000 & echo up $!; wait; wait"));
        long background = Long.parseLong(awaitLine("up").split(" ")[1]);
        deaf.terminate(Duration.ofMillis(200));
        assertThat(deaf.await(LIMIT)).containsInstanceOf(ExitStatus.Killed.class);
        awaitGone(background);
    }

    private String awaitLine(String start) {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> Files.exists(out())
                        && Files.readString(out()).startsWith(start)
                        && Files.readString(out()).endsWith("\n"));
        return assertThatLine();
    }

    private String assertThatLine() {
        try {
            return Files.readString(out()).strip();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static void awaitGone(long pid) {
        await("end of process " + pid)
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> !alive(pid));
    }

    /** Zombies do not count: whoever inherits them reaps them. */
    static boolean alive(long pid) throws Exception {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return !stat.replaceFirst("(?s).*\\) ", "").startsWith("Z");
        } catch (java.io.IOException e) {
            return false;
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatATaskLeavesBehindEndsWithIt(String name) throws Exception {
        String[] left = output(name, sh("sleep 1000 & echo $!; setsid sleep 1000 & echo $!; sleep 0.2"))
                .split("\n");
        assertThat(left).hasSize(2);
        for (String pid : left) {
            awaitGone(Long.parseLong(pid));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aHelperLeavesNoDaemonAliveEvenWithoutAMarkInItsEnvironment(String name) throws Exception {
        assumeTrue(name.startsWith("helper"), "only descent tells");
        String script = "setsid env -i /bin/sh -c 'sleep 1000 & echo $! > pid.tmp; mv pid.tmp pid; wait' &"
                + " while [ ! -e pid ]; do sleep 0.02; done; cat pid";
        long daemon = Long.parseLong(output(name, sh(script)));
        assertThat(alive(daemon)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("all")
    void manyThreadsSpawnManyProgramsWithoutALeak(String name) throws Exception {
        int threads = 4;
        int each = name.equals("process-builder") ? 50 : 250;
        Spawner spawner = spawner(name);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            Callable<Integer> work = () -> {
                int good = 0;
                for (int i = 0; i < each; i++) {
                    ExitStatus status = spawner.spawn(Command.of("sh", "-c", "exit " + i % 7))
                            .await();
                    good += status instanceof ExitStatus.Exited exited && exited.code() == i % 7 ? 1 : 0;
                }
                return good;
            };
            pool.submit(() -> spawner.spawn(Command.of("true")).await()).get();
            pool.invokeAll(List.of(work, work, work, work)); // reaches the largest number of helpers
            long before = openFiles();
            for (Future<Integer> future : pool.invokeAll(List.of(work, work, work, work))) {
                assertThat(future.get()).isEqualTo(each);
            }
            assertThat(openFiles()).isLessThanOrEqualTo(before + 4);
            assertThat(zombies()).isEmpty();
        } finally {
            pool.shutdownNow();
        }
    }

    private static long openFiles() throws Exception {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private static List<Long> zombies() {
        return ProcessHandle.current()
                .descendants()
                .map(ProcessHandle::pid)
                .filter(pid -> {
                    try {
                        return Files.readString(Path.of("/proc/" + pid + "/stat"))
                                .replaceFirst("(?s).*\\) ", "")
                                .startsWith("Z");
                    } catch (java.io.IOException e) {
                        return false;
                    }
                })
                .toList();
    }

    @ParameterizedTest
    @MethodSource("all")
    void otherChildrenOfThisJvmAreLeftAlone(String name) throws Exception {
        Process other = new ProcessBuilder("/bin/sh", "-c", "exit 9").start();
        assertThat(spawner(name).spawn(sh("exit 1")).await().success()).isFalse();
        assertThat(other.waitFor()).isEqualTo(9);
    }

    @ParameterizedTest
    @MethodSource("all")
    void closingEndsWhatRuns(String name) throws Exception {
        Path python = HelperSpawner.findPython();
        assertThat(python).isNotNull();
        Spawner spawner =
                switch (name) {
                    case "posix-spawn" -> Spawners.open(Spawners.Kind.POSIX_SPAWN);
                    case "helper" -> Spawners.open(Spawners.Kind.HELPER);
                    case "helper-fork" -> new HelperSpawner(python, "fork");
                    default -> Spawners.open(Spawners.Kind.PROCESS_BUILDER);
                };
        Child child = spawner.spawn(sh("sleep 1000"));
        spawner.close();
        awaitGone(child.pid());
        assertThatThrownBy(() -> spawner.spawn(Command.of("true"))).hasMessageContaining("closed");
    }
}

package io.colla.systemtest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Base of the tests that run the command on this machine: each has a working folder, a folder for temporary files, and no leftovers. */
abstract class ThisMachine {
    static final List<String> THREE = List.of("--workers", "local:3", "--heartbeat", "500ms");

    @TempDir
    Path folder;

    Path work;
    Path temporary;
    Marked mark;
    /** Set by a test that kills the launcher. */
    boolean killed;

    private Leftovers leftovers;
    private final List<Launched> launched = new ArrayList<>();

    @BeforeEach
    void prepare() throws IOException {
        work = Files.createDirectory(folder.resolve("work"));
        temporary = Files.createDirectory(folder.resolve("tmp"));
        mark = new Marked();
        leftovers = new Leftovers(mark, List.of(temporary));
    }

    @AfterEach
    void leavesNothing() throws IOException {
        try {
            leftovers.assertNone(work, killed);
        } finally {
            launched.forEach(Launched::end);
        }
    }

    Launched start(List<String> command) {
        return start(command, Map.of());
    }

    Launched start(List<String> command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(work.toFile());
        builder.environment().put("TMPDIR", temporary.toString());
        builder.environment().keySet().removeIf(name -> name.startsWith("COLLA_") || name.startsWith("SLURM_"));
        builder.environment().putAll(environment);
        Launched started = new Launched(builder, mark, folder);
        launched.add(started);
        return started;
    }

    Launched application(List<String> options, String name, Object... arguments) {
        return start(Home.run(options, Home.CLASSES, name, arguments));
    }

    Launched example(List<String> options, String... arguments) {
        return start(Home.example(options, arguments));
    }

    /** The run's record of which node did what. */
    List<String> placements() throws IOException {
        return Files.readAllLines(work.resolve("colla-runs/latest/placements.csv"));
    }

    String summary() throws IOException {
        return Files.readString(work.resolve("colla-runs/latest/summary.json"));
    }
}

package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A PBS whose hosts are all this machine; see scripts/fakepbs. */
final class FakePbs {
    private static final Path KIT =
            Path.of("..", "scripts", "fakepbs", "fakepbs").toAbsolutePath().normalize();

    final Path state;

    FakePbs(Path state, String... options) throws Exception {
        this.state = state;
        List<String> words = new ArrayList<>(List.of(KIT.toString(), "up", state.toString(), "--kill-delay", "5"));
        words.addAll(List.of(options));
        Process up = new ProcessBuilder(words).inheritIO().start();
        assertThat(up.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(up.exitValue()).isZero();
    }

    String command(String name) {
        return state.resolve("bin").resolve(name).toString();
    }

    /** Puts a shell script in the place of a command. */
    void replace(String command, String script) throws IOException {
        Path program = state.resolve("bin").resolve(command);
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
    }

    /** The exit code that PBS keeps of a job. */
    String exitStatus(String job) throws IOException {
        return Files.readString(state.resolve("jobs").resolve(job).resolve("exit"));
    }

    /** From now on the daemon of this host is dead. */
    void kill(String host) throws IOException {
        Files.createFile(state.resolve("dead").resolve(host));
    }
}

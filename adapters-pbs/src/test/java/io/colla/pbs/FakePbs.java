package io.colla.pbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A PBS whose hosts are all this machine (scripts/fakepbs), and a job in it that only waits: the tests do what would be done inside. */
final class FakePbs implements AutoCloseable {
    private static final Path KIT =
            Path.of("..", "scripts", "fakepbs", "fakepbs").toAbsolutePath().normalize();

    final Path state;
    final Path home;
    private final List<String> jobs = new ArrayList<>();

    FakePbs(Path folder, String... options) throws Exception {
        state = folder.resolve("pbs");
        home = Files.createDirectory(folder.resolve("home"));
        List<String> words = new ArrayList<>(List.of(KIT.toString(), "up", state.toString(), "--kill-delay", "0.2"));
        words.addAll(List.of(options));
        run(words);
    }

    private String run(List<String> words) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(home.toFile()).redirectErrorStream(true);
        builder.environment().put("HOME", home.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output.strip();
    }

    /** Starts a job and gives the environment of its script. */
    Map<String, String> job(String... resources) throws Exception {
        Path seen = home.resolve("environment-" + jobs.size());
        Path script = Files.writeString(
                home.resolve("job.sh"),
                "env -0 >" + seen + ".part; mv " + seen + ".part " + seen + "; exec sleep 600\n");
        List<String> words = new ArrayList<>(
                List.of(state.resolve("bin/qsub").toString(), "-o", "job.out", "-e", "job.err", "-v", "FROM_QSUB=yes"));
        for (String resource : resources) {
            words.addAll(List.of("-l", resource));
        }
        words.add(script.toString());
        jobs.add(run(words));
        await("the job's environment").atMost(Duration.ofSeconds(30)).until(() -> Files.exists(seen));
        Map<String, String> environment = new HashMap<>();
        for (String variable : Files.readString(seen).split("\0")) {
            environment.put(variable.replaceFirst("(?s)=.*", ""), variable.replaceFirst("(?s)^[^=]*=", ""));
        }
        return environment;
    }

    /** The new job's id. */
    String submit(Path script, String... options) throws Exception {
        List<String> words =
                new ArrayList<>(List.of(state.resolve("bin/qsub").toString(), "-o", "job.out", "-e", "job.err"));
        words.addAll(List.of(options));
        words.add(script.toString());
        return run(words);
    }

    void delete(String job) throws Exception {
        run(List.of(state.resolve("bin/qdel").toString(), job));
    }

    /** What the job and its tasks printed themselves. */
    String output() throws IOException {
        return Files.readString(home.resolve("job.out"));
    }

    void kill(String host) throws IOException {
        Files.createFile(state.resolve("dead").resolve(host));
    }

    void remove(String command) throws IOException {
        Files.delete(state.resolve("bin").resolve(command));
    }

    /** Puts a shell script in the place of a command. */
    void replace(String command, String script) throws IOException {
        Files.deleteIfExists(state.resolve("bin").resolve(command));
        Path program = Files.writeString(state.resolve("bin").resolve(command), "#!/bin/sh\n" + script + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
    }

    @Override
    public void close() throws Exception {
        for (String job : jobs) {
            run(List.of(state.resolve("bin/qdel").toString(), job));
            Path exit = state.resolve("jobs").resolve(job).resolve("exit");
            await("the end of job " + job).atMost(Duration.ofSeconds(30)).until(() -> Files.exists(exit));
        }
    }
}

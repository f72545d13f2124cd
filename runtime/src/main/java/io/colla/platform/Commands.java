package io.colla.platform;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.exec.CommandLine;
import org.apache.commons.exec.DefaultExecutor;
import org.apache.commons.exec.ExecuteWatchdog;
import org.apache.commons.exec.PumpStreamHandler;

/** Runs a batch system's short commands with a deadline. Thread-safe. */
public final class Commands {
    /** How long a command may take that is not given a limit. */
    public static final Duration LIMIT = Duration.ofSeconds(10);

    private final Map<String, String> environment;
    private final Duration limit;

    /** @param environment all that the commands see; its PATH tells where they are */
    public Commands(Map<String, String> environment) {
        this(environment, LIMIT);
    }

    /** @param limit how long a command may take before it is ended */
    public Commands(Map<String, String> environment, Duration limit) {
        this.environment = Map.copyOf(environment);
        this.limit = limit;
    }

    /** A command that could not be run, did not answer or failed; the message is a sentence with its own words. */
    public static final class CommandException extends Exception {
        private static final long serialVersionUID = 1L;

        CommandException(String message) {
            super(message);
        }
    }

    /**
     * The standard output of a command that ended with exit code 0.
     *
     * @throws CommandException if it did not
     */
    public String output(String program, String... arguments) throws CommandException {
        CommandLine line = new CommandLine(find(program, environment)
                .orElseThrow(() -> new CommandException("there is no program " + program + " on the PATH"))
                .toFile());
        line.addArguments(arguments, false);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PumpStreamHandler streams = new PumpStreamHandler(out, err);
        streams.setStopTimeout(Duration.ofSeconds(2));
        ExecuteWatchdog watchdog = ExecuteWatchdog.builder().setTimeout(limit).get();
        DefaultExecutor executor =
                DefaultExecutor.builder().setExecuteStreamHandler(streams).get();
        executor.setWatchdog(watchdog);
        executor.setExitValues(null);
        int code = execute(executor, line, program);
        if (watchdog.killedProcess()) {
            throw new CommandException(program + " answered nothing for " + limit.toSeconds() + " s");
        }
        if (code != 0) {
            String words = err.toString(StandardCharsets.UTF_8).strip();
            throw new CommandException(program + " " + String.join(" ", arguments) + " failed with exit code " + code
                    + (words.isEmpty() ? "" : ": " + words.replaceAll("\\s*\\n\\s*", "; ")));
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private int execute(DefaultExecutor executor, CommandLine line, String program) throws CommandException {
        try {
            return executor.execute(line, environment);
        } catch (IOException e) {
            throw new CommandException(program + " could not be run: " + e.getMessage());
        }
    }

    /** A program on the PATH of an environment. */
    public static Optional<Path> find(String program, Map<String, String> environment) {
        return List.of(environment
                        .getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin")
                        .split(":"))
                .stream()
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(path -> Files.isRegularFile(path) && Files.isExecutable(path))
                .findFirst();
    }
}

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

        public CommandException(String message) {
            super(message);
        }
    }

    /**
     * What a command came to.
     *
     * @param code its exit code
     * @param out its standard output
     * @param err its error output
     */
    public record Answer(int code, String out, String err) {
        /** What it said of its failure, in one line; its exit code when it said nothing. */
        public String words() {
            String words = err.strip();
            return words.isEmpty() ? "exit code " + code : words.replaceAll("\\s*\\n\\s*", "; ");
        }
    }

    /**
     * The standard output of a command that ended with exit code 0.
     *
     * @throws CommandException if it did not
     */
    public String output(String program, String... arguments) throws CommandException {
        Answer answer = ask(program, List.of(arguments));
        if (answer.code() != 0) {
            boolean silent = answer.err().isBlank();
            throw new CommandException(program + " " + String.join(" ", arguments) + " failed with exit code "
                    + answer.code() + (silent ? "" : ": " + answer.words()));
        }
        return answer.out();
    }

    /**
     * Runs a command to its end, whatever that is.
     *
     * @throws CommandException if it cannot be run or does not answer in time
     */
    public Answer ask(String program, List<String> arguments) throws CommandException {
        CommandLine line = new CommandLine(find(program, environment)
                .orElseThrow(() -> new CommandException("there is no program " + program + " on the PATH"))
                .toFile());
        line.addArguments(arguments.toArray(String[]::new), false);
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
        return new Answer(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
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

package io.colla.platform;

import io.colla.api.UsageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Starts workers through one ssh each. Nothing is asked on a terminal: keys must be set up, host keys known. The remote command line is always the
 * same; what to run travels as the first lines of standard input, so that neither the user's login shell there nor a list of processes gets to
 * interpret or show it. The worker ends by itself when its standard input ends: when this process ends, or the connection breaks.
 *
 * <p>The environment variable {@code COLLA_SSH} names the program and options before Colla's own, separated by blanks: {@code ssh -F cluster.conf}.
 */
public final class SshLauncher extends EachNodeLauncher {
    /** Property of a {@link NodeShare}: the user to log in as. */
    public static final String USER = "ssh.user";

    private static final Duration PROBE_LIMIT = Duration.ofSeconds(20);
    private static final Duration SIGNAL_LIMIT = Duration.ofSeconds(5);
    private static final List<String> OPTIONS = List.of(
            "-T",
            "-x",
            "-a",
            "-o",
            "BatchMode=yes",
            "-o",
            "ConnectTimeout=10",
            "-o",
            "ServerAliveInterval=10",
            "-o",
            "ServerAliveCountMax=3");

    /**
     * Reads a number of lines and then that many lines, which are a script, and becomes it. POSIX sh's read takes no byte beyond its line. Written
     * without an exclamation mark or a line break, so that csh and fish hand it on unharmed.
     */
    private static final String REMOTE =
            "exec /bin/sh -c 'nl=$(printf \"\\nx\"); nl=${nl%x}; s=; IFS= read -r n || exit 97; "
                    + "while [ \"$n\" -gt 0 ]; do IFS= read -r l || exit 97; s=$s$l$nl; n=$((n-1)); done; eval \"$s\"'";

    private static final Pattern SSH_WORDS = Pattern.compile(
            "Connection to|Connection reset|Connection closed|Timeout, server|client_loop|Broken pipe|closed by remote host");

    private final Map<String, String> environment;
    private final String mark = "colla-" + UUID.randomUUID() + " process ";

    /** @param environment this process' own; the workers do not inherit it */
    public SshLauncher(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    protected LaunchedProcess start(Child child, WorkerCommand command) throws IOException {
        return LaunchedProcess.start(
                child.node().name(),
                argv(child.node()),
                environment,
                null,
                input(script(child.node(), command), command.input()),
                child::printed,
                child::ended);
    }

    private List<String> argv(NodeShare node) {
        List<String> argv = new ArrayList<>();
        for (String word : environment.getOrDefault("COLLA_SSH", "ssh").strip().split("\\s+")) {
            argv.add(word.isEmpty() ? "ssh" : word);
        }
        argv.addAll(OPTIONS);
        String user = node.properties().get(USER);
        if (user != null) {
            argv.addAll(List.of("-l", user));
        }
        argv.addAll(List.of("--", node.name(), REMOTE));
        return argv;
    }

    private String script(NodeShare node, WorkerCommand command) {
        StringBuilder script = new StringBuilder();
        String directory = command.directory();
        if (directory != null) {
            script.append("cd ").append(ShellWords.inQuotes(directory)).append(" || exit 98\n");
        }
        command.environment().forEach((name, value) -> script.append("export ")
                .append(variable(name))
                .append('=')
                .append(ShellWords.inQuotes(value))
                .append('\n'));
        script.append("export COLLA_NODE=")
                .append(ShellWords.inQuotes(node.name()))
                .append('\n');
        script.append("echo ").append(ShellWords.inQuotes(mark)).append("$$\n");
        script.append("exec");
        command.argv().forEach(word -> script.append(' ').append(ShellWords.inQuotes(word)));
        return script.append('\n').toString();
    }

    private static String variable(String name) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw new IllegalArgumentException("'" + name + "' is not a name of an environment variable");
        }
        return name;
    }

    private static byte[] input(String script, byte[] rest) {
        long lines = script.chars().filter(c -> c == '\n').count();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes((lines + "\n" + script).getBytes(StandardCharsets.UTF_8));
        all.writeBytes(rest);
        return all.toByteArray();
    }

    @Override
    protected boolean isMessage(Child child, String line) {
        return line.startsWith(mark);
    }

    @Override
    protected String explain(Child child, int exitCode) {
        String words = String.join("; ", child.lastWords());
        boolean started = child.message() != null;
        if (exitCode == 255 && started && !SSH_WORDS.matcher(words).find()) {
            return "it was killed by a signal, or ssh lost it without a word"; // ssh does not tell these apart
        }
        if (exitCode == 255) {
            return (started ? "ssh lost it" : "ssh could not start it")
                    + (words.isEmpty() ? "" : ": " + words)
                    + advice(child.node().name(), words)
                            .map(text -> " (" + text + ")")
                            .orElse("");
        }
        if (started) {
            return ExitCodes.ended(exitCode);
        }
        return "it could not be started: " + ExitCodes.describe(exitCode) + (words.isEmpty() ? "" : ": " + words);
    }

    static Optional<String> advice(String host, String words) {
        String said = words.toLowerCase(Locale.ROOT);
        if (said.contains("host key verification failed")) {
            return Optional.of("log in once by hand, ssh " + host + " true, to accept its host key");
        }
        if (said.contains("permission denied")) {
            return Optional.of("set up a key that needs no password, for example with ssh-copy-id " + host);
        }
        if (said.contains("could not resolve")) {
            return Optional.of("correct the name in the host file");
        }
        if (said.contains("refused") || said.contains("timed out") || said.contains("no route")) {
            return Optional.of("is the node up, and does its sshd run?");
        }
        return Optional.empty();
    }

    @Override
    protected void terminate(Running running) {
        signal(running, "TERM");
    }

    /** The worker first, through a second connection; then the ssh here. */
    @Override
    protected Optional<String> kill(Running running) {
        Optional<String> failure = signal(running, "KILL");
        running.process().kill();
        return failure;
    }

    /** To the worker's process group; sshd gives each command a session of its own. @return what went wrong */
    private Optional<String> signal(Running running, String signal) {
        String message = running.child().message();
        if (message == null) {
            running.process().terminate();
            return Optional.empty();
        }
        NodeShare node = running.child().node();
        String pid = message.substring(mark.length());
        String script = "kill -" + signal + " -- -" + pid + " 2>/dev/null || kill -" + signal + " " + pid
                + " 2>/dev/null || ! kill -0 " + pid + " 2>/dev/null";
        Optional<Answer> answer = remotely(node, script, SIGNAL_LIMIT);
        if (answer.isPresent() && answer.get().exitCode() == 0) {
            return Optional.empty();
        }
        String words =
                answer.map(told -> ": " + String.join("; ", told.lines())).orElse("");
        return Optional.of("the worker on " + node.name() + " (process " + pid + " there) could not be sent SIG"
                + signal + " through ssh" + words + "; it ends when it notices that its connection is gone");
    }

    private record Answer(int exitCode, List<String> lines) {}

    /** Runs a script on the node; empty when it did not end in time or could not be started. */
    private Optional<Answer> remotely(NodeShare node, String script, Duration limit) {
        ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
        AtomicInteger code = new AtomicInteger(-1);
        try {
            LaunchedProcess ssh = LaunchedProcess.start(
                    "ask-" + node.name(),
                    argv(node),
                    environment,
                    null,
                    input(script + "\n", new byte[0]),
                    lines::add,
                    code::set);
            ssh.closeInput();
            if (ssh.await(limit)) {
                return Optional.of(new Answer(code.get(), List.copyOf(lines)));
            }
            ssh.kill();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(new Answer(255, List.of(String.valueOf(e.getMessage()))));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /**
     * How many cores a login on the node may use; for host files that do not say.
     *
     * @throws UsageException if it does not answer
     */
    int cores(NodeShare node) {
        Answer answer = remotely(node, "nproc || getconf _NPROCESSORS_ONLN", PROBE_LIMIT)
                .orElseThrow(
                        () -> new UsageException(
                                "host " + node.name() + " did not say within " + PROBE_LIMIT.toSeconds()
                                        + " s how many cores it has; is it up? Or write cores=N after its name in the host file"));
        String last = answer.lines().isEmpty()
                ? ""
                : answer.lines().get(answer.lines().size() - 1).strip();
        if (answer.exitCode() == 0 && last.matches("[1-9]\\d{0,5}")) {
            return Integer.parseInt(last);
        }
        String words = String.join("; ", answer.lines());
        throw new UsageException("host " + node.name() + " does not say how many cores it has: "
                + (words.isEmpty() ? ExitCodes.describe(answer.exitCode()) : words)
                + advice(node.name(), words)
                        .map(text -> " (" + text + ")")
                        .orElse("; write cores=N after its name in the host file"));
    }
}

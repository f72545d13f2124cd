package io.colla.pbs;

import io.colla.platform.EachNodeLauncher;
import io.colla.platform.ExitCodes;
import io.colla.platform.LaunchedProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Starts workers through PBS's task manager, with one client of it for each. The client passes on no input, no output and no signal; the
 * {@link HandOver} does what can be done with files, and signals go as tasks of their own. A client that is killed leaves its worker running, and one whose node
 * has lost PBS's daemon waits for ever: the workers end by their connection to the master.
 */
final class TmLauncher extends EachNodeLauncher {
    private static final Duration SIGNAL_LIMIT = Duration.ofSeconds(5);

    private final TmClient client;
    private final Map<String, String> environment;
    private @Nullable HandOver files;

    /** @param environment this process' own, which the client needs to find its job */
    TmLauncher(TmClient client, Map<String, String> environment) {
        this.client = client;
        this.environment = Map.copyOf(environment);
    }

    @Override
    protected LaunchedProcess start(Child child, WorkerCommand command) throws IOException {
        Path exchange = command.exchange();
        if (exchange == null) {
            throw new IOException(client.name() + " passes on no input, and there is no folder for it");
        }
        String node = child.node().name();
        HandOver prepared = files(exchange);
        prepared.prepare(node, command);
        return client(node, prepared.command(node), child, prepared);
    }

    private LaunchedProcess client(String node, List<String> command, Child child, HandOver prepared)
            throws IOException {
        return LaunchedProcess.start(
                node, client.argv(node, command), environment, null, new byte[0], child::printed, code -> {
                    prepared.output(node).forEach(child::printed);
                    child.ended(code);
                });
    }

    private synchronized HandOver files(Path exchange) throws IOException {
        HandOver made = files;
        if (made == null) {
            made = HandOver.in(exchange);
            files = made;
        }
        return made;
    }

    private synchronized @Nullable HandOver files() {
        return files;
    }

    /** Whether anything at all was run on the node. If not, what was meant for it is taken back, and it can be started in another way. */
    boolean began(String node) {
        HandOver used = files();
        if (used != null && used.began(node)) {
            return true;
        }
        try {
            if (used != null) {
                used.forget(node);
            }
            return false;
        } catch (IOException e) {
            return false; // it goes with the folder
        }
    }

    @Override
    protected String explain(Child child, int exitCode) {
        String node = child.node().name();
        HandOver used = files();
        if (used == null) {
            return "it could not be started";
        }
        Optional<Integer> code = used.code(node);
        if (code.isPresent()) {
            return ExitCodes.ended(code.get());
        }
        String words = String.join("; ", child.lastWords());
        if (used.started(node)) {
            return client.name() + " lost it: " + client.name() + " "
                    + ExitCodes.ended(exitCode).substring("it ".length()) + (words.isEmpty() ? "" : "; " + words);
        }
        return "it could not be started: "
                + (words.isEmpty() ? client.name() + " ended with " + ExitCodes.describe(exitCode) : words)
                + (used.began(node) ? "" : " (does the node see the folder " + used + "?)");
    }

    @Override
    protected void terminate(Running running) {
        signal(running, "TERM");
    }

    /** The worker first, by a task of its own; then the client here. */
    @Override
    protected Optional<String> kill(Running running) {
        Optional<String> failure = signal(running, "KILL");
        running.process().kill();
        return failure;
    }

    /** @return what went wrong */
    private Optional<String> signal(Running running, String signal) {
        String node = running.child().node().name();
        HandOver used = files();
        if (used == null) {
            return Optional.empty();
        }
        if (used.code(node).isPresent()) {
            running.process().kill(); // the worker has ended, and nobody tells the client
            return Optional.empty();
        }
        ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
        AtomicInteger code = new AtomicInteger(-1);
        try {
            LaunchedProcess messenger = LaunchedProcess.start(
                    "signal-" + node,
                    client.argv(node, used.signal(node, signal)),
                    environment,
                    null,
                    new byte[0],
                    lines::add,
                    code::set);
            if (messenger.await(SIGNAL_LIMIT) && code.get() == 0) {
                return Optional.empty();
            }
            messenger.kill();
        } catch (IOException e) {
            lines.add(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.of("the worker on " + node + " could not be sent SIG" + signal + " through " + client.name()
                + (lines.isEmpty() ? "" : ": " + String.join("; ", lines))
                + "; it ends when it notices that its master is gone");
    }

    @Override
    public List<String> stop(Duration grace) {
        List<String> left = super.stop(grace);
        HandOver used = files();
        if (used != null) {
            try {
                used.remove();
            } catch (IOException e) {
                left.add("the folder " + used + " could not be removed: " + e.getMessage());
            }
        }
        return left;
    }
}

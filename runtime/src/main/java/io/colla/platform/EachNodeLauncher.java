package io.colla.platform;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Starts one program of this machine for each node: the worker itself, or a client of another program that stands for it. */
public abstract class EachNodeLauncher implements NodeLauncher {
    private static final int LAST_WORDS = 8;
    private static final Duration SHORT_GRACE = Duration.ofSeconds(2);
    private static final Duration AFTER_KILL = Duration.ofSeconds(5);

    private final Object lock = new Object();
    private final List<Running> all = new ArrayList<>();
    private boolean stopped;

    /** Starts the program of one node. @throws IOException if it cannot be started */
    protected abstract LaunchedProcess start(Child child, WorkerCommand command) throws IOException;

    /** The end of a worker in words for a person. */
    protected abstract String explain(Child child, int exitCode);

    /** A line that is for the launcher rather than for people. */
    protected boolean isMessage(Child child, String line) {
        return false;
    }

    /** Asks the worker to end. */
    protected abstract void terminate(Running running);

    /** Ends the worker by all means, and the program of this machine that stands for it. @return what could not be done; empty when all was */
    protected abstract Optional<String> kill(Running running);

    @Override
    public void launch(List<NodeShare> nodes, WorkerCommand command, Listener listener) {
        for (NodeShare node : nodes) {
            Child child = new Child(node, listener);
            try {
                startAndKeep(child, command);
            } catch (IOException e) {
                listener.ended(node.name(), "it could not be started: " + e.getMessage());
            }
        }
    }

    private void startAndKeep(Child child, WorkerCommand command) throws IOException {
        synchronized (lock) {
            if (stopped) {
                throw new IllegalStateException("this launcher has been stopped");
            }
            all.removeIf(running -> !running.process.alive());
            all.add(new Running(child, start(child, command)));
        }
    }

    @Override
    public List<String> stop(Duration grace) {
        List<Running> running;
        synchronized (lock) {
            stopped = true;
            running = List.copyOf(all);
        }
        long start = System.nanoTime();
        List<String> left = new ArrayList<>();
        running.forEach(each -> each.process.closeInput());
        try {
            if (!await(running, start, grace.multipliedBy(6).dividedBy(10))) {
                Parallel.map(living(running), each -> {
                    terminate(each);
                    return each;
                });
                if (!await(running, start, grace)) {
                    Parallel.map(living(running), this::kill).forEach(failure -> failure.ifPresent(left::add));
                    await(running, System.nanoTime(), AFTER_KILL);
                }
            }
        } catch (InterruptedException e) {
            living(running).forEach(this::kill);
            Thread.currentThread().interrupt();
        }
        living(running)
                .forEach(each -> left.add("the worker on " + each.child.node.name() + " (process " + each.process.pid()
                        + " here) does not end, not even by SIGKILL"));
        return left;
    }

    @Override
    public void close() {
        stop(SHORT_GRACE);
    }

    private static List<Running> living(List<Running> all) {
        return all.stream().filter(each -> each.process.alive()).toList();
    }

    private static boolean await(List<Running> all, long start, Duration limit) throws InterruptedException {
        return LaunchedProcess.awaitAll(all.stream().map(Running::process).toList(), start, limit);
    }

    /** A worker that was started. */
    public record Running(Child child, LaunchedProcess process) {}

    /** The program of one node and the last of what it said. */
    public final class Child {
        private final NodeShare node;
        private final Listener listener;
        private final Deque<String> lastWords = new ArrayDeque<>();
        private volatile @Nullable String message;

        private Child(NodeShare node, Listener listener) {
            this.node = node;
            this.listener = listener;
        }

        public NodeShare node() {
            return node;
        }

        /** Takes a line of its output. */
        public void printed(String line) {
            if (isMessage(this, line)) {
                message = line;
                return;
            }
            synchronized (lastWords) {
                lastWords.addLast(line);
                if (lastWords.size() > LAST_WORDS) {
                    lastWords.removeFirst();
                }
            }
            listener.printed(node.name(), line);
        }

        /** Takes its end. */
        public void ended(int exitCode) {
            listener.ended(node.name(), explain(this, exitCode));
        }

        /** The last lines that it printed, for an explanation of its end. */
        public List<String> lastWords() {
            synchronized (lastWords) {
                return List.copyOf(lastWords);
            }
        }

        /** The last line that {@link #isMessage} took. */
        @Nullable
        String message() {
            return message;
        }
    }
}

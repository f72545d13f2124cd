package io.colla.pbs;

import io.colla.platform.Allocation;
import io.colla.platform.Commands;
import io.colla.platform.LocalLauncher;
import io.colla.platform.NodeLauncher;
import io.colla.platform.NodeShare;
import io.colla.platform.SshLauncher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Starts workers in the first way that reaches a node and works there: PBS's task manager through pbs_tmrsh, or through pbsdsh; this machine itself, for a job's first
 * node that the node file leaves out; ssh. The task manager comes first because PBS counts and ends what it started.
 */
final class PbsLauncher implements NodeLauncher {
    private static final Duration SHORT_GRACE = Duration.ofSeconds(2);

    /**
     * @param reaches whether it can be tried
     * @param began whether it has run anything on the node; what has failed before that can be tried in another way
     */
    private record Way(String name, NodeLauncher launcher, Predicate<NodeShare> reaches, Predicate<NodeShare> began) {}

    private final Map<String, String> environment;
    private final List<Way> ways = new ArrayList<>();

    PbsLauncher(Allocation allocation, Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
        Map<String, String> withCommands = PbsCommands.withFolder(environment);
        NodeFile nodes = NodeFile.of(environment);
        for (TmClient.Kind kind : TmClient.Kind.values()) {
            Commands.find(kind.command(), withCommands)
                    .ifPresent(program -> ways.add(way(new TmClient(kind, program, nodes))));
        }
        if ("0".equals(environment.get("PBS_NODENUM"))) {
            NodeShare first = allocation.nodes().get(0);
            ways.add(new Way("this machine", new LocalLauncher(environment), first::equals, node -> true));
        }
        ways.add(new Way("ssh", new SshLauncher(environment), node -> true, node -> true));
    }

    private Way way(TmClient client) {
        TmLauncher launcher = new TmLauncher(client, environment);
        return new Way(
                client.name(), launcher, node -> client.reaches(node.name()), node -> launcher.began(node.name()));
    }

    @Override
    public void launch(List<NodeShare> nodes, WorkerCommand command, Listener listener) {
        WorkerCommand handed = new WorkerCommand(
                command.argv(),
                command.input(),
                HandedEnvironment.of(environment, command.environment()),
                command.directory(),
                command.exchange());
        nodes.forEach(node -> launch(node, new Attempt(0, List.of()), handed, listener));
    }

    /**
     * @param from the first way to be tried
     * @param failures of the ways before
     */
    private record Attempt(int from, List<String> failures) {
        Attempt next(int way, String failure) {
            List<String> all = new ArrayList<>(failures);
            all.add(failure);
            return new Attempt(way + 1, all);
        }

        /** With the failures of the ways before, unless the last one has worked and the worker ended later. */
        String explain(String what) {
            boolean worked = what.startsWith("it ended") || what.startsWith("it was killed");
            return failures.isEmpty() || worked ? what : what + " (before: " + String.join("; ", failures) + ")";
        }
    }

    private void launch(NodeShare node, Attempt attempt, WorkerCommand command, Listener listener) {
        int index = attempt.from();
        while (!ways.get(index).reaches().test(node)) {
            index++; // ssh, the last, can always be tried
        }
        int used = index;
        Way way = ways.get(used);
        way.launcher().launch(List.of(node), command, new Listener() {
            @Override
            public void printed(String name, String line) {
                listener.printed(name, line);
            }

            @Override
            public void ended(String name, String what) {
                if (way.began().test(node) || !retry(what)) {
                    listener.ended(name, attempt.explain(what));
                }
            }

            private boolean retry(String what) {
                listener.printed(node.name(), way.name() + " does not start the worker: " + what);
                try {
                    launch(node, attempt.next(used, way.name() + ": " + what), command, listener);
                    return true;
                } catch (IllegalStateException e) {
                    return false; // everything has been stopped meanwhile
                }
            }
        });
    }

    /**
     * {@inheritDoc}
     *
     * <p>The master has told its workers to end before; PBS's signals are used for those that did not hear.
     */
    @Override
    public List<String> stop(Duration grace) {
        List<String> left = new ArrayList<>();
        ways.forEach(way -> left.addAll(way.launcher().stop(grace)));
        return left;
    }

    @Override
    public void close() {
        stop(SHORT_GRACE);
    }
}

package io.colla.launcher;

import io.colla.api.UsageException;
import io.colla.launcher.jobs.JobOrders;
import io.colla.master.elastic.JoinTicket;
import io.colla.platform.Allocation;
import io.colla.platform.Allocations;
import io.colla.platform.BatchScript;
import io.colla.platform.NodeLauncher;
import io.colla.platform.NodeShare;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code colla join}: starts workers of a run on the nodes of a job that the run has submitted; never called by a person. */
final class JoinCommand implements Subcommand {
    private static final Duration GRACE = Duration.ofSeconds(10);

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .header("Lets the nodes of a job work for the run that has submitted it; called in the job's script.");
        spec.addPositional(PositionalParamSpec.builder()
                .index("0")
                .paramLabel("TICKET")
                .type(Path.class)
                .description("File of the run, with what its workers need to know.")
                .build());
        return spec;
    }

    @Override
    public int run(ParseResult line, Context context) throws InterruptedException, ExecutionException {
        Path file = line.matchedPositionalValue(0, Path.of(""));
        JoinTicket ticket = read(file);
        if (ticket == null) {
            context.out().println("colla: the run that has submitted this job is over, or does not need it any more");
            return ExitCode.OK.number();
        }
        Map<String, String> environment = context.loader().environment();
        Allocations.Found found = Allocations.find(environment, Allocations.Options.NONE);
        List<NodeShare> nodes = nodes(found.allocation(), ticket.number());
        CompletableFuture<Integer> ending = new CompletableFuture<>();
        Signals.handle(code -> code != ExitCode.WARNED && ending.complete(code.number()), () -> Runtime.getRuntime()
                .halt(ExitCode.INTERRUPTED.number()));
        String folder = environment.getOrDefault(BatchScript.FOLDER_VARIABLE, "");
        if (!folder.isEmpty()) {
            JobOrders.follow(Path.of(folder), () -> ending.complete(ExitCode.TERMINATED.number()));
        }
        try (NodeLauncher launcher = found.launcher().get()) {
            launcher.launch(nodes, command(ticket, nodes), new Workers(nodes, context.out(), ending));
            int code = ending.get();
            launcher.stop(GRACE).forEach(context.err()::println);
            return code;
        }
    }

    private static @Nullable JoinTicket read(Path file) {
        try {
            return JoinTicket.read(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new UsageException("cannot read the ticket " + file + ": " + Words.reason(e), e);
        }
    }

    private static List<NodeShare> nodes(Allocation allocation, int job) {
        Instant end = allocation.end();
        return allocation.nodes().stream()
                .map(node -> {
                    Map<String, String> properties = new HashMap<>(node.properties());
                    properties.put(NodeShare.JOB, Integer.toString(job));
                    if (end != null) {
                        properties.put(NodeShare.END, Long.toString(end.getEpochSecond()));
                    }
                    return new NodeShare(
                            node.name(), node.cores(), node.cpus(), node.memory(), node.resources(), properties);
                })
                .toList();
    }

    private static NodeLauncher.WorkerCommand command(JoinTicket ticket, List<NodeShare> nodes) {
        return new NodeLauncher.WorkerCommand(
                ticket.command(),
                ticket.bootstrap().withNodes(nodes).toBytes(),
                ticket.environment(),
                ticket.directory(),
                ticket.bootstrap().runFolder());
    }

    /** Waits for the end of all workers. */
    private static final class Workers implements NodeLauncher.Listener {
        private final Set<String> left = new HashSet<>();
        private final PrintStream out;
        private final CompletableFuture<Integer> ending;
        private boolean inOrder;

        Workers(List<NodeShare> nodes, PrintStream out, CompletableFuture<Integer> ending) {
            nodes.forEach(node -> left.add(node.name()));
            this.out = out;
            this.ending = ending;
        }

        @Override
        public synchronized void printed(String node, String line) {
            out.println(node.isEmpty() ? line : node + ": " + line);
            out.flush();
        }

        @Override
        public synchronized void ended(String node, String what) {
            out.println("the worker on " + node + " has ended: " + what);
            out.flush();
            inOrder |= what.contains("exit code 0") || what.contains("in order");
            if (left.remove(node) && left.isEmpty()) {
                ending.complete((inOrder ? ExitCode.OK : ExitCode.NODES_LOST).number());
            }
        }
    }
}

package io.colla.mpi.launch;

import io.colla.binary.Failures;
import io.colla.binary.TaskEnvironment;
import io.colla.binary.spawn.Child;
import io.colla.binary.spawn.Command;
import io.colla.binary.spawn.Redirect;
import io.colla.binary.spawn.SpawnException;
import io.colla.platform.ExecutorHost;
import io.colla.platform.ShellWords;
import io.colla.platform.TaskContext;
import io.colla.platform.TaskError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The start of one job on its first node. */
final class Beginning {

    private static final int ANSWER_SECONDS = 60;

    private final ExecutorHost host;
    private final MpiStarter.Tools tools;
    private final MpiLauncher launcher;
    private final MpiJob job;
    private final TaskContext context;
    private final String name;
    private final Placement placement;
    private final List<Companion> companions = new ArrayList<>();
    private final AtomicReference<@Nullable Child> running = new AtomicReference<>();

    Beginning(
            ExecutorHost host,
            MpiStarter.Tools tools,
            MpiLauncher launcher,
            MpiJob job,
            TaskContext context,
            String name) {
        this.host = host;
        this.tools = tools;
        this.launcher = launcher;
        this.job = job;
        this.context = context;
        this.name = name;
        this.placement = Placement.of(context);
        for (String node : others()) {
            companions.add(new Companion(node, this::companionFailed));
        }
    }

    MpiRun start() throws TaskError, IOException {
        Path own = job.folder() == null ? context.workingDirectory() : job.folder();
        Path desk = tools.desk().register(name, this::asked);
        NodeSite site =
                NodeSite.make(host, name, own, context.cpus(), placement.ranks().get(0), job.stderr() == null);
        Gates gates = Gates.make(desk, launcher.watchesAgents() ? others() : List.of(), tools.spawner());
        companions.forEach(each -> each.end().thenRun(() -> gates.open(each.node())));
        Runnable over = () -> {
            gates.close();
            tools.desk().remove(name);
            site.close();
        };
        try {
            return start(desk, site, over);
        } catch (TaskError | IOException | RuntimeException e) {
            over.run();
            throw e;
        }
    }

    private List<String> others() {
        return placement.nodes().subList(1, placement.nodes().size());
    }

    /** As uname(2) says it, without asking a name server. */
    private static String here() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    }

    private MpiRun start(Path desk, NodeSite site, Runnable over) throws TaskError, IOException {
        Launch launch = new Launch(
                job, placement, here(), desk.resolve("hosts"), tools.desk().agent());
        Files.writeString(launch.hosts(), launcher.hosts(launch));
        Path errors = job.stderr() instanceof Redirect.To to ? to.file() : desk.resolve("errors");
        Map<String, String> variables = variables(site);
        variables.putAll(launcher.environment(launch));
        variables.putAll(tools.desk().environment(name));
        Command command = new Command(
                launcher.command(launch),
                Path.of("/"),
                NodeSide.environment(variables),
                job.stdin(),
                job.stdout(),
                job.stderr() == null ? Redirect.to(errors) : job.stderr(),
                Command.of("/").withCpus(context.cpus()).cpus(),
                0);
        Child child = spawn(command);
        running.set(child);
        context.onEnd(() -> child.terminate(MpiRun.GRACE));
        if (companions.stream().anyMatch(each -> each.failure() != null)) {
            companionFailed();
        }
        return new MpiRun(context, job, launcher, new MpiRun.Started(child, errors, site, companions, over));
    }

    private Child spawn(Command command) throws TaskError {
        try {
            return tools.spawner().spawn(command);
        } catch (SpawnException e) {
            boolean again = e.reason() != SpawnException.Reason.NOT_FOUND
                    && e.reason() != SpawnException.Reason.TOO_LONG
                    && e.reason() != SpawnException.Reason.REDIRECTION;
            throw new TaskError(String.valueOf(e.getMessage()), "", again, e);
        }
    }

    private Map<String, String> variables(NodeSite site) throws TaskError {
        Map<String, String> variables = ofJob();
        if (launcher.hasDaemons()) {
            variables.putAll(site.variables());
        } else {
            variables.put(RankScript.SITES, sites(site));
        }
        return variables;
    }

    private Map<String, String> ofJob() {
        Map<String, String> variables = new HashMap<>(TaskEnvironment.ofTask(context));
        variables.putAll(job.environment());
        return variables;
    }

    /** A launcher asks for its daemon on a host. Called by the desk's thread. */
    private void asked(String node, byte[] command) {
        int index = placement.nodes().indexOf(node);
        if (index < 1) {
            // The launcher would wait for the daemon for ever.
            companions
                    .get(0)
                    .ended(launcher.program() + " asked for a daemon on '" + node
                            + "', which is none of the task's nodes " + placement.nodes()
                            + ": check its flags and variables");
            return;
        }
        begin(index, launcher.daemon(new String(command, StandardCharsets.UTF_8)));
    }

    private void begin(int node, @Nullable String command) {
        Companion companion = companions.get(node - 1);
        Path folder = job.folder();
        Wire.Request request = new Wire.Request(
                name + "-" + node,
                command,
                placement.ranks().get(node),
                folder == null ? null : folder.toString(),
                job.stderr() == null,
                ofJob());
        companion.started(context.errand(node, Wire.of(request), companion));
    }

    /** Without the daemon of a node, the launcher would wait for long, or for ever. */
    private void companionFailed() {
        Child child = running.get();
        if (child != null) {
            child.terminate(MpiRun.GRACE);
        }
    }

    /** A sh text that sets the variables of each node's ranks, for a launcher that takes one environment to all nodes. */
    private String sites(NodeSite first) throws TaskError {
        for (int node = 1; node < placement.nodes().size(); node++) {
            begin(node, null);
        }
        StringBuilder text = new StringBuilder("case \"$SLURMD_NODENAME\" in\n");
        append(text, placement.nodes().get(0), first.variables());
        for (Companion companion : companions) {
            append(text, companion.node(), answer(companion));
        }
        return text.append("esac").toString();
    }

    private Map<String, String> answer(Companion companion) throws TaskError {
        try {
            return companion.variables().get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failures.ended(job.name(), "");
        } catch (ExecutionException e) {
            throw new TaskError(
                    "node " + companion.node() + " cannot take ranks of " + job.name() + ": " + companion.failure(),
                    "",
                    true,
                    e);
        } catch (TimeoutException e) {
            throw new TaskError(
                    "node " + companion.node() + " did not answer within " + ANSWER_SECONDS
                            + " s, so that the ranks of " + job.name() + " could not be started",
                    "",
                    true,
                    e);
        }
    }

    private static void append(StringBuilder text, String node, Map<String, String> variables) {
        text.append(ShellWords.inQuotes(node)).append(")\n");
        variables.forEach((name, value) -> text.append("export ")
                .append(name)
                .append('=')
                .append(ShellWords.inQuotes(value))
                .append('\n'));
        text.append(";;\n");
    }
}

package io.colla.slurm;

import io.colla.platform.Allocation;
import io.colla.platform.Commands;
import io.colla.platform.Commands.CommandException;
import io.colla.platform.LaunchedProcess;
import io.colla.platform.NodeLauncher;
import io.colla.platform.NodeShare;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Starts workers through one srun for each component of the job that has nodes in the launch, so that a thousand nodes are one step. srun forwards its
 * standard input to every worker; when this process dies, that input ends, the workers end by their own rule, and srun with them.
 */
final class SlurmLauncher implements NodeLauncher {
    private static final Duration SHORT_GRACE = Duration.ofSeconds(2);
    private static final Duration AFTER_CANCEL = Duration.ofSeconds(5);
    private static final Duration AFTER_KILL = Duration.ofSeconds(3);

    private final String job;
    private final Map<String, String> environment;
    private final Object lock = new Object();
    private final List<Step> steps = new ArrayList<>();
    private boolean stopped;

    SlurmLauncher(Allocation allocation, Map<String, String> environment) {
        String id = allocation.job();
        if (id == null) {
            throw new IllegalArgumentException("an allocation of Slurm has a job");
        }
        this.job = id;
        this.environment = Map.copyOf(environment);
    }

    /**
     * @param job of the component; scancel wants it
     */
    private record Step(String job, List<String> nodes, SrunOutput output, LaunchedProcess srun) {
        boolean alive() {
            return srun.alive();
        }
    }

    @Override
    public void launch(List<NodeShare> nodes, WorkerCommand command, Listener listener) {
        Map<Integer, List<String>> groups = nodes.stream()
                .collect(Collectors.groupingBy(
                        SlurmLauncher::group, TreeMap::new, Collectors.mapping(NodeShare::name, Collectors.toList())));
        groups.forEach((group, names) -> {
            try {
                start(group, names, command, listener);
            } catch (IOException e) {
                names.forEach(name -> listener.ended(name, "it could not be started: " + e.getMessage()));
            }
        });
    }

    private static int group(NodeShare node) {
        return Integer.parseInt(node.properties().getOrDefault(SlurmSystem.HET_GROUP, "-1"));
    }

    private void start(int group, List<String> nodes, WorkerCommand command, Listener listener) throws IOException {
        Path srun = Commands.find("srun", environment)
                .orElseThrow(() -> new IOException("there is no program srun on the PATH"));
        String mark = "colla-" + UUID.randomUUID();
        SrunOutput output = new SrunOutput(mark, nodes, listener);
        synchronized (lock) {
            if (stopped) {
                throw new IllegalStateException("this launcher has been stopped");
            }
            steps.removeIf(step -> !step.alive());
            LaunchedProcess process = LaunchedProcess.start(
                    "srun" + (group < 0 ? "" : "-" + group),
                    SrunCommand.argv(srun.toString(), group, nodes, mark, command),
                    SrunCommand.environment(environment, command),
                    null,
                    command.input(),
                    output::line,
                    code -> {
                        if (output.ended(code)) {
                            cancelWithoutSrun(componentJob(group), output, listener);
                        }
                    });
            steps.add(new Step(componentJob(group), nodes, output, process));
        }
    }

    /** Slurm lets a step run on when its srun was killed. */
    private void cancelWithoutSrun(String component, SrunOutput output, Listener listener) {
        try {
            cancel(component, output.step());
        } catch (CommandException e) {
            listener.printed("", String.valueOf(e.getMessage()));
        }
    }

    /** A step that has no number yet has nothing on the nodes. */
    private void cancel(String component, @Nullable String step) throws CommandException {
        if (step != null) {
            SlurmCommands.in(environment).output("scancel", "--signal=KILL", component + "." + step);
        }
    }

    private String componentJob(int group) {
        String older = environment.getOrDefault("SLURM_JOB_ID_PACK_GROUP_" + group, job);
        return environment.getOrDefault("SLURM_JOB_ID_HET_GROUP_" + group, older);
    }

    /**
     * {@inheritDoc}
     *
     * <p>The workers' input ends first; then srun gets SIGTERM and ends its step; then scancel kills our steps, and no others of the job.
     */
    @Override
    public List<String> stop(Duration grace) {
        List<Step> running;
        synchronized (lock) {
            stopped = true;
            running = List.copyOf(steps);
        }
        long start = System.nanoTime();
        List<String> left = new ArrayList<>();
        running.forEach(step -> step.srun().closeInput());
        try {
            if (!await(running, start, grace.multipliedBy(6).dividedBy(10))) {
                living(running).forEach(step -> step.srun().terminate());
                if (!await(running, start, grace)) {
                    force(running, left);
                }
            }
        } catch (InterruptedException e) {
            living(running).forEach(step -> step.srun().terminate());
            Thread.currentThread().interrupt();
        }
        living(running)
                .forEach(
                        step -> left.add("srun (process " + step.srun().pid() + ") does not end, not even by SIGKILL"));
        return left;
    }

    private void force(List<Step> running, List<String> left) throws InterruptedException {
        for (Step step : living(running)) {
            try {
                cancel(step.job(), step.output().step());
            } catch (CommandException e) {
                left.add(String.valueOf(e.getMessage()));
            }
        }
        if (await(running, System.nanoTime(), AFTER_CANCEL)) {
            return;
        }
        for (Step step : living(running)) {
            step.srun().kill();
            String number = step.output().step();
            if (number != null) {
                left.add("srun had to be killed, so workers may still run on " + String.join(",", step.nodes())
                        + "; scancel " + step.job() + "." + number + " ends them");
            }
        }
        await(running, System.nanoTime(), AFTER_KILL);
    }

    @Override
    public void close() {
        stop(SHORT_GRACE);
    }

    private static List<Step> living(List<Step> steps) {
        return steps.stream().filter(Step::alive).toList();
    }

    private static boolean await(List<Step> all, long start, Duration limit) throws InterruptedException {
        return LaunchedProcess.awaitAll(all.stream().map(Step::srun).toList(), start, limit);
    }
}

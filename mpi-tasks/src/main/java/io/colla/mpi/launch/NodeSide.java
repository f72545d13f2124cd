package io.colla.mpi.launch;

import io.colla.binary.Failures;
import io.colla.binary.TaskEnvironment;
import io.colla.binary.spawn.Child;
import io.colla.binary.spawn.Command;
import io.colla.binary.spawn.Environment;
import io.colla.binary.spawn.ExitStatus;
import io.colla.binary.spawn.Redirect;
import io.colla.binary.spawn.Spawner;
import io.colla.platform.Errand;
import io.colla.platform.ExecutorHost;
import io.colla.platform.TaskError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A job's part on a node that is not its first: the launcher's daemon and the ranks under it, on the task's cores of the node. */
final class NodeSide {

    private static final int ERROR_BYTES = 4096;

    private final ExecutorHost host;

    NodeSide(ExecutorHost host) {
        this.host = host;
    }

    /**
     * Does what the first node asks for; returns when it is over.
     *
     * @param more for the environment of the ranks here
     */
    void run(Errand errand, Spawner spawner, Map<String, String> more)
            throws IOException, TaskError, InterruptedException {
        Wire.Request request = Wire.request(errand.request());
        Path folder = request.folder() == null ? errand.workingDirectory() : Path.of(request.folder());
        try (NodeSite site =
                NodeSite.make(host, request.job(), folder, errand.cpus(), request.ranks(), request.keepsErrors())) {
            try {
                String asked = request.command();
                if (asked == null) {
                    hold(errand, site, more);
                } else {
                    daemon(errand, spawner, site, asked, request.environment(), more);
                }
            } finally {
                errand.say(Wire.ofErrors(site.lastErrors()));
            }
        }
    }

    private static void hold(Errand errand, NodeSite site, Map<String, String> more) throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        errand.onEnd(end::countDown);
        Map<String, String> variables = new HashMap<>(more);
        variables.putAll(site.variables());
        errand.say(Wire.ofVariables(variables));
        end.await();
    }

    private void daemon(
            Errand errand,
            Spawner spawner,
            NodeSite site,
            String asked,
            Map<String, String> ofJob,
            Map<String, String> more)
            throws IOException, TaskError {
        Map<String, String> variables = new HashMap<>(ofJob);
        variables.putAll(more);
        variables.putAll(site.variables());
        Path output = errand.outputFile("daemon");
        Command command = Command.of("/bin/sh", "-c", asked)
                .withFolder(Path.of("/"))
                .withEnvironment(environment(variables))
                .withStdout(Redirect.to(output))
                .withStderr(Redirect.STDOUT)
                .withCpus(errand.cpus());
        Child child = spawner.spawn(command);
        errand.onEnd(() -> child.terminate(MpiRun.GRACE));
        ExitStatus status = child.await();
        if (!status.success() && !errand.ended()) {
            String said = Tail.of(output, ERROR_BYTES);
            throw new TaskError(
                    Failures.sentence(status, "the launcher's daemon on node " + host.node(), 0)
                            + (said.isEmpty() ? "" : ": " + said),
                    "",
                    true,
                    null);
        }
    }

    /** The worker's, without what another MPI job or the step in which the worker runs says about ranks. */
    static Environment environment(Map<String, String> variables) {
        Environment environment = TaskEnvironment.inherited(variables);
        for (String name : System.getenv().keySet()) {
            if (isOfARank(name) && !variables.containsKey(name)) {
                environment = environment.without(name);
            }
        }
        return environment;
    }

    private static boolean isOfARank(String name) {
        return List.of(
                        "SLURM_LABELIO",
                        "SLURM_NTASKS_PER_NODE",
                        "SLURM_CPUS_PER_TASK",
                        "SLURM_DISTRIBUTION",
                        "SLURM_STEP_",
                        "PMI_",
                        "PMIX_",
                        "OMPI_COMM_",
                        "OMPI_UNIVERSE_",
                        "PRTE_LAUNCHED",
                        "MPI_LOCAL")
                .stream()
                .anyMatch(name::startsWith);
    }
}

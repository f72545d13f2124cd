package io.colla.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Starts workers on this machine, each in a session of its own and, where its share names its CPUs, on those CPUs only (through taskset, when the
 * machine has it). SIGTERM and SIGKILL go to a worker's whole process group.
 */
public final class LocalLauncher extends EachNodeLauncher {
    private static final Path TASKSET = Path.of("/usr/bin/taskset");

    private final Map<String, String> environment;

    /** @param environment what the workers inherit */
    public LocalLauncher(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    protected LaunchedProcess start(Child child, WorkerCommand command) throws IOException {
        List<String> argv = new ArrayList<>();
        if (!child.node().cpus().isEmpty() && Files.isExecutable(TASKSET)) {
            argv.addAll(List.of(
                    TASKSET.toString(), "-c", CpuList.format(child.node().cpus())));
        }
        argv.addAll(command.argv());
        Map<String, String> variables = new HashMap<>(environment);
        variables.putAll(command.environment());
        variables.put("COLLA_NODE", child.node().name());
        String directory = command.directory();
        return LaunchedProcess.start(
                child.node().name(),
                argv,
                variables,
                directory == null ? null : Path.of(directory),
                command.input(),
                child::printed,
                child::ended);
    }

    @Override
    protected String explain(Child child, int exitCode) {
        return ExitCodes.ended(exitCode);
    }

    @Override
    protected void terminate(Running running) {
        running.process().signalGroup(false);
    }

    @Override
    protected Optional<String> kill(Running running) {
        running.process().signalGroup(true);
        return Optional.empty();
    }
}

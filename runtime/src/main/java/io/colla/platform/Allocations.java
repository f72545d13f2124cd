package io.colla.platform;

import io.colla.api.UsageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds out what this run may use: what the user named, else what a batch system gave, else this machine. */
public final class Allocations {
    private Allocations() {}

    /**
     * What the user asked for; all null or 0: look around.
     *
     * @param hostFile machines to use through ssh
     * @param localWorkers number of workers on this machine; 0 when not asked for
     * @param system {@code slurm}, {@code local} or another batch system's name: use this one or fail
     */
    public record Options(@Nullable Path hostFile, int localWorkers, @Nullable String system) {
        public static final Options NONE = new Options(null, 0, null);
    }

    /**
     * @param launcher makes a launcher for its nodes. For a single {@code local} node a worker in this very JVM is the cheaper choice.
     */
    public record Found(Allocation allocation, Supplier<NodeLauncher> launcher) {}

    /**
     * A host file or local workers that the user named, else the batch system whose job this process is in, else this machine. Runs the batch
     * system's commands, or ssh for a host file without numbers of cores.
     *
     * @throws UsageException if what was asked for cannot be had
     */
    public static Found find(Map<String, String> environment, Options options) {
        List<BatchSystem> systems = new ArrayList<>();
        ServiceLoader.load(BatchSystem.class).forEach(systems::add);
        return find(environment, options, systems, new LocalSystem());
    }

    static Found find(Map<String, String> environment, Options options, List<BatchSystem> systems, LocalSystem local) {
        Path hostFile = options.hostFile();
        if (hostFile != null) {
            if (options.localWorkers() > 0) {
                throw new UsageException("a host file and local workers exclude each other; name one of them");
            }
            return new Found(hosts(environment, hostFile), () -> new SshLauncher(environment));
        }
        if (options.localWorkers() > 0) {
            return new Found(
                    local.allocation(environment, options.localWorkers()), () -> new LocalLauncher(environment));
        }
        String wanted = options.system();
        Optional<Found> batch = "local".equals(wanted) ? Optional.empty() : batch(environment, wanted, systems);
        return batch.orElseGet(() -> new Found(local.allocation(environment), () -> new LocalLauncher(environment)));
    }

    private static Optional<Found> batch(
            Map<String, String> environment, @Nullable String wanted, List<BatchSystem> systems) {
        for (BatchSystem system : systems) {
            if (wanted == null || wanted.equals(system.name())) {
                Optional<Allocation> allocation = system.allocation(environment);
                if (allocation.isPresent()) {
                    Allocation given = allocation.get();
                    return Optional.of(new Found(given, () -> system.launcher(given, environment)));
                }
            }
        }
        if (wanted == null) {
            return Optional.empty();
        }
        List<String> known = systems.stream().map(BatchSystem::name).sorted().toList();
        throw new UsageException(
                known.contains(wanted)
                        ? "this is not inside a job of " + wanted + "; start colla inside sbatch or the like"
                        : "there is no batch system '" + wanted + "'; known are " + String.join(", ", known)
                                + " and local");
    }

    private static Allocation hosts(Map<String, String> environment, Path file) {
        SshLauncher ssh = new SshLauncher(environment);
        List<String> notes = new ArrayList<>();
        List<NodeShare> read = HostFile.read(file);
        List<NodeShare> shares =
                Parallel.map(read, share -> share.cores() > 0 ? share : withCores(share, ssh.cores(share)));
        long asked = read.stream().filter(share -> share.cores() == 0).count();
        if (asked > 0) {
            notes.add(asked + (asked == 1 ? " host was" : " hosts were") + " asked for the number of cores, which "
                    + file + " does not say");
        }
        return new Allocation("hosts", null, shares, null, notes);
    }

    private static NodeShare withCores(NodeShare share, int cores) {
        return new NodeShare(share.name(), cores, share.cpus(), share.memory(), share.resources(), share.properties());
    }
}

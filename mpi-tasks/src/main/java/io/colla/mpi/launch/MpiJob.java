package io.colla.mpi.launch;

import io.colla.binary.spawn.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to run on the ranks of one attempt of a task.
 *
 * @param name for messages
 * @param parts programs, whose ranks are numbered one part after the other; together as many as the task has
 * @param folder where every rank starts, which must exist on all nodes; null: the attempt's own folder on each node
 * @param environment added to the environment of the worker on each node
 * @param stdin of rank 0
 * @param stdout of all ranks
 * @param stderr of all ranks; null: that of each rank is kept by itself, for the error when it fails
 * @param launcher {@code openmpi}, {@code srun}, {@code hydra}, a name on the PATH or a path; null: the run's choice
 * @param flags put on the launcher's command line
 */
public record MpiJob(
        String name,
        List<Part> parts,
        @Nullable Path folder,
        Map<String, String> environment,
        Redirect stdin,
        Redirect stdout,
        @Nullable Redirect stderr,
        @Nullable String launcher,
        List<String> flags) {

    /** So many ranks of one program. */
    public record Part(int ranks, List<String> argv) {
        public Part {
            argv = List.copyOf(argv);
        }
    }

    public MpiJob {
        parts = List.copyOf(parts);
        environment = Map.copyOf(environment);
        flags = List.copyOf(flags);
    }

    int ranks() {
        return parts.stream().mapToInt(Part::ranks).sum();
    }
}

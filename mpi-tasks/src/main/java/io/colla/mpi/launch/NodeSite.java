package io.colla.mpi.launch;

import io.colla.platform.CpuList;
import io.colla.platform.ExecutorHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a job has on one node: folders that are removed with it, and what its ranks are told there by variables of {@link RankScript}.
 *
 * @param root in which the others are, but for {@code memory}
 * @param variables for the launcher or its daemon on this node
 */
record NodeSite(Path root, Path memory, Path errors, Map<String, String> variables) implements AutoCloseable {

    /** For each rank: enough for what a rank of a function says of its failure. */
    private static final int ERROR_BYTES = 32 << 10;

    /** For all ranks of the node, which go in one message. */
    private static final int ALL_ERROR_BYTES = 1 << 20;

    private static final @Nullable Path TASKSET = OnPath.find("taskset");

    /**
     * Makes the folders.
     *
     * @param job a name that no other job on this node has
     * @param folder where ranks start
     * @param cpus of this node that the task has, an equal part for each rank; empty when they are not known
     * @param keepsErrors whether each rank writes its errors to a file of its own
     */
    static NodeSite make(ExecutorHost host, String job, Path folder, List<Integer> cpus, int ranks, boolean keepsErrors)
            throws IOException {
        Path root = Files.createDirectories(host.scratch().resolve("mpi-" + job));
        Path memory = Files.createDirectories(host.sharedMemory().resolve("mpi-" + job));
        Path errors = Files.createDirectories(root.resolve("errors"));
        Path temporary = Files.createDirectories(root.resolve("tmp"));
        Map<String, String> variables = new TreeMap<>();
        variables.put("TMPDIR", temporary.toString());
        variables.put(RankScript.TEMPORARY, environment("TMPDIR"));
        variables.put(RankScript.FOLDER, folder.toString());
        variables.put(RankScript.ERRORS, keepsErrors ? errors.toString() : "");
        variables.put(RankScript.MEMORY, memory.toString());
        variables.putAll(host.traceVariables());
        variables.put(RankScript.MASKS, TASKSET == null ? "" : String.join(" ", masks(cpus, ranks)));
        return new NodeSite(root, memory, errors, variables);
    }

    private static String environment(String name) {
        String value = System.getenv(name);
        return value == null ? "" : value;
    }

    /** An equal part of the CPUs for each rank; none where there are fewer CPUs than ranks. */
    static List<String> masks(List<Integer> cpus, int ranks) {
        List<String> masks = new ArrayList<>();
        for (int rank = 0; rank < ranks && cpus.size() >= ranks; rank++) {
            masks.add(CpuList.format(cpus.subList(rank * cpus.size() / ranks, (rank + 1) * cpus.size() / ranks)));
        }
        return masks;
    }

    /** What each rank wrote to its file, by rank; only those that wrote anything, and the end only. */
    Map<Integer, String> lastErrors() {
        Map<Integer, String> ends = new TreeMap<>();
        String @Nullable [] names = errors.toFile().list();
        int bytes = names == null ? 0 : Math.min(ERROR_BYTES, ALL_ERROR_BYTES / Math.max(1, names.length));
        for (String name : names == null ? new String[0] : names) {
            String end = Tail.of(errors.resolve(name), bytes);
            if (!end.isBlank()) {
                ends.put(Integer.parseInt(name), end);
            }
        }
        return ends;
    }

    @Override
    public void close() {
        Folders.delete(root);
        Folders.delete(memory);
    }
}

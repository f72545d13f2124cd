package io.colla.launcher;

import io.colla.api.UsageException;
import io.colla.launcher.config.Options;
import io.colla.launcher.config.Settings;
import io.colla.platform.Allocation;
import io.colla.platform.NodeShare;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The node that the main program is on, of which tasks may be given only a part.
 *
 * @param name as the batch system or this machine has it
 */
record MasterNode(String name) {
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    /** Where this process is. */
    static MasterNode of(Map<String, String> environment) {
        String given = environment.getOrDefault("SLURMD_NODENAME", "");
        return new MasterNode(given.isEmpty() ? hostName() : given);
    }

    private static String hostName() {
        try {
            return Files.readString(HOST_NAME, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * The allocation with {@code --master-cores} and {@code --master-memory} put on this node's share. A main program outside of the job's nodes takes nothing from
     * them.
     *
     * @throws UsageException if nothing would be left
     */
    Allocation capped(Allocation given, Settings settings) {
        Integer cores = settings.get(Options.MASTER_CORES);
        Long memory = settings.get(Options.MASTER_MEMORY);
        if (given.source().equals("local") || (cores == null && memory == null)) {
            return given;
        }
        List<NodeShare> nodes = new ArrayList<>();
        for (NodeShare node : given.nodes()) {
            if (!isThis(node.name())) {
                nodes.add(node);
            } else if (cores == null || cores > 0) {
                nodes.add(AllocationRequest.capped(
                        node, cores == null ? Integer.MAX_VALUE : cores, memory == null ? Long.MAX_VALUE : memory));
            }
        }
        if (nodes.isEmpty()) {
            throw new UsageException(
                    "--master-cores 0 leaves no node for the tasks, as the job has only the one that the main"
                            + " program is on; leave it out, or ask for more nodes");
        }
        return new Allocation(given.source(), given.job(), nodes, given.end(), given.notes());
    }

    private boolean isThis(String node) {
        return !name.isEmpty() && shortName(node).equals(shortName(name));
    }

    private static String shortName(String host) {
        int dot = host.indexOf('.');
        return dot < 0 ? host : host.substring(0, dot);
    }
}

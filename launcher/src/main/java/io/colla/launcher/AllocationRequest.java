package io.colla.launcher;

import io.colla.api.UsageException;
import io.colla.launcher.config.Options;
import io.colla.launcher.config.Settings;
import io.colla.launcher.config.Workers;
import io.colla.platform.Allocation;
import io.colla.platform.Allocations;
import io.colla.platform.NodeShare;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** From what the person asks for to the nodes that the run gets. */
final class AllocationRequest {
    private AllocationRequest() {}

    /**
     * Finds the allocation, with the caps of {@code --cores} and {@code --memory} put on this machine's share.
     *
     * @throws UsageException if what was asked for cannot be had
     */
    static Allocations.Found find(Settings settings, Map<String, String> environment) {
        Workers workers = settings.need(Options.WORKERS);
        Path hosts = settings.get(Options.HOSTS);
        if (hosts != null && workers.kind() != Workers.Kind.AUTO) {
            throw new UsageException("--hosts and --workers "
                    + settings.texts(Options.WORKERS).get(0) + " exclude each other; leave one of them out");
        }
        String system = workers.kind() == Workers.Kind.AUTO ? null : "local";
        Allocations.Found found =
                Allocations.find(environment, new Allocations.Options(hosts, workers.count(), system));
        Allocation capped = MasterNode.of(environment).capped(capped(found.allocation(), settings), settings);
        return new Allocations.Found(capped, found.launcher());
    }

    private static Allocation capped(Allocation given, Settings settings) {
        Integer cores = settings.get(Options.CORES);
        Long memory = settings.get(Options.MEMORY);
        if (!given.source().equals("local") || (cores == null && memory == null)) {
            return given;
        }
        List<NodeShare> nodes = new ArrayList<>();
        int count = given.nodes().size();
        if (cores != null && cores < count) {
            throw new UsageException("--cores " + cores + " is less than one core for each of " + count + " workers");
        }
        for (int i = 0; i < count; i++) {
            int coresOfNode = cores == null ? Integer.MAX_VALUE : cores / count + (i < cores % count ? 1 : 0);
            nodes.add(capped(given.nodes().get(i), coresOfNode, memory == null ? Long.MAX_VALUE : memory / count));
        }
        return new Allocation(given.source(), given.job(), nodes, given.end(), given.notes());
    }

    static NodeShare capped(NodeShare node, int cores, long memory) {
        int coresLeft = Math.min(node.cores(), cores);
        List<Integer> cpus = node.cpus().size() > coresLeft ? node.cpus().subList(0, coresLeft) : node.cpus();
        long memoryLeft = memory == Long.MAX_VALUE
                ? node.memory()
                : node.memory() == 0 ? memory : Math.min(node.memory(), memory);
        return new NodeShare(node.name(), coresLeft, cpus, memoryLeft, node.resources(), node.properties());
    }
}

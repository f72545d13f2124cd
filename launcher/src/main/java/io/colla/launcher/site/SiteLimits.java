package io.colla.launcher.site;

import io.colla.api.UsageException;
import io.colla.launcher.config.Quantities;
import io.colla.launcher.site.SiteProfile.NodeKind;
import io.colla.launcher.site.SiteProfile.Queue;
import io.colla.platform.JobRequest;
import io.colla.platform.JobRequest.Part;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Looks whether a job can run at the site at all, before the batch system lets it wait for ever or refuses it. */
public final class SiteLimits {
    private final SiteProfile site;

    private SiteLimits(SiteProfile site) {
        this.site = site;
    }

    /** @throws UsageException if a limit is exceeded; the sentence names the queues that would do */
    public static void check(SiteProfile site, JobRequest request) {
        SiteLimits limits = new SiteLimits(site);
        String queue = request.place().queue();
        limits.time(queue, request.terms().time());
        limits.nodes(queue, request.nodes());
        for (Part part : request.parts()) {
            limits.part(part.queue() == null ? queue : part.queue(), part);
        }
    }

    private void time(@Nullable String name, @Nullable Duration time) {
        Queue queue = queue(name);
        Duration most = queue == null ? null : queue.maxTime();
        if (time != null && most != null && time.compareTo(most) > 0) {
            throw exceeds(
                    "--time " + Quantities.duration(time),
                    "queue " + name + "'s " + Quantities.duration(most),
                    other -> other.maxTime() == null || other.maxTime().compareTo(time) >= 0);
        }
    }

    private void nodes(@Nullable String name, int nodes) {
        Queue queue = queue(name);
        if (queue != null && queue.maxNodes() > 0 && nodes > queue.maxNodes()) {
            throw exceeds(
                    "a job of " + nodes + " nodes",
                    "queue " + name + "'s " + queue.maxNodes(),
                    other -> other.maxNodes() == 0 || other.maxNodes() >= nodes);
        }
    }

    private void part(@Nullable String queue, Part part) {
        NodeKind node = site.node(queue);
        String of = queue(queue) == null ? " of a node" : " of a node in queue " + queue;
        if (node.cores() > 0 && part.cpus() > node.cores()) {
            throw exceeds(
                    "--cpus-per-node " + part.cpus(),
                    "the " + node.cores() + " cores" + of,
                    other -> other.node().or(site.node()).cores() >= part.cpus());
        }
        if (node.memory() > 0 && part.memory() > node.memory()) {
            throw exceeds(
                    "--mem-per-node " + Quantities.bytes(part.memory()),
                    "the " + Quantities.bytes(node.memory()) + of,
                    other -> other.node().or(site.node()).memory() >= part.memory());
        }
        int gpus = part.gpus().count();
        if (node.gpus() >= 0 && gpus > node.gpus()) {
            throw exceeds(
                    "--gpus-per-node " + gpus,
                    "the " + node.gpus() + " GPUs" + of,
                    other -> other.node().or(site.node()).gpus() >= gpus);
        }
    }

    private @Nullable Queue queue(@Nullable String name) {
        return name == null ? null : site.queues().get(name);
    }

    private UsageException exceeds(String asked, String limit, Predicate<Queue> wouldDo) {
        List<String> others = site.queues().entrySet().stream()
                .filter(entry -> wouldDo.test(entry.getValue()))
                .map(java.util.Map.Entry::getKey)
                .toList();
        String instead =
                others.isEmpty() ? "ask for less" : "ask for less, or for another queue: " + String.join(", ", others);
        return new UsageException(asked + " exceeds " + limit + " (" + site.file() + "); " + instead);
    }
}

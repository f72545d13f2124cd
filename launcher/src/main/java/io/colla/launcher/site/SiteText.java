package io.colla.launcher.site;

import io.colla.launcher.config.Quantities;
import io.colla.platform.SiteFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A new profile, from what the batch system says, with the rest as comments for the person to fill in. */
final class SiteText {
    private final List<String> lines = new ArrayList<>();

    private SiteText() {}

    /** @param host this host's name, for the pattern of hosts */
    static String of(String system, SiteFacts facts, String host) {
        SiteText text = new SiteText();
        text.head(system, facts, host);
        text.rest();
        text.queues(facts);
        return String.join("\n", text.lines) + "\n";
    }

    private void head(String system, SiteFacts facts, String host) {
        add(
                "# Profile of a site, written by 'colla site new' from what the batch system says. Values here count less than");
        add("# what is said on the command line, in variables and in colla.yaml. See docs/guide/sites.md.");
        add("description: " + (facts.name().isEmpty() ? system : facts.name() + " (" + system + ")"));
        add("");
        add("# The profile is chosen where the host's name is like one of these.");
        add("hosts: [" + quoted(host.replaceFirst("\\d+(?=\\.|$)", "*")) + "]");
        add("batch-system: " + system);
        Set<SiteFacts.Nodes> kinds = kinds(facts.queues());
        add("");
        if (kinds.size() == 1) {
            add("# What a node has: jobs get all cores if they do not ask for a number, and cannot ask for more.");
            add("node:");
            node("  ", kinds.iterator().next());
        } else {
            add("# Nodes differ. What is said here counts in queues that say nothing else.");
            add("# node: {cores: 48, memory: 192g, gpus: 0}");
        }
    }

    private void rest() {
        add("");
        add("# Each node's own disk, and folders that all nodes see under the same path.");
        add("# disks:");
        add("#   scratch: /scratch");
        add("#   shared: [/home, /projects]");
        add("");
        add(
                "# Network between the nodes: an interface, a network such as 10.1.0.0/16, or what is put behind hosts' names.");
        add("# network: ib0");
        add("");
        add("# What jobs begin with.");
        add("# modules: [java/17, python/3.11]");
        add("# env-script: /projects/shared/env.sh");
        add("");
        add("# What starts MPI ranks: openmpi, srun or hydra.");
        add("# mpi: openmpi");
    }

    private void queues(SiteFacts facts) {
        add("");
        add("# Any option of 'colla submit' and 'colla run'.");
        add("defaults:");
        if (facts.defaultQueue() == null) {
            add("  time: 01:00:00");
        } else {
            add("  queue: " + quoted(facts.defaultQueue()));
            add("  # account: project1");
            add("  # time: 01:00:00");
        }
        if (facts.queues().isEmpty()) {
            return;
        }
        add("");
        add("# What queues allow; it is looked at before a job is submitted.");
        add("queues:");
        boolean alike = kinds(facts.queues()).size() == 1;
        facts.queues().forEach(queue -> queue(queue, alike));
    }

    private void queue(SiteFacts.Queue queue, boolean alike) {
        add("  " + quoted(queue.name()) + ":");
        int before = lines.size();
        Duration time = queue.maxTime();
        if (time != null) {
            add("    max-time: " + Quantities.duration(time));
        }
        if (queue.maxNodes() > 0) {
            add("    max-nodes: " + queue.maxNodes());
        }
        Set<SiteFacts.Nodes> kinds = kinds(List.of(queue));
        if (kinds.size() == 1 && !alike) {
            node("    ", kinds.iterator().next());
        } else if (kinds.size() > 1) {
            add("    # its nodes differ: "
                    + queue.nodes().stream().map(SiteText::words).collect(Collectors.joining("; ")));
        }
        boolean empty = lines.subList(before, lines.size()).stream()
                .allMatch(line -> line.strip().startsWith("#"));
        if (empty) {
            lines.set(before - 1, lines.get(before - 1) + " {}");
        }
    }

    private static String words(SiteFacts.Nodes nodes) {
        return nodes.count() + " of " + nodes.cores() + " cores"
                + (nodes.memory() > 0 ? ", " + Quantities.bytes(nodes.memory()) : "")
                + (nodes.gpus() > 0 ? ", " + nodes.gpus() + " GPUs" : "");
    }

    /** What nodes there are, whatever their number. */
    private static Set<SiteFacts.Nodes> kinds(List<SiteFacts.Queue> queues) {
        Set<SiteFacts.Nodes> kinds = new LinkedHashSet<>();
        for (SiteFacts.Queue queue : queues) {
            queue.nodes()
                    .forEach(nodes -> kinds.add(new SiteFacts.Nodes(1, nodes.cores(), nodes.memory(), nodes.gpus())));
        }
        return kinds;
    }

    private void node(String indent, SiteFacts.Nodes nodes) {
        add(indent + "cores: " + nodes.cores());
        if (nodes.memory() > 0) {
            add(indent + "memory: " + Quantities.bytes(nodes.memory()));
        }
        add(indent + "gpus: " + nodes.gpus());
    }

    private void add(String line) {
        lines.add(line);
    }

    /** For YAML, where it needs to be. */
    private static String quoted(String text) {
        return text.matches("[A-Za-z_][A-Za-z0-9_.-]*")
                ? text
                : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}

package io.colla.slurm;

import io.colla.api.UsageException;
import io.colla.platform.Allocation;
import io.colla.platform.Commands;
import io.colla.platform.Commands.CommandException;
import io.colla.platform.NodeShare;
import io.colla.slurm.SlurmEnvironment.Component;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Puts together what the environment and the controller say of the job. Used once. */
final class AllocationQuery {
    private final Map<String, String> environment;
    private final Commands commands;
    private final List<String> notes = new ArrayList<>();

    AllocationQuery(Map<String, String> environment, Commands commands) {
        this.environment = environment;
        this.commands = commands;
    }

    Allocation complete(SlurmEnvironment job) {
        if (SlurmEnvironment.insideStep(environment)) {
            notes.add("colla was started by srun in step " + environment.get("SLURM_STEP_ID")
                    + "; it uses the whole job's nodes, cores and memory, not only the step's");
        }
        Map<String, NodeShare> shares = new LinkedHashMap<>();
        job.components().forEach(component -> addShares(component, shares));
        String nodeLists = String.join(
                ",", job.components().stream().map(Component::nodeList).toList());
        CompletableFuture<Map<String, ScontrolNode>> facts = CompletableFuture.supplyAsync(() -> nodeFacts(nodeLists));
        JobDetails details = details(job);
        notes.addAll(details.notes());
        shares.replaceAll((name, share) -> detailed(share, details.nodes().get(name)));
        dropLost(shares, details);
        Map<String, ScontrolNode> known = facts.join();
        if (known.isEmpty()) {
            notes.add("scontrol show node told nothing: the nodes' architecture and features are not known");
        }
        shares.replaceAll((name, share) -> described(share, known.get(name)));
        int threads = known.values().stream()
                .mapToInt(ScontrolNode::threadsPerCore)
                .max()
                .orElse(1);
        if (threads > 1) {
            notes.add("cores have up to " + threads
                    + " hardware threads here, and Slurm counts threads: a core of Colla is one");
        }
        sayWhereThisIs(shares);
        Instant told = details.end();
        return new Allocation("slurm", job.job(), List.copyOf(shares.values()), told == null ? job.end() : told, notes);
    }

    private void addShares(Component component, Map<String, NodeShare> shares) {
        List<String> names = names(component.nodeList());
        if (names.size() != component.cores().size()) {
            throw new UsageException(
                    "Slurm job " + component.job() + " has " + names.size() + " nodes in SLURM_JOB_NODELIST ("
                            + component.nodeList() + ") but "
                            + component.cores().size()
                            + " in SLURM_JOB_CPUS_PER_NODE; run colla inside the job as Slurm made it, or name the nodes in a host file");
        }
        for (int i = 0; i < names.size(); i++) {
            NodeShare share = share(component, names.get(i), component.cores().get(i));
            NodeShare other = shares.putIfAbsent(share.name(), share);
            if (other != null) {
                notes.add(
                        share.name() + " is in het groups " + other.properties().get(SlurmSystem.HET_GROUP) + " and "
                                + component.group() + "; only the first one's share is used");
            }
        }
    }

    private static NodeShare share(Component component, String name, int cores) {
        long memory = component.memoryPerNode() > 0 ? component.memoryPerNode() : component.memoryPerCore() * cores;
        return new NodeShare(
                name,
                cores,
                List.of(),
                memory,
                component.gpus() > 0 ? Map.of("gpu", component.gpus()) : Map.of(),
                component.group() < 0 ? Map.of() : Map.of(SlurmSystem.HET_GROUP, Integer.toString(component.group())));
    }

    /** Names that this parser does not understand are Slurm's own to expand. */
    private List<String> names(String nodeList) {
        try {
            return HostList.expand(nodeList);
        } catch (IllegalArgumentException e) {
            try {
                return commands.output("scontrol", "show", "hostnames", nodeList)
                        .lines()
                        .toList();
            } catch (CommandException scontrol) {
                throw new UsageException(
                        "SLURM_JOB_NODELIST is '" + nodeList + "', which neither Colla nor scontrol can expand: "
                                + scontrol.getMessage(),
                        e);
            }
        }
    }

    private JobDetails details(SlurmEnvironment job) {
        JobDetails told = JobDetails.NOTHING;
        try {
            told = ScontrolJob.parse(
                    commands.output("scontrol", "show", "job", "-d", idForController(job)), ZoneId.systemDefault());
        } catch (CommandException e) {
            notes.add(e.getMessage()
                    + "; memory and other resources of each node are taken from the environment where it tells them");
        }
        if (!told.nodes().isEmpty()) {
            return told;
        }
        try {
            return told.orElse(SqueueJson.parse(commands.output("squeue", "--json", "--jobs=" + job.job()), job.job()));
        } catch (CommandException e) {
            notes.add(String.valueOf(e.getMessage()));
            return told;
        }
    }

    /** The last part of an array has the array's own id, by which the controller tells of all parts, also of those that have ended. */
    private String idForController(SlurmEnvironment job) {
        String array = environment.getOrDefault("SLURM_ARRAY_JOB_ID", "");
        String index = environment.getOrDefault("SLURM_ARRAY_TASK_ID", "");
        return array.isEmpty() || index.isEmpty() ? job.job() : array + "_" + index;
    }

    private Map<String, ScontrolNode> nodeFacts(String nodeLists) {
        try {
            return ScontrolNode.parse(commands.output("scontrol", "--oneliner", "show", "node", nodeLists));
        } catch (CommandException e) {
            return Map.of();
        }
    }

    private NodeShare detailed(NodeShare share, JobDetails.@Nullable Node told) {
        if (told == null) {
            return share;
        }
        if (told.cpus() > 0 && told.cpus() != share.cores()) {
            notes.add("on " + share.name() + " SLURM_JOB_CPUS_PER_NODE gives " + share.cores()
                    + " cores, the controller says " + told.cpus() + "; the first is used");
        }
        Map<String, Integer> resources = new HashMap<>(told.gres().amounts());
        if (!resources.containsKey("gpu") && share.resources().containsKey("gpu")) {
            notes.add("the controller gives no GPUs on " + share.name() + "; "
                    + share.resources().get("gpu") + " as on this node are not assumed there");
        }
        Map<String, String> properties = new TreeMap<>(share.properties());
        told.gres().types().forEach((name, type) -> properties.put(name + ".type", type));
        long memory = told.memory() > 0 ? told.memory() : share.memory();
        return new NodeShare(share.name(), share.cores(), share.cpus(), memory, resources, properties);
    }

    /** Slurm takes failed nodes out of a job that was submitted with --no-kill, and resizing takes nodes away; the environment stays as it was. */
    private void dropLost(Map<String, NodeShare> shares, JobDetails details) {
        if (details.nodes().isEmpty() || shares.keySet().stream().noneMatch(details.nodes()::containsKey)) {
            return;
        }
        shares.keySet().removeIf(name -> {
            boolean lost = !details.nodes().containsKey(name);
            if (lost) {
                notes.add(name + " is in SLURM_JOB_NODELIST but not in the job any more; it is not used");
            }
            return lost;
        });
    }

    private static NodeShare described(NodeShare share, @Nullable ScontrolNode node) {
        if (node == null) {
            return share;
        }
        Map<String, String> properties = new TreeMap<>(share.properties());
        if (!node.arch().isEmpty()) {
            properties.put("arch", node.arch());
        }
        node.features().forEach(feature -> properties.put("feature." + feature, "true"));
        return new NodeShare(share.name(), share.cores(), share.cpus(), share.memory(), share.resources(), properties);
    }

    private void sayWhereThisIs(Map<String, NodeShare> shares) {
        String here = environment.getOrDefault("SLURMD_NODENAME", "");
        if (!shares.containsKey(here)) {
            notes.add("colla itself runs outside of the job's nodes");
        }
    }
}

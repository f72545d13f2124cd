package io.colla.pbs;

import io.colla.api.UsageException;
import io.colla.platform.Allocation;
import io.colla.platform.Commands.CommandException;
import io.colla.platform.NodeShare;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts together what qstat and the environment say of the job. Used once. */
final class AllocationQuery {
    private final PbsEnvironment environment;
    private final Qstat qstat;
    private final List<String> notes = new ArrayList<>();

    AllocationQuery(PbsEnvironment environment, Qstat qstat) {
        this.environment = environment;
        this.qstat = qstat;
    }

    Allocation complete() {
        if (!environment.task().equals("1")) {
            notes.add("colla was started by pbsdsh or pbs_tmrsh, as task " + environment.task()
                    + " of the job; it uses the whole job, so start it once, in the job's script");
        }
        PbsJob told = null;
        Map<String, Given> hosts = Map.of();
        try {
            told = job();
            hosts = Given.byHost(told.get("exec_host"), told.get("exec_vnode"));
        } catch (CommandException | IllegalArgumentException e) {
            hosts = fromNodeFile(String.valueOf(e.getMessage()));
        }
        return new Allocation("pbs", environment.job(), shares(hosts), end(told), notes);
    }

    private PbsJob job() throws CommandException {
        List<PbsJob> jobs = qstat.jobs(environment.job(), false);
        return jobs.stream()
                .filter(job -> job.id().equals(environment.job()))
                .findFirst()
                .orElse(jobs.get(0));
    }

    private static @Nullable Instant end(@Nullable PbsJob job) {
        return job == null ? null : job.end(ZoneId.systemDefault()).orElse(null);
    }

    /** The rule for when nobody knows better: PBS_NUM_PPN if every node has as many lines as every other, else the lines. */
    private Map<String, Given> fromNodeFile(String why) {
        NodeFile file = environment.nodeFile();
        if (file.lines().isEmpty()) {
            throw new UsageException(
                    "this is inside PBS job " + environment.job() + ", but nobody tells its nodes: " + why + "; "
                            + file.problem()
                            + "; run colla inside the job as PBS made it, with PBS's qstat on the PATH, or name the nodes in a host file");
        }
        Map<String, Integer> counts = file.counts();
        Set<Integer> different = new LinkedHashSet<>(counts.values());
        int perNode = environment.perNode();
        boolean torque = perNode > 0 && different.size() == 1;
        notes.add(why + "; "
                + (torque
                        ? "each node has the " + perNode + " cores of PBS_NUM_PPN"
                        : "each line of PBS_NODEFILE is taken for a core, of which the job may have more")
                + ", and the memory is not known");
        Map<String, Given> hosts = new LinkedHashMap<>();
        counts.forEach((node, lines) -> hosts.put(node, new Given(torque ? perNode : lines, 0, Map.of())));
        return hosts;
    }

    private List<NodeShare> shares(Map<String, Given> hosts) {
        List<NodeShare> shares = new ArrayList<>();
        hosts.forEach((host, given) -> {
            if (given.cores() == 0) {
                notes.add(host + " gives the job no cores; it is not used");
                return;
            }
            // The task manager's clients find a node only as the node file writes it.
            String name = environment.nodeFile().spelling(host).orElse(host);
            shares.add(new NodeShare(name, given.cores(), List.of(), given.memory(), given.resources(), Map.of()));
        });
        if (shares.isEmpty()) {
            throw new UsageException(
                    "PBS job " + environment.job() + " has no cores; ask for some, such as -l select=1:ncpus=1");
        }
        return shares;
    }
}

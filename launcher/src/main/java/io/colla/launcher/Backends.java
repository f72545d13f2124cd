package io.colla.launcher;

import io.colla.api.CollaException;
import io.colla.api.UsageException;
import io.colla.core.EngineSettings;
import io.colla.launcher.config.Options;
import io.colla.launcher.config.Settings;
import io.colla.launcher.config.Variable;
import io.colla.launcher.config.Workers;
import io.colla.launcher.jobs.RunJobs;
import io.colla.launcher.jobs.Submission;
import io.colla.launcher.log.RunLog;
import io.colla.master.Master;
import io.colla.master.MasterSessionProvider;
import io.colla.master.MasterSettings;
import io.colla.master.elastic.ElasticSettings;
import io.colla.platform.Allocation;
import io.colla.platform.Allocations;
import io.colla.platform.JobRequest.Part;
import io.colla.platform.NodeShare;
import io.colla.scheduler.PlacementPolicy;
import io.colla.transport.PortRange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.event.Level;

/** From what the person wants to a master with its workers. */
final class Backends {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final long LEAST_HEAP = 96L << 20;
    /** Of heap, for a call of a Python task that waits; a Java task's takes less. */
    private static final long BYTES_A_TASK = 1500;

    private Backends() {}

    static Backend.Factory factory() {
        return Backends::open;
    }

    private static Backend open(RunPlan plan) {
        Settings settings = plan.settings();
        boolean elastic = settings.need(Options.MAX_JOBS) > 0;
        Allocations.Found found = AllocationRequest.find(settings, plan.environment());
        Allocation allocation = elastic ? withoutLoginNode(settings, found.allocation()) : found.allocation();
        RunLog log = RunLog.process();
        allocation.notes().forEach(note -> log.write(Level.INFO, "Run", note, null));
        boolean embedded = !elastic && isEmbedded(settings, allocation);
        MpiSettings.apply(settings);
        Master master = Master.start(new MasterSettings(
                allocation,
                embedded ? null : workers(plan, found),
                plan.folder().path(),
                scratch(settings, plan.environment()),
                settings.all(Options.SHARED),
                plan.program().classPath(),
                plan.program().loader(),
                placement(settings),
                new EngineSettings(settings.need(Options.LINEAGE), EngineSettings.DEFAULTS.nodeLosses()),
                settings.need(Options.RETRIES),
                window(settings),
                settings.need(Options.HEARTBEAT),
                START_TIMEOUT,
                ports(settings),
                Networks.addresses(settings.get(Options.NETWORK)),
                elastic ? furtherJobs(plan, allocation) : null));
        MasterSessionProvider.use(master);
        return new MasterBackend(master, plan.folder());
    }

    /** A run that gets its nodes by jobs of its own takes none of the machine that it is started on, unless the person says so. */
    private static Allocation withoutLoginNode(Settings settings, Allocation found) {
        Workers.Kind kind = settings.need(Options.WORKERS).kind();
        if (kind == Workers.Kind.EMBEDDED) {
            throw new UsageException(
                    "--max-jobs and --workers embedded exclude each other: the nodes of further jobs cannot join a worker inside this process");
        }
        return found.source().equals("local") && kind == Workers.Kind.AUTO ? Allocation.later() : found;
    }

    private static ElasticSettings furtherJobs(RunPlan plan, Allocation allocation) {
        Settings settings = plan.settings();
        int cores = allocation.nodes().stream().mapToInt(NodeShare::cores).min().orElse(0);
        Part part = RunJobs.part(settings, cores);
        RunJobs jobs = new RunJobs(
                Submission.control(settings, plan.environment()),
                settings,
                part,
                plan.name(),
                plan.folder().path(),
                Path.of("").toAbsolutePath(),
                plan.environment());
        jobs.check();
        return new ElasticSettings(
                jobs, settings.need(Options.MAX_JOBS), settings.need(Options.JOB_IDLE), RunJobs.shape(part, settings));
    }

    /** No more than this JVM has room for, in half of its heap. */
    private static int window(Settings settings) {
        long most = Runtime.getRuntime().maxMemory() / 2 / BYTES_A_TASK;
        return (int) Math.max(1, Math.min(settings.need(Options.WINDOW), most));
    }

    private static boolean isEmbedded(Settings settings, Allocation allocation) {
        Workers.Kind kind = settings.need(Options.WORKERS).kind();
        boolean here = allocation.source().equals("local") && allocation.nodes().size() == 1;
        return here && kind != Workers.Kind.LOCAL;
    }

    private static PlacementPolicy placement(Settings settings) {
        String name = settings.need(Options.SCHEDULER).name().toLowerCase(Locale.ROOT);
        return PlacementPolicy.named(name).orElseThrow(() -> new IllegalStateException("policy " + name));
    }

    private static PortRange ports(Settings settings) {
        io.colla.launcher.config.PortRange range = settings.need(Options.PORTS);
        return new PortRange(range.from(), range.to());
    }

    private static Path scratch(Settings settings, Map<String, String> environment) {
        Path given = settings.get(Options.SCRATCH);
        if (given != null) {
            return given.toAbsolutePath().normalize();
        }
        String temporary = environment.get("TMPDIR");
        return Path.of(temporary == null || temporary.isEmpty() ? "/tmp" : temporary)
                .toAbsolutePath()
                .normalize();
    }

    private static MasterSettings.Workers workers(RunPlan plan, Allocations.Found found) {
        String home = System.getProperty("colla.home");
        if (home == null) {
            throw new CollaException(
                    "workers are started by the installed 'colla' command; start the run with it, not with java");
        }
        Map<String, String> environment = new TreeMap<>();
        environment.put(
                "COLLA_JAVA",
                Path.of(System.getProperty("java.home"), "bin", "java").toString());
        environment.put("COLLA_JVM_OPTS", workerOptions(plan.settings(), found.allocation()));
        environment.putAll(plan.program().workerEnvironment());
        environment.putAll(MpiSettings.variables(plan.settings()));
        for (Variable variable : plan.settings().all(Options.ENV)) {
            environment.put(variable.name(), value(variable, plan.environment()));
        }
        List<String> command = List.of(Path.of(home, "bin", "colla").toString(), "worker");
        return new MasterSettings.Workers(
                found.launcher().get(),
                command,
                environment,
                Path.of("").toAbsolutePath().toString());
    }

    private static String value(Variable variable, Map<String, String> environment) {
        String value = variable.resolve(environment);
        if (value == null) {
            throw new UsageException("--env " + variable.name()
                    + ": this variable is not set here; give it a value: --env " + variable.name() + "=VALUE");
        }
        return value;
    }

    private static String workerOptions(Settings settings, Allocation allocation) {
        Long heap = settings.get(Options.WORKER_HEAP);
        long least =
                allocation.nodes().stream().mapToLong(NodeShare::memory).min().orElse(0);
        long bytes = heap != null ? heap : least == 0 ? 0 : Math.max(LEAST_HEAP, least / 4);
        String more = settings.get(Options.WORKER_JVM_OPTS);
        String limit = bytes == 0 ? "" : "-Xmx" + (bytes >> 10) + "k ";
        return limit + (more == null ? "" : more);
    }
}

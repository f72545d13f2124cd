package io.colla.launcher.config;

import static io.colla.launcher.config.CommonTypes.DURATION;
import static io.colla.launcher.config.CommonTypes.FILE;
import static io.colla.launcher.config.CommonTypes.FOLDER;
import static io.colla.launcher.config.CommonTypes.SIZE;

import io.colla.launcher.config.Option.Group;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table of all settings of a run. The reference's table is held to this one by a test. */
public final class Options {
    /** Placement policies. */
    public enum Policy {
        LOCALITY,
        FIFO,
        LIFO
    }

    /** When something for people is shown. */
    public enum When {
        AUTO,
        ALWAYS,
        NEVER
    }

    public static final Option<Workers> WORKERS = Option.of(
            "workers",
            Group.NODES,
            new OptionType<>(
                    "auto|embedded|local:K",
                    "auto, embedded or local:K with K from 1 to 1024",
                    "local:3",
                    Workers::parse),
            "auto",
            "Where tasks run: on every node of the allocation (auto; in this JVM when there is just this machine), in this JVM"
                    + " (embedded), or in K worker JVMs on this machine (local:K).");
    public static final Option<String> SITE = Option.of(
                    "site",
                    Group.NODES,
                    OptionType.text("NAME|FILE", "a profile's name, its file, or none", "nimbus"),
                    null,
                    "Profile of this site, with defaults and limits; 'colla site list' shows them; none: without.")
            .otherwise("the one for this host's name");
    public static final Option<Path> HOSTS = Option.of(
            "hosts", Group.NODES, FILE, null, "Use the hosts that this file lists, one a line, reached by ssh.");
    public static final Option<Integer> CORES = Option.of(
                    "cores", Group.NODES, OptionType.count(1), null, "Use at most this many cores of this machine.")
            .otherwise("all that this process may use");
    public static final Option<Long> MEMORY = Option.of(
                    "memory", Group.NODES, SIZE, null, "Let tasks reserve at most this much memory of this machine.")
            .otherwise("all that this process may use");
    public static final Option<Integer> MASTER_CORES = Option.of(
                    "master-cores",
                    Group.NODES,
                    OptionType.count(0),
                    null,
                    "Let tasks use at most this many cores of the job's node that the main program is on; 0: none.")
            .otherwise("all that the job has there");
    public static final Option<Long> MASTER_MEMORY = Option.of(
                    "master-memory",
                    Group.NODES,
                    SIZE,
                    null,
                    "Let tasks reserve at most this much memory of the job's node that the main program is on.")
            .otherwise("all that the job has there");
    public static final Option<Long> WORKER_HEAP = Option.of(
                    "worker-heap", Group.NODES, SIZE, null, "Largest heap of each worker JVM (java -Xmx).")
            .otherwise("a quarter of the node's memory");
    public static final Option<String> WORKER_JVM_OPTS = Option.of(
            "worker-jvm-opts",
            Group.NODES,
            OptionType.text("OPTS", "options of java", "-XX:+UseZGC"),
            null,
            "More options for the java of each worker, separated by spaces.");
    public static final Option<Path> SCRATCH = Option.of(
                    "scratch",
                    Group.NODES,
                    FOLDER,
                    null,
                    "Folder on each node's own disk for data and working folders of tasks.")
            .otherwise("$TMPDIR of the node, else /tmp");
    public static final Option<Path> SHARED = Option.of(
                    "shared",
                    Group.NODES,
                    FOLDER,
                    null,
                    "Folder that all nodes see under this path; its files are used where they are. Repeatable.")
            .many()
            .otherwise("found out by comparing file systems");
    public static final Option<Variable> ENV = Option.of(
                    "env",
                    Group.NODES,
                    new OptionType<>(
                            "NAME[=VALUE]", "a variable's name, or NAME=VALUE", "OMP_NUM_THREADS=1", Variable::parse),
                    null,
                    "Environment variable for workers and tasks; without a value, the one that it has here. Repeatable.")
            .many();

    public static final Option<String> PYTHON = Option.of(
                    "python",
                    Group.NODES,
                    OptionType.text("PROGRAM", "the path or name of a Python", "/usr/bin/python3.11"),
                    null,
                    "Python of a Python program and its tasks, 3.9 or newer.")
            .otherwise("that of the active virtual environment, else python3 on the PATH");

    public static final Option<String> MPI = Option.of(
            "mpi",
            Group.NODES,
            OptionType.text(
                    "auto|openmpi|srun|hydra|PROGRAM",
                    "auto, openmpi, srun, hydra, or the path or name of an mpirun",
                    "openmpi"),
            "auto",
            "What starts the ranks of MPI tasks that do not say it: Open MPI's mpirun, srun in a job of Slurm, mpiexec.hydra of MPICH or Intel MPI; auto: what is"
                    + " on the PATH of the nodes.");
    public static final Option<Path> MPI_JAVA = Option.of(
                    "mpi-java",
                    Group.NODES,
                    new OptionType<>(
                            "PATH",
                            "the path of Open MPI's mpi.jar, or of its folder",
                            "/opt/openmpi/lib/mpi.jar",
                            CommonTypes::parsePath),
                    null,
                    "Open MPI's mpi.jar, or its folder, for Java methods on MPI ranks.")
            .otherwise("that of mpijavac, of Open MPI's lib folder, or made by build-mpi-java");
    public static final Option<String> MPI_JAVA_OPTS = Option.of(
            "mpi-java-opts",
            Group.NODES,
            OptionType.text("OPTS", "options of java", "-Xss8m"),
            null,
            "More options for the java of each MPI rank, separated by spaces.");
    public static final Option<Integer> MAX_JOBS = Option.of(
            "max-jobs",
            Group.NODES,
            OptionType.count(0),
            "0",
            "While tasks wait, submit further batch jobs whose nodes join the run, at most this many at a time; the options for batch jobs"
                    + " say what each is like.");
    public static final Option<Duration> JOB_IDLE = Option.of(
            "job-idle",
            Group.NODES,
            DURATION,
            "1m",
            "Let such a job end when no task has run on its nodes for this long.");

    public static final Option<Policy> SCHEDULER = Option.of(
            "scheduler",
            Group.BEHAVIOUR,
            OptionType.choice(Policy.class),
            "locality",
            "How ready tasks are placed: near their data (locality), oldest first (fifo), newest first (lifo).");
    public static final Option<Duration> TIME_LIMIT = Option.of(
                    "time-limit",
                    Group.BEHAVIOUR,
                    DURATION,
                    null,
                    "End the run in order after this time, with exit code 124.")
            .otherwise("none");
    public static final Option<Integer> RETRIES = Option.of(
            "retries",
            Group.BEHAVIOUR,
            OptionType.count(0),
            "2",
            "More attempts for a failed task whose call says nothing about it.");
    public static final Option<Integer> LINEAGE = Option.of(
            "lineage",
            Group.BEHAVIOUR,
            OptionType.count(0),
            "200000",
            "How many finished tasks are remembered, to compute lost data again.");
    public static final Option<Integer> WINDOW = Option.of(
            "window",
            Group.BEHAVIOUR,
            OptionType.count(1),
            "1000000",
            "How many unfinished tasks the application may be ahead, fewer if the heap is small; a call then waits.");
    public static final Option<Duration> HEARTBEAT = Option.of(
            "heartbeat",
            Group.BEHAVIOUR,
            DURATION,
            "2s",
            "How often workers show that they are alive; one silent for five, and 3 s at least, is lost.");

    public static final Option<Boolean> NESTED = Option.of(
            "nested",
            Group.BEHAVIOUR,
            OptionType.flag(),
            "false",
            "Tasks that Python tasks call are tasks too, whose results have to be waited for; else they are plain calls.");
    public static final Option<Path> RUN_DIR = Option.of(
                    "run-dir",
                    Group.RECORD,
                    FOLDER,
                    null,
                    "The run's folder: log, summary, placements, output of failed tasks.")
            .otherwise("<name>-<n> in runs-dir");
    public static final Option<Path> RUNS_DIR = Option.of(
            "runs-dir",
            Group.RECORD,
            FOLDER,
            "colla-runs",
            "Folder in which the runs' folders <name>-<n> are made, and 'latest', which points to the newest.");
    public static final Option<String> NAME = Option.of(
                    "name", Group.RECORD, OptionType.text("NAME", "a name", "protein-search"), null, "Name of the run.")
            .otherwise("of the jar or the main class");
    public static final Option<When> PROGRESS = Option.of(
            "progress",
            Group.RECORD,
            OptionType.choice(When.class),
            "auto",
            "Show the progress line; auto: when standard error is a terminal.");
    public static final Option<Boolean> STREAM = Option.of(
            "stream",
            Group.RECORD,
            OptionType.flag(),
            "false",
            "Show what Python tasks print while they run, each line with its task and node.");
    public static final Option<Boolean> GRAPH = Option.of(
                    "graph",
                    Group.RECORD,
                    OptionType.flag(),
                    "false",
                    "Draw the graph of the tasks when the run ends, as complete_graph.dot and complete_graph.svg in graph/ of its folder.")
            .spelt("-g", "", false);
    public static final Option<Boolean> QUIET =
            Option.of("quiet", Group.RECORD, OptionType.flag(), "false", "Neither progress line nor summary.");
    public static final Option<Boolean> DEBUG = Option.of(
            "debug",
            Group.RECORD,
            OptionType.flag(),
            "false",
            "Write more into run.log, and show stack traces of errors.");

    public static final Option<String> NETWORK = Option.of(
                    "network",
                    Group.NETWORK,
                    OptionType.text(
                            "IFACE|CIDR|-SUFFIX",
                            "an interface's name, a network, or what is put behind hosts' names",
                            "10.1.0.0/16"),
                    null,
                    "Network between the nodes; of a suffix such as -ib0, the one of the address of this host's name with it.")
            .otherwise("chosen by what workers can reach");
    public static final Option<PortRange> PORTS = Option.of(
            "ports",
            Group.NETWORK,
            new OptionType<>("FROM-TO", "ports FROM-TO, or any", "20000-20999", PortRange::parse),
            "any",
            "Ports that may be listened on, where a firewall leaves only some open.");

    /** All of them, in the order in which help and the reference show them. */
    public static final List<Option<?>> ALL = withBatch(
            WORKERS,
            SITE,
            HOSTS,
            CORES,
            MEMORY,
            MASTER_CORES,
            MASTER_MEMORY,
            WORKER_HEAP,
            WORKER_JVM_OPTS,
            SCRATCH,
            SHARED,
            ENV,
            PYTHON,
            MPI,
            MPI_JAVA,
            MPI_JAVA_OPTS,
            MAX_JOBS,
            JOB_IDLE,
            SCHEDULER,
            TIME_LIMIT,
            RETRIES,
            LINEAGE,
            WINDOW,
            HEARTBEAT,
            NESTED,
            RUN_DIR,
            RUNS_DIR,
            NAME,
            PROGRESS,
            STREAM,
            TraceOptions.TRACE,
            TraceOptions.TRACE_EVENTS,
            TraceOptions.TRACE_NAME,
            TraceOptions.EXTRAE_CONFIG,
            GRAPH,
            QUIET,
            DEBUG,
            NETWORK,
            PORTS);

    private Options() {}

    private static List<Option<?>> withBatch(Option<?>... others) {
        List<Option<?>> all = new ArrayList<>(List.of(others));
        all.addAll(BatchOptions.ALL);
        return List.copyOf(all);
    }

    /** The option of this YAML key; null when there is none. */
    public static @Nullable Option<?> byName(String name) {
        for (Option<?> option : ALL) {
            if (option.name().equals(name)) {
                return option;
            }
        }
        return null;
    }
}

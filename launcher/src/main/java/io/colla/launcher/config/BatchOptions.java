package io.colla.launcher.config;

import io.colla.launcher.config.Option.Group;
import io.colla.platform.JobRequest.Dependency;
import io.colla.platform.JobRequest.Gpus;
import io.colla.platform.JobRequest.Mail;
import io.colla.platform.JobRequest.Part;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The options for batch jobs, a part of the table {@link Options}. */
public final class BatchOptions {
    /** Batch systems that jobs can be submitted to. */
    public enum System {
        SLURM,
        PBS
    }

    public static final Option<System> BATCH_SYSTEM = Option.of(
                    "batch-system", Group.BATCH, OptionType.choice(System.class), null, "Batch system to submit to.")
            .otherwise("the one whose commands are here");
    public static final Option<Integer> NODES =
            Option.of("nodes", Group.BATCH, OptionType.count(1), "1", "Nodes of the job.");
    public static final Option<Integer> CPUS_PER_NODE = Option.of(
                    "cpus-per-node", Group.BATCH, OptionType.count(1), null, "Cores on each node.")
            .otherwise("the site's; all with exclusive");
    public static final Option<Long> MEM_PER_NODE = Option.of(
                    "mem-per-node", Group.BATCH, CommonTypes.SIZE, null, "Memory on each node.")
            .otherwise("the site's");
    public static final Option<Gpus> GPUS_PER_NODE = Option.of(
                    "gpus-per-node",
                    Group.BATCH,
                    new OptionType<>("[TYPE:]N", "a number of GPUs, or TYPE:N", "a100:2", JobWords::gpus),
                    null,
                    "GPUs on each node.")
            .otherwise("none");
    public static final Option<Duration> TIME = Option.of(
                    "time",
                    Group.BATCH,
                    CommonTypes.DURATION,
                    null,
                    "The batch system ends the job after this time; the run is warned before.")
            .otherwise("the queue's");
    public static final Option<String> QUEUE = Option.of(
                    "queue",
                    Group.BATCH,
                    OptionType.text("QUEUE", "a queue's name", "debug"),
                    null,
                    "Queue (partition).")
            .otherwise("the site's");
    public static final Option<String> ACCOUNT = Option.of(
                    "account",
                    Group.BATCH,
                    OptionType.text("ACCOUNT", "an account's or project's name", "bsc19"),
                    null,
                    "Account or project that pays.")
            .otherwise("yours");
    public static final Option<String> QOS = Option.of(
                    "qos", Group.BATCH, OptionType.text("QOS", "a name", "gp_debug"), null, "Quality of service.")
            .otherwise("yours");
    public static final Option<String> RESERVATION = Option.of(
                    "reservation",
                    Group.BATCH,
                    OptionType.text("NAME", "a reservation's name", "course"),
                    null,
                    "Reservation to use.")
            .otherwise("none");
    public static final Option<String> LICENSES = Option.of(
                    "licenses",
                    Group.BATCH,
                    OptionType.text("NAME[:N]", "licences", "matlab:2"),
                    null,
                    "Licences that the job needs.")
            .otherwise("none");
    public static final Option<String> CONSTRAINT = Option.of(
                    "constraint",
                    Group.BATCH,
                    OptionType.text("FEATURE", "features of nodes", "highmem"),
                    null,
                    "What the nodes must have, as the site names it.")
            .otherwise("nothing");
    public static final Option<Boolean> EXCLUSIVE =
            Option.of("exclusive", Group.BATCH, OptionType.flag(), "false", "Whole nodes, which no other job shares.");
    public static final Option<Part> PART = Option.of(
                    "part",
                    Group.BATCH,
                    new OptionType<>(
                            "KEY=VALUE,...",
                            "nodes=N with cpus-per-node, mem-per-node, gpus-per-node, constraint, queue",
                            "nodes=2,cpus-per-node=4",
                            JobWords::part),
                    null,
                    "Nodes that are alike, of a job with different nodes, instead of nodes and the others. Repeatable.")
            .many()
            .otherwise("one, as the options above say");
    public static final Option<Dependency> DEPENDS_ON = Option.of(
                    "depends-on",
                    Group.BATCH,
                    new OptionType<>(
                            "[WHEN:]JOB",
                            "a job's id, or afterok:, afterany:, afternotok: or after: and the id",
                            "afterany:1234",
                            JobWords::dependency),
                    null,
                    "Start when this job has succeeded (afterok), ended (afterany), failed (afternotok) or started (after). Repeatable.")
            .many()
            .otherwise("none");
    public static final Option<String> ARRAY = Option.of(
                    "array",
                    Group.BATCH,
                    new OptionType<>(
                            "INDICES",
                            "indices such as 1-10, 1-9:2 or 1,4,7, with %K for K at a time",
                            "1-10%2",
                            JobWords::array),
                    null,
                    "Run once for each of these indices, which the program finds in COLLA_ARRAY_INDEX.")
            .otherwise("none");
    public static final Option<Path> WORK_DIR = Option.of(
                    "work-dir",
                    Group.BATCH,
                    CommonTypes.FOLDER,
                    null,
                    "Folder in which the job works; all nodes must see it.")
            .otherwise("the one that you are in");
    public static final Option<Path> ENV_SCRIPT = Option.of(
                    "env-script",
                    Group.BATCH,
                    CommonTypes.FILE,
                    null,
                    "Shell script that sets up the job's environment: modules, variables. Repeatable.")
            .many()
            .otherwise("none");
    public static final Option<String> BEFORE = Option.of(
                    "before",
                    Group.BATCH,
                    OptionType.text("COMMAND", "a line of shell", "module load hmmer"),
                    null,
                    "Line of shell that the job runs first. Repeatable.")
            .many()
            .otherwise("none");
    public static final Option<String> AFTER = Option.of(
                    "after",
                    Group.BATCH,
                    OptionType.text("COMMAND", "a line of shell", "rm -r cache"),
                    null,
                    "Line of shell that the job runs when the run has ended. Repeatable.")
            .many()
            .otherwise("none");
    public static final Option<Mail> MAIL = Option.of(
                    "mail",
                    Group.BATCH,
                    new OptionType<>(
                            "ADDRESS[:WHEN]",
                            "an address, with :begin,end,fail or some of these",
                            "me@example.org:end,fail",
                            JobWords::mail),
                    null,
                    "Send letters when the job begins, ends or fails; end and fail if not said.")
            .otherwise("none");
    public static final Option<String> OUTPUT = Option.of(
                    "output",
                    Group.BATCH,
                    OptionType.text("FILE", "a file's path", "logs/%j.txt"),
                    null,
                    "File for what the job prints; %j is its id, %a its index in an array.")
            .otherwise("output.txt in the job's folder");
    public static final Option<Boolean> REQUEUE = Option.of(
            "requeue",
            Group.BATCH,
            OptionType.flag(),
            "false",
            "Let the batch system start the job again after a node's death or a preemption.");
    public static final Option<String> EXTRA = Option.of(
                    "extra",
                    Group.BATCH,
                    OptionType.text("FLAG", "an option of sbatch or qsub", "--switches=1"),
                    null,
                    "A further option for sbatch or qsub, as it wants it. Repeatable.")
            .many()
            .otherwise("none");

    /** Those that also say what the jobs are like that a run submits itself. */
    public static final List<Option<?>> OF_FURTHER_JOBS = List.of(
            BATCH_SYSTEM,
            NODES,
            CPUS_PER_NODE,
            MEM_PER_NODE,
            GPUS_PER_NODE,
            TIME,
            QUEUE,
            ACCOUNT,
            QOS,
            RESERVATION,
            LICENSES,
            CONSTRAINT,
            EXCLUSIVE,
            ENV_SCRIPT,
            BEFORE,
            EXTRA);

    static final List<Option<?>> ALL = List.of(
            BATCH_SYSTEM,
            NODES,
            CPUS_PER_NODE,
            MEM_PER_NODE,
            GPUS_PER_NODE,
            TIME,
            QUEUE,
            ACCOUNT,
            QOS,
            RESERVATION,
            LICENSES,
            CONSTRAINT,
            EXCLUSIVE,
            PART,
            DEPENDS_ON,
            ARRAY,
            WORK_DIR,
            ENV_SCRIPT,
            BEFORE,
            AFTER,
            MAIL,
            OUTPUT,
            REQUEUE,
            EXTRA);

    private BatchOptions() {}
}

package io.colla.slurm;

import io.colla.platform.NodeLauncher.WorkerCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The srun that starts one worker on each of some nodes of one job component, with all that the job has there. */
final class SrunCommand {
    /**
     * Runs on each node around the worker. Says which node this is, because srun labels output by task number only and orders tasks as it likes; says
     * with which code the worker ended, because srun tells of failures only. Signals are the worker's affair, so that it has its grace:
     * if the shell ended first, Slurm would kill what is left of the task.
     */
    static final String AROUND =
            """
            trap : HUP INT TERM USR1 USR2
            COLLA_NODE=$SLURMD_NODENAME
            export COLLA_NODE
            mark=$1
            shift
            echo "$mark started $COLLA_NODE $SLURM_STEP_ID"
            "$@"
            status=$?
            echo "$mark ended $status"
            exit $status
            """;

    /** Requests of the job, which srun would take for requests of this step: they would divide the cores, or contradict its options. */
    private static final List<String> REQUESTS = List.of(
            "SLURM_MEM_PER_",
            "SLURM_NTASKS",
            "SLURM_CPUS_PER_",
            "SRUN_CPUS_PER_",
            "SLURM_GPUS_PER_TASK",
            "SLURM_GPUS_PER_SOCKET",
            "SLURM_TRES_PER_TASK",
            "SLURM_CPU_BIND",
            "SLURM_GPU_BIND",
            "SLURM_MEM_BIND",
            "SLURM_STEP_",
            "SLURM_STDIN",
            "SLURM_STDOUT",
            "SLURM_STDERR");

    private static final Set<String> REQUEST_NAMES = Set.of(
            "SLURM_NPROCS",
            "SLURM_TASKS_PER_NODE",
            "SLURM_DISTRIBUTION",
            "SLURM_EXACT",
            "SLURM_EXCLUSIVE",
            "SLURM_WHOLE",
            "SLURM_OVERCOMMIT",
            "SLURM_HINT",
            "SLURM_THREADS_PER_CORE",
            "SLURM_CORE_SPEC",
            "SLURM_THREAD_SPEC",
            "SLURM_KILL_BAD_EXIT",
            "SLURM_WAIT",
            "SLURM_LABELIO",
            "SLURM_UNBUFFEREDIO",
            "SLURM_OPEN_MODE",
            "SLURM_MULTI_PROG",
            "SLURM_PROLOG",
            "SLURM_EPILOG",
            "SLURM_TIMELIMIT",
            "SLURM_IMMEDIATE",
            "SLURM_CONSTRAINT",
            "SLURM_SPREAD_JOB",
            "SLURM_USE_MIN_NODES",
            "SLURM_RESV_PORTS",
            "SLURM_NETWORK",
            "SLURM_DEBUG",
            "SLURM_CLUSTERS");

    private SrunCommand() {}

    /**
     * @param group number of the het group; -1 for a plain job
     * @param mark begins the lines that are for {@link SrunOutput}
     */
    static List<String> argv(String srun, int group, List<String> nodes, String mark, WorkerCommand command) {
        List<String> argv = new ArrayList<>();
        argv.add(srun);
        if (group >= 0) {
            argv.add("--het-group=" + group);
        }
        argv.addAll(List.of(
                "--job-name=colla-workers",
                "--nodes=" + nodes.size(),
                "--ntasks=" + nodes.size(),
                "--ntasks-per-node=1",
                "--nodelist=" + String.join(",", nodes),
                "--overlap",
                "--mem=0",
                "--cpu-bind=none",
                "--mpi=none",
                "--kill-on-bad-exit=0",
                "--no-kill",
                "--wait=0",
                "--input=all",
                "--label",
                "--export=ALL"));
        String directory = command.directory();
        if (directory != null) {
            argv.add("--chdir=" + directory);
        }
        argv.addAll(List.of("/bin/sh", "-c", AROUND, "colla-worker", mark));
        argv.addAll(command.argv());
        return argv;
    }

    /** What srun, and through it the workers, inherit. */
    static Map<String, String> environment(Map<String, String> own, WorkerCommand command) {
        Map<String, String> environment = new TreeMap<>(own);
        environment.keySet().removeIf(SrunCommand::isRequest);
        environment.putAll(command.environment());
        return environment;
    }

    private static boolean isRequest(String name) {
        return REQUEST_NAMES.contains(name) || REQUESTS.stream().anyMatch(name::startsWith);
    }
}

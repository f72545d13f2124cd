package io.colla.mpi.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * {@code srun} in a job of Slurm: a step whose ranks are where the task has its cores. Slurm starts and ends the ranks; each goes to its own cores by {@link RankScript}.
 */
record Srun(String program) implements MpiLauncher {

    private static final Pattern CODE =
            Pattern.compile("srun: error: \\S+: tasks? (\\d+)[-,\\d]*: Exited with exit code (\\d+)");
    private static final Pattern WORDS =
            Pattern.compile("srun: error: \\S+: tasks? (\\d+)[-,\\d]*: (?!Exited|Terminated)([A-Z][A-Za-z ]+)");

    @Override
    public String name() {
        return "srun";
    }

    @Override
    public boolean hasDaemons() {
        return false;
    }

    @Override
    public List<String> command(Launch launch) {
        List<String> words = new ArrayList<>(List.of(
                program,
                "--mpi=pmix",
                "--overlap",
                "--nodes=" + launch.placement().nodes().size(),
                "--ntasks=" + launch.placement().count(),
                "--distribution=arbitrary",
                "--cpu-bind=none",
                "--kill-on-bad-exit=1",
                "--input=0"));
        words.addAll(launch.job().flags());
        words.addAll(RankScript.choosing(launch.job().parts()));
        return words;
    }

    @Override
    public Map<String, String> environment(Launch launch) {
        Map<String, String> variables = new TreeMap<>();
        variables.put("SLURM_HOSTFILE", launch.hosts().toString());
        // What the step of the worker was started with would be taken for this one's.
        variables.put("SLURM_LABELIO", "0");
        return variables;
    }

    /** One line for each rank. */
    @Override
    public String hosts(Launch launch) {
        StringBuilder text = new StringBuilder();
        for (int node = 0; node < launch.placement().nodes().size(); node++) {
            text.append((launch.placement().nodes().get(node) + "\n")
                    .repeat(launch.placement().ranks().get(node)));
        }
        return text.toString();
    }

    @Override
    public Optional<RankFailure> failure(String errors) {
        return Failed.first(
                Failed.by(CODE, errors, "exited with code "), Failed.by(WORDS, errors, "was killed by a signal: "));
    }
}

package io.colla.mpi.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** {@code mpiexec.hydra} of MPICH, Intel MPI, MVAPICH and others. */
record Hydra(String program) implements MpiLauncher {

    private static final Pattern ABORT =
            Pattern.compile("application called MPI_Abort\\(MPI_COMM_WORLD, (-?\\d+)\\) - process (\\d+)");
    private static final Pattern INTEL_CODE =
            Pattern.compile("= +RANK (\\d+) PID \\d+ RUNNING AT \\S+\\s+=\\s+EXIT STATUS: (\\d+)");
    private static final Pattern INTEL_SIGNAL =
            Pattern.compile("= +RANK (\\d+) PID \\d+ RUNNING AT \\S+\\s+=\\s+KILLED BY SIGNAL: (\\d+)");

    @Override
    public String name() {
        return "hydra";
    }

    @Override
    public boolean hasDaemons() {
        return true;
    }

    @Override
    public boolean watchesAgents() {
        return true;
    }

    @Override
    public List<String> command(Launch launch) {
        List<String> words =
                new ArrayList<>(List.of(program, "-f", launch.hosts().toString(), "-rmk", "user"));
        if (launch.hasOtherNodes()) {
            words.addAll(
                    List.of("-launcher", "ssh", "-launcher-exec", launch.agent().toString()));
        }
        words.addAll(launch.job().flags());
        String separator = null;
        for (MpiJob.Part part : launch.job().parts()) {
            if (separator != null) {
                words.add(separator);
            }
            separator = ":";
            words.addAll(List.of("-n", Integer.toString(part.ranks())));
            words.addAll(RankScript.of(part.argv()));
        }
        return words;
    }

    @Override
    public Map<String, String> environment(Launch launch) {
        Map<String, String> variables = new TreeMap<>();
        variables.put("I_MPI_PIN", "off");
        variables.put("HYDRA_BINDING", "none");
        return variables;
    }

    /** The first node is called as it calls itself, since the others are told to connect to that name. */
    @Override
    public String hosts(Launch launch) {
        StringBuilder text = new StringBuilder();
        for (int node = 0; node < launch.placement().nodes().size(); node++) {
            text.append(node == 0 ? launch.here() : launch.placement().nodes().get(node))
                    .append(':')
                    .append(launch.placement().ranks().get(node))
                    .append('\n');
        }
        return text.toString();
    }

    @Override
    public Optional<RankFailure> failure(String errors) {
        var abort = ABORT.matcher(errors);
        if (abort.find()) {
            return Optional.of(
                    new RankFailure(Integer.parseInt(abort.group(2)), "called MPI_Abort with code " + abort.group(1)));
        }
        return Failed.first(Failed.bySignal(INTEL_SIGNAL, errors), Failed.by(INTEL_CODE, errors, "exited with code "));
    }
}

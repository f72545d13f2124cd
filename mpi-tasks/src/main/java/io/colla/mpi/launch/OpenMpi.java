package io.colla.mpi.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * {@code mpirun} of Open MPI. Its settings go through its environment, so that the task's own flags and the user's variables of the job's script win where both say something.
 *
 * @param program as it is started; a path makes it look for its daemons beside itself
 * @param version the first number of its version: up to 4 the runtime is ORTE, from 5 PRRTE
 */
record OpenMpi(String program, int version) implements MpiLauncher {

    private static final int PRRTE = 5;
    private static final String NO_SYSTEM = "^slurm,tm,pbs,lsf,gridengine,alps,loadleveler,flux";

    private static final Pattern ABORT = Pattern.compile(
            "MPI_ABORT was invoked on rank (\\d+) in communicator MPI_COMM_WORLD[\\s\\S]{0,80}?[eE]rror ?code:? *(-?\\d+)");
    private static final Pattern SIGNAL =
            Pattern.compile("noticed that process rank (\\d+) with PID \\d+ on node \\S+ exited on\\s+signal (\\d+)");
    private static final Pattern CODE =
            Pattern.compile("Process name: \\[(?:\\[\\d+,\\d+\\]|[^\\]\\n]*?),(\\d+)\\]\\s+Exit code:\\s+(\\d+)");

    @Override
    public String name() {
        return "openmpi";
    }

    @Override
    public boolean hasDaemons() {
        return true;
    }

    /** PRRTE asks for daemons in the background, whatever its settings say. */
    @Override
    public String daemon(String command) {
        return command.replace(" --daemonize ", " ");
    }

    @Override
    public List<String> command(Launch launch) {
        List<String> words =
                new ArrayList<>(List.of(program, "--hostfile", launch.hosts().toString()));
        words.addAll(launch.job().flags());
        String separator = null;
        for (MpiJob.Part part : launch.job().parts()) {
            if (separator != null) {
                words.add(separator);
            }
            separator = ":";
            words.addAll(List.of("-np", Integer.toString(part.ranks())));
            words.addAll(RankScript.of(part.argv()));
        }
        return words;
    }

    @Override
    public Map<String, String> environment(Launch launch) {
        Map<String, String> variables = version < PRRTE ? orte(launch) : prrte(launch);
        variables.put("OMPI_ALLOW_RUN_AS_ROOT", "1");
        variables.put("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
        return variables;
    }

    private static Map<String, String> orte(Launch launch) {
        Map<String, String> variables = new TreeMap<>();
        variables.put("OMPI_MCA_plm", "rsh");
        variables.put("OMPI_MCA_plm_rsh_agent", "/bin/sh " + launch.agent());
        variables.put("OMPI_MCA_plm_rsh_args", ""); // what the user's ssh needs would be taken for the host
        variables.put("OMPI_MCA_plm_rsh_no_tree_spawn", "1");
        variables.put("OMPI_MCA_orte_leave_session_attached", "1");
        variables.put("OMPI_MCA_orte_keep_fqdn_hostnames", "1");
        variables.put("OMPI_MCA_ras", NO_SYSTEM);
        variables.put("OMPI_MCA_rmaps_base_mapping_policy", "slot");
        variables.put("OMPI_MCA_hwloc_base_binding_policy", "none");
        return variables;
    }

    private static Map<String, String> prrte(Launch launch) {
        Map<String, String> variables = new TreeMap<>();
        variables.put("PRTE_MCA_plm", "ssh");
        variables.put("PRTE_MCA_plm_ssh_agent", "/bin/sh " + launch.agent());
        variables.put("PRTE_MCA_plm_ssh_args", "");
        variables.put("PRTE_MCA_plm_ssh_no_tree_spawn", "1");
        variables.put("PRTE_MCA_prte_leave_session_attached", "1");
        variables.put("PRTE_MCA_prte_keep_fqdn_hostnames", "1");
        variables.put("PRTE_MCA_ras", NO_SYSTEM);
        variables.put("PRTE_MCA_rmaps_default_mapping_policy", "slot");
        variables.put("PRTE_MCA_hwloc_default_binding_policy", "none");
        return variables;
    }

    /** The first node is named as what it is, since its name in the batch system need not be one of the network's. */
    @Override
    public String hosts(Launch launch) {
        StringBuilder text = new StringBuilder();
        for (int node = 0; node < launch.placement().nodes().size(); node++) {
            text.append(node == 0 ? "localhost" : launch.placement().nodes().get(node))
                    .append(" slots=")
                    .append(launch.placement().ranks().get(node))
                    .append('\n');
        }
        return text.toString();
    }

    @Override
    public boolean tellsOfExitCodes(String errors) {
        return errors.contains("a non-zero exit code");
    }

    @Override
    public Optional<RankFailure> failure(String errors) {
        return Failed.first(
                Failed.by(ABORT, errors, "called MPI_Abort with code "),
                Failed.bySignal(SIGNAL, errors),
                Failed.by(CODE, errors, "exited with code "));
    }
}

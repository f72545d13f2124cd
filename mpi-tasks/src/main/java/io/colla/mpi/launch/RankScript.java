package io.colla.mpi.launch;

import java.util.ArrayList;
import java.util.List;

/**
 * What each rank begins as: a few lines of sh, which go to its own cores, its folder and its file for errors, and become the program. They are given as an argument, so that no file
 * has to be on the nodes.
 */
final class RankScript {

    /** A sh text that sets the variables below, by the name of the node, where the launcher takes the same environment to all nodes. */
    static final String SITES = "COLLA_MPI_SITES";

    /** Lists of CPUs separated by spaces, one for each rank of the node. */
    static final String MASKS = "COLLA_MPI_MASKS";

    static final String FOLDER = "COLLA_MPI_FOLDER";

    /** The folder with a file for the errors of each rank. */
    static final String ERRORS = "COLLA_MPI_ERRORS";

    /** TMPDIR of ranks, while that of daemons is a folder that is removed after the job; empty when it is not set. */
    static final String TEMPORARY = "COLLA_MPI_TMPDIR";

    /** A folder in memory for what the ranks of a node share. */
    static final String MEMORY = "COLLA_MPI_SHM";

    private static final String TEXT = String.join(
            "\n",
            "eval \"$" + SITES + "\"",
            "rank=${OMPI_COMM_WORLD_RANK:-${PMIX_RANK:-${PMI_RANK:-${SLURM_PROCID:-0}}}}",
            "slot=${OMPI_COMM_WORLD_LOCAL_RANK:-${MPI_LOCALRANKID:-${SLURM_LOCALID:-0}}}",
            "[ -z \"$" + ERRORS + "\" ] || exec 2>\"$" + ERRORS + "/$rank\"",
            "cd \"$" + FOLDER + "\" || exit 126",
            "if [ -n \"$" + TEMPORARY + "\" ]; then export TMPDIR=\"$" + TEMPORARY + "\"; else unset TMPDIR; fi",
            "if [ -n \"$" + MEMORY + "\" ]; then",
            "    export OMPI_MCA_btl_vader_backing_directory=\"$" + MEMORY + "\"",
            "    export OMPI_MCA_btl_sm_backing_directory=\"$" + MEMORY + "\"",
            "fi",
            "mask=; n=0",
            "for each in $" + MASKS + "; do [ $n -ne $slot ] || mask=$each; n=$((n + 1)); done",
            "unset "
                    + String.join(
                            " ", SITES, MASKS, FOLDER, ERRORS, TEMPORARY, MEMORY, "COLLA_MPI_DESK", "COLLA_MPI_JOB"),
            "command -v -- \"$1\" >/dev/null || {",
            "    case $1 in */*) why=\"is no executable file there\" ;; *) why=\"was not found on its PATH ($PATH)\" ;; esac",
            "    echo \"program '$1' $why\" >&2",
            "    exit 127",
            "}",
            "[ -z \"$mask\" ] || exec taskset -c \"$mask\" \"$@\"",
            "exec \"$@\"");

    /** For launchers that start one program: takes the part of the rank's number out of END LENGTH WORD…, once for each part. */
    private static final String CHOOSE = String.join(
            "\n",
            "while [ \"${SLURM_PROCID:-${PMI_RANK:-0}}\" -ge \"$1\" ]; do shift $(($2 + 2)); done",
            "length=$2; shift 2; rest=$(($# - length))",
            "while [ $length -gt 0 ]; do set -- \"$@\" \"$1\"; shift; length=$((length - 1)); done",
            "shift $rest",
            "");

    private RankScript() {}

    /** The command line of ranks that become this program. */
    static List<String> of(List<String> argv) {
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", TEXT, "colla-rank"));
        words.addAll(argv);
        return words;
    }

    /** One command line for ranks of several programs. */
    static List<String> choosing(List<MpiJob.Part> parts) {
        if (parts.size() == 1) {
            return of(parts.get(0).argv());
        }
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", CHOOSE + TEXT, "colla-rank"));
        int end = 0;
        for (MpiJob.Part part : parts) {
            end += part.ranks();
            words.add(Integer.toString(end));
            words.add(Integer.toString(part.argv().size()));
            words.addAll(part.argv());
        }
        return words;
    }
}

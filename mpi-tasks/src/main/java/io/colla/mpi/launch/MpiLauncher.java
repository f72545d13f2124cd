package io.colla.mpi.launch;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One kind of MPI launcher: how its command line is made, and what its messages mean. Immutable. */
interface MpiLauncher {

    /** How users name it. */
    String name();

    /** The program, for messages. */
    String program();

    /** Whether it starts daemons on the other nodes through {@link Desk#agent()}; else it reaches them by itself and needs their {@link NodeSite}s. */
    boolean hasDaemons();

    /** Whether the end of an agent is the end of its daemon to it; else agents need not wait for that. */
    default boolean watchesAgents() {
        return false;
    }

    /** The command of a daemon, as it is to be run: in the foreground. */
    default String daemon(String command) {
        return command;
    }

    /** Its command line. */
    List<String> command(Launch launch);

    /** What its environment must say. */
    Map<String, String> environment(Launch launch);

    /** The file that tells it hosts and slots. */
    String hosts(Launch launch);

    /** Whether it says that ranks exited with a code, which then is its own, without saying which: several at once. */
    default boolean tellsOfExitCodes(String errors) {
        return false;
    }

    /** The rank that failed first, by what the launcher wrote to standard error. */
    Optional<RankFailure> failure(String errors);
}

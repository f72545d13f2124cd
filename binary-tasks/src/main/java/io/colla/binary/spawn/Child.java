package io.colla.binary.spawn;

import java.time.Duration;
import java.util.Optional;

/**
 * A started program, leader of a session and process group of its own.
 *
 * <p>All methods may be called from any thread. Waiting neither polls nor reacts to {@link Thread#interrupt()}: to end a
 * wait early, end the program with {@link #terminate} or {@link #kill}.
 */
public interface Child {

    /** The process id, which is also the id of its process group and session. */
    long pid();

    /**
     * Waits until the program ends. Processes that it left behind, in its group or in sessions of their own, are
     * killed before this returns or, for {@link Spawners.Kind#POSIX_SPAWN} and {@link
     * Spawners.Kind#PROCESS_BUILDER} and other sessions only, shortly after.
     *
     * @throws SpawnException with {@link SpawnException.Reason#LOST} if the program's fate cannot be known any more
     */
    ExitStatus await() throws SpawnException;

    /** As {@link #await()}, but gives up after a time, with an empty result; the program goes on. */
    Optional<ExitStatus> await(Duration atMost) throws SpawnException;

    /** Sends a signal to the program or to its whole group; does nothing once it has ended. */
    void kill(Signal signal, boolean group);

    /**
     * Sends SIGTERM to the group now, and SIGKILL if the program has not ended after the grace. Returns at once; the
     * end is seen with {@link #await()}.
     */
    void terminate(Duration grace);
}

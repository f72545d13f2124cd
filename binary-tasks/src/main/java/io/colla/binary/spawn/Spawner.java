package io.colla.binary.spawn;

/**
 * Starts programs. Safe for use by many threads at once: each may start a program and wait for it.
 *
 * <p>The caller must {@link Child#await() wait} for every child it started; what a child holds is only released then.
 */
public interface Spawner extends AutoCloseable {

    /** The name under which {@link Spawners} knows this implementation, for messages and logs. */
    String name();

    /** What this implementation makes of {@link Command#memoryLimit()}, as a phrase for logs and {@code doctor}. */
    String memoryEnforcement();

    /**
     * Starts a program; returns once it runs, that is after a successful exec.
     *
     * @throws SpawnException if it cannot be started: the message is one sentence for the user
     */
    Child spawn(Command command) throws SpawnException;

    /** Ends every program still running, with its descendants, and gives everything back. Further spawns fail. */
    @Override
    void close();
}

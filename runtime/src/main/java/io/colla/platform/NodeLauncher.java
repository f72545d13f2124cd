package io.colla.platform;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Starts a process on nodes of an allocation, with all the cores and the memory that the allocation gives there. Thread-safe. */
public interface NodeLauncher extends AutoCloseable {
    /**
     * Starts the command once on each node and returns at once.
     *
     * @param nodes nodes of the allocation
     * @param command what to run there
     * @param listener told from any thread of what happens later
     */
    void launch(List<NodeShare> nodes, WorkerCommand command, Listener listener);

    /**
     * Ends what is still running of all launches: politely, then by force when the grace is over. Returns when nothing that can be reached is left.
     *
     * @return sentences about what could not be ended; empty when all is gone
     */
    List<String> stop(Duration grace);

    /** {@link #stop} with a short grace. */
    @Override
    void close();

    /**
     * The command, the same on every node.
     *
     * @param argv program (an absolute path) and arguments; no shell
     * @param input written to the process' standard input, which then stays open for the life of the launch: its end, where the launcher can
     *     bring it about, tells the worker that its launcher is gone. Secrets travel here and nowhere else. The process finds its node's name in the environment as
     *     {@code COLLA_NODE}.
     * @param environment added to the environment that the node gives
     * @param directory working folder, which exists on the nodes; null: wherever the system starts it
     * @param exchange a folder of this run's own that the nodes are expected to see, for launchers that have no channel but files; null: there is none
     */
    record WorkerCommand(
            List<String> argv,
            byte[] input,
            Map<String, String> environment,
            @Nullable String directory,
            @Nullable Path exchange) {

        /** Without a folder for files. */
        public WorkerCommand(
                List<String> argv, byte[] input, Map<String, String> environment, @Nullable String directory) {
            this(argv, input, environment, directory, null);
        }
    }

    /** Hears of the started processes. */
    interface Listener {
        /** A line that a worker, or the launching program about it, printed; {@code node} is empty when that is not known. */
        void printed(String node, String line);

        /**
         * A worker ended or could not be started; {@code what} says how, in words for a person.
         *
         * @param node its node's name
         */
        void ended(String node, String what);
    }
}

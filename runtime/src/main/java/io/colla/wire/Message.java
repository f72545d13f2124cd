package io.colla.wire;

import io.colla.api.Direction;
import io.colla.platform.TaskDefinition;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message between the master and a worker. Numbers of tasks, attempts and contents are dense and non-negative. A <i>content</i> is what one
 * data version holds: its number names it in every process' store; it is never reused. Times are nanoseconds.
 */
public sealed interface Message {

    /** From the master to a worker. */
    sealed interface ToWorker extends Message {}

    /** From a worker to the master. */
    sealed interface ToMaster extends Message {}

    /** Introduces a definition before its first use on that worker. */
    record Define(int definition, TaskDefinition content) implements ToWorker {}

    /**
     * Runs a task when its inputs are here and its resources are free.
     *
     * @param nodes for a task with ranks or on several nodes, their names, this one first; else empty
     * @param ranks how many ranks each of the nodes has; empty for a task without ranks
     * @param coresPerRank cores of each rank; 0 for a task without ranks
     * @param folder absolute path of one that all nodes see, to be made for those of the task's files that are in a node's store; null for none
     * @param timeout nanoseconds; 0 for none
     * @param arguments one per parameter
     * @param accesses what the arguments' numbers refer to
     * @param result the access that the function's result goes to; -1 for none
     */
    record Run(
            int task,
            int attempt,
            int definition,
            int implementation,
            int priority,
            Needs needs,
            List<String> nodes,
            List<Integer> ranks,
            int coresPerRank,
            @Nullable String folder,
            long timeout,
            List<Argument> arguments,
            List<Access> accesses,
            int result)
            implements ToWorker {
        /** Of a task without ranks. */
        public Run(
                int task,
                int attempt,
                int definition,
                int implementation,
                int priority,
                Needs needs,
                List<String> nodes,
                long timeout,
                List<Argument> arguments,
                List<Access> accesses,
                int result) {
            this(
                    task,
                    attempt,
                    definition,
                    implementation,
                    priority,
                    needs,
                    nodes,
                    List.of(),
                    0,
                    null,
                    timeout,
                    arguments,
                    accesses,
                    result);
        }
    }

    /** What a task takes of one node. */
    record Needs(int cores, long memory, Map<String, Integer> resources) {}

    /** An argument of a task. */
    sealed interface Argument {
        /** A value: null, a boxed primitive, a String, or {@link Serialized}. */
        record Value(@Nullable Object value) implements Argument {}

        /** The datum of one access. */
        record Single(int access) implements Argument {}

        /** The data of several accesses as a list. */
        record Many(List<Integer> accesses) implements Argument {}
    }

    /** A serialized object. */
    record Serialized(byte[] bytes) {}

    /**
     * One datum as a task uses it.
     *
     * @param input content that is read; -1 for none
     * @param output content that is written; -1 for none
     * @param mode what happens to the input's content
     * @param file where the files are; null for an object
     * @param value the input itself when it is small: as {@link Argument.Value#value()}; only meaningful if {@code inline}
     * @param sources workers that have the input, when this one may not
     * @param type class name to instantiate for an OUT object; null for none
     */
    record Access(
            Direction direction,
            int input,
            int output,
            Mode mode,
            @Nullable FilePlace file,
            boolean inline,
            @Nullable Object value,
            List<Source> sources,
            @Nullable String type) {}

    /** What happens to an input's content. */
    enum Mode {
        /** Stays as it is. */
        KEEP,
        /** Becomes the output: changed in place; the input is gone. */
        CONSUME,
        /** Is copied, and the copy becomes the output. */
        COPY,
        /** Is shared with other tasks that change it at the same time; made from a copy of the input by the first. */
        SHARE
    }

    /**
     * Where a file's contents are.
     *
     * @param name the file's name, kept for the programs that look at it
     * @param input absolute path of the input when every node sees it; null: in this node's store
     * @param output absolute path of the output when every node sees it; null: in this node's store
     */
    record FilePlace(String name, @Nullable String input, @Nullable String output) {}

    /** A process that serves contents. */
    record Source(int worker, List<String> addresses, int port) {}

    /** Ends the task, whether waiting or running; answered by {@link Stopped} or what came before it. */
    record Stop(int task, int attempt, String reason) implements ToWorker {}

    /** Gives the task back if it has not begun; answered by {@link Returned}, or by its end. */
    record GiveBack(int task, int attempt) implements ToWorker {}

    /**
     * Sets resources of this node aside for a task whose first node is another; answered by {@link Holding}.
     *
     * @param definition its number, for the trace: the task is not sent here
     */
    record Hold(int task, int attempt, int definition, Needs needs) implements ToWorker {}

    /** Ends a {@link Hold}. */
    record Release(int task, int attempt) implements ToWorker {}

    /** Lets a task on several nodes begin: all its nodes hold. Goes to all of them; the first begins it. */
    record Begin(int task, int attempt) implements ToWorker {}

    /**
     * Does something for a task whose first node is another, with the resources of a {@link Hold}; answered by {@link ErrandSays} and {@link ErrandEnds}.
     *
     * @param errand its number, of the first node's worker
     * @param kind of the executor that does it
     */
    record DoErrand(int task, int attempt, int errand, String kind, byte[] request) implements ToWorker {}

    /** Ends an errand before its task is over. */
    record StopErrand(int task, int attempt, int errand) implements ToWorker {}

    /** To the task's first node: what an errand says. */
    record ErrandSaid(int task, int attempt, int errand, byte[] content) implements ToWorker {}

    /** To the task's first node: an errand is over. The error is one sentence; null when there was none. */
    record ErrandEnded(int task, int attempt, int errand, @Nullable String error) implements ToWorker {}

    /** Deletes contents. */
    record Drop(int[] contents) implements ToWorker {}

    /** Answers {@link Ask}. */
    record Answer(int number, byte[] content) implements ToWorker {}

    /** Answers {@link LogPiece}. */
    record LogTaken() implements ToWorker {}

    /** Asks for a {@link Pong}. */
    record Ping(long sent) implements ToWorker {}

    /** Ends the worker in order: tasks are ended, nothing is left behind. */
    record Shutdown(String reason) implements ToWorker {}

    /**
     * A worker introduces itself.
     *
     * @param protocol {@link #PROTOCOL}
     * @param node name of its node in the allocation
     * @param host the node's own host name
     * @param cores cores it may use
     * @param memory bytes that tasks may use
     * @param addresses where its data can be fetched
     * @param sharesRunFolder whether it sees the master's run folder
     * @param mounts its file systems
     */
    record Register(
            int protocol,
            String node,
            String host,
            long pid,
            String java,
            int cores,
            long memory,
            Map<String, Integer> resources,
            Map<String, String> properties,
            List<String> addresses,
            int port,
            boolean sharesRunFolder,
            List<Mount> mounts)
            implements ToMaster {}

    /** A mounted file system: mount point, type, and source (device or server). */
    record Mount(String point, String type, String source) {}

    /** The task has been running for a while, so that what was sent ahead waits behind it. */
    record Began(int task, int attempt) implements ToMaster {}

    /**
     * The task is done.
     *
     * @param run nanoseconds that its own code took
     * @param outputs in the order of the accesses that write
     */
    record Finished(int task, int attempt, long run, List<Output> outputs) implements ToMaster {}

    /**
     * A content that a task wrote.
     *
     * @param size bytes, as well as it is known without serializing
     * @param inline whether {@code value} has it
     */
    record Output(int content, long size, boolean inline, @Nullable Object value) {}

    /**
     * The task failed.
     *
     * @param message one sentence
     * @param exception the serialized exception; null when it could not be, or there is none
     * @param stack printed stack trace, or the end of what the program printed; may be empty
     * @param touched whether it may have changed contents in place
     * @param retriable whether another attempt could do better
     * @param endsGroup whether the other tasks of its group are to be cancelled
     */
    record Failed(
            int task,
            int attempt,
            long run,
            String message,
            byte @Nullable [] exception,
            String stack,
            boolean touched,
            boolean retriable,
            boolean endsGroup)
            implements ToMaster {
        /** Of a task that does not end its group. */
        public Failed(
                int task,
                int attempt,
                long run,
                String message,
                byte @Nullable [] exception,
                String stack,
                boolean touched,
                boolean retriable) {
            this(task, attempt, run, message, exception, stack, touched, retriable, false);
        }
    }

    /**
     * The task was ended as asked.
     *
     * @param run nanoseconds that it ran
     */
    record Stopped(int task, int attempt, long run, boolean touched) implements ToMaster {}

    /** The task had not begun and is given back. */
    record Returned(int task, int attempt) implements ToMaster {}

    /**
     * The task has not begun and cannot, because this input is not here.
     *
     * @param failed the workers that were asked for it; none if it should have been here, where the master may take it to be
     */
    record Unfetched(int task, int attempt, int content, int[] failed, String why) implements ToMaster {}

    /** The resources of a {@link Hold} are set aside. */
    record Holding(int task, int attempt) implements ToMaster {}

    /**
     * The task's first node wants something done on another; becomes {@link DoErrand} there.
     *
     * @param node index in {@link Run#nodes()}, from 1
     */
    record AskErrand(int task, int attempt, int errand, int node, String kind, byte[] request) implements ToMaster {}

    /** The task's first node wants an errand to end. */
    record EndErrand(int task, int attempt, int errand, int node) implements ToMaster {}

    /** Goes on to the task's first node as {@link ErrandSaid}. */
    record ErrandSays(int task, int attempt, int errand, byte[] content) implements ToMaster {}

    /** Goes on to the task's first node as {@link ErrandEnded}. */
    record ErrandEnds(int task, int attempt, int errand, @Nullable String error) implements ToMaster {}

    /**
     * The task waits for tasks that it has called, so that its cores can be used by others, or goes on.
     *
     * @param turn 1 for its first pause, 2 when it goes on, and so on
     */
    record Turned(int task, int attempt, int turn) implements ToMaster {}

    /** This worker now has the content too. */
    record Fetched(int content) implements ToMaster {}

    /** What a running task prints, to be shown at once. */
    record Printed(int task, String text) implements ToMaster {}

    /**
     * A question of a running task, whose meaning is between its executor and the program.
     *
     * @param number of the question, the worker's own, for {@link Answer}; 0 if it wants none
     * @param channel what it is about
     */
    record Ask(int number, int task, int attempt, int channel, byte[] question) implements ToMaster {}

    /**
     * Answers {@link Ping}.
     *
     * @param sent the ping's
     * @param now the worker's clock
     */
    record Pong(long sent, long now) implements ToMaster {}

    /**
     * A piece of a trace log of this node, which does not see the run's folder; answered by {@link LogTaken} when it has been written there.
     *
     * @param file the log's name
     * @param position where it belongs in the log
     */
    record LogPiece(String file, long position, byte[] content) implements ToMaster {}

    /** The worker ends by itself and says why. */
    record Leaving(String reason) implements ToMaster {}

    int PROTOCOL = 9;
}

package io.colla.tracing.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the time of a run went. Times are nanoseconds; what a trace does not tell is null.
 *
 * @param name of the trace
 * @param file it was read from
 * @param begun when, as the trace says
 * @param elapsed from the trace's begin to its end
 * @param slots cores that tasks could have
 * @param tasks that ran; a task that was tried twice counts twice
 * @param failed of these
 * @param mainThread null if the trace does not tell what the main program did
 * @param ready null if it does not tell which tasks were ready
 * @param path null if it does not tell which task needed which
 * @param use null if no counters of nodes were recorded
 * @param functions by their time, longest first
 * @param transfers between nodes, most bytes first
 * @param data that were sent most, most bytes first
 * @param notes what is to be known about the trace itself
 */
public record TraceReport(
        String name,
        String file,
        String begun,
        long elapsed,
        int slots,
        long tasks,
        long failed,
        List<Node> nodes,
        Efficiency efficiency,
        CoreTime coreTime,
        Concurrency concurrency,
        @Nullable Ready ready,
        Overhead overhead,
        @Nullable CriticalPath path,
        @Nullable MainThread mainThread,
        Tail tail,
        @Nullable Use use,
        List<Function> functions,
        List<Transfer> transfers,
        List<Datum> data,
        List<String> notes,
        List<Advice> advice) {

    /**
     * A node.
     *
     * @param slots cores that tasks could have
     * @param taskTime of all its cores
     * @param busiest what its busiest core had
     * @param pace how long its tasks last against those of the same functions elsewhere: 1.2 is a fifth longer; 0 where there is nothing to compare
     * @param compared tasks that the pace is of
     */
    public record Node(String name, int slots, long tasks, long taskTime, long busiest, double pace, long compared) {}

    /**
     * Parallel efficiency and its factors, of 1.
     *
     * @param parallel time in tasks of the time of all cores
     * @param loadBalance the mean core's time in tasks of the busiest core's
     * @param communication the busiest core's time in tasks of the time that passed
     */
    public record Efficiency(double parallel, double loadBalance, double communication) {}

    /**
     * How many cores were in tasks.
     *
     * @param nanosByCores how long 0, 1, 2 … were
     * @param nanosBelow how long fewer than all were
     */
    public record Concurrency(double mean, int peak, List<Long> nanosByCores, long nanosBelow) {}

    /** Tasks that could have run at once. */
    public record Ready(double mean, long peak) {}

    /**
     * What a task costs besides its own code.
     *
     * @param before mean from when a thread turned to it until its code began
     * @param after mean from its code's end until the thread had done with it
     * @param tasks of which that is known
     * @param gap mean time that a core was without a task while one was ready; of all gaps if the trace does not tell what was ready
     * @param median of before and after together
     * @param gapMedian median of the same
     * @param gaps number of them
     */
    public record Overhead(
            double before, double after, long tasks, double gap, long median, long gapMedian, long gaps) {}

    /**
     * The longest chain of tasks that needed each other.
     *
     * @param length time in its tasks
     * @param steps in order; the first 10,000
     * @param functions its time by function, longest first
     * @param parallelism time of all tasks by the length: the cores that could be kept busy at most, on average
     */
    public record CriticalPath(long length, List<TaskRef> steps, List<PathPart> functions, double parallelism) {
        public long tasks() {
            return functions.stream().mapToLong(PathPart::tasks).sum();
        }
    }

    /** A function's part of the critical path. */
    public record PathPart(String function, long tasks, long time) {}

    /** A task: its number as in messages, and where and when it ran. */
    public record TaskRef(int id, String function, String node, long begin, long duration) {}

    /**
     * What the main program did.
     *
     * @param waiting time in calls that wait for tasks or data
     * @param submitting time in calls of tasks
     * @param calls by call, longest first
     */
    public record MainThread(long waiting, long submitting, List<Call> calls) {}

    /** A call of the runtime by the main program. */
    public record Call(String name, long count, long time) {}

    /**
     * The end of the run, when not all cores had a task any more.
     *
     * @param since when all cores were last busy; -1 if they never were
     * @param idle time of idle cores from then to the last task's end
     * @param last the tasks that ended last, the last first
     */
    public record Tail(long since, long idle, List<TaskRef> last) {
        /** Nanoseconds from then to the last task's end; there must be one. */
        long length() {
            TaskRef end = last.get(0);
            return end.begin() + end.duration() - since;
        }
    }

    /**
     * What nodes used, by their counters.
     *
     * @param coresHeld cores in tasks on average, while it was counted
     * @param coresUsed cores busy on average at the same time
     * @param memoryHeld MiB that tasks had asked for on one node at most
     * @param memoryUsed MiB in use on one node at most
     */
    public record Use(double coresHeld, double coresUsed, long memoryHeld, long memoryUsed) {}

    /**
     * Tasks of one function. A task of several cores counts with the time that it lasted, once, but for {@code coreTime}.
     *
     * @param p95 the time that 95 % of its tasks do not exceed
     * @param variation standard deviation by mean
     * @param coreTime total with each task's cores
     * @param share of the time of all tasks' cores
     * @param before mean time from when a thread turned to a task until its code began
     * @param cost median time around a task
     * @param cores that a task has at most
     * @param memory MiB that a task has at most; 0 if it asks for none
     * @param longest its longest tasks, longest first
     */
    public record Function(
            String name,
            long count,
            long failed,
            long total,
            double mean,
            long median,
            long p95,
            double variation,
            long max,
            long coreTime,
            double share,
            double before,
            long cost,
            int cores,
            long memory,
            List<TaskRef> longest) {}

    /** What went from one node to another: messages, bytes, the sum of their times. */
    public record Transfer(String from, String to, long count, long bytes, long time) {}

    /** Contents that were sent, by their number in the trace. */
    public record Datum(long number, long count, long bytes) {}

    TraceReport with(List<Advice> given) {
        return new TraceReport(
                name,
                file,
                begun,
                elapsed,
                slots,
                tasks,
                failed,
                nodes,
                efficiency,
                coreTime,
                concurrency,
                ready,
                overhead,
                path,
                mainThread,
                tail,
                use,
                functions,
                transfers,
                data,
                notes,
                given);
    }
}

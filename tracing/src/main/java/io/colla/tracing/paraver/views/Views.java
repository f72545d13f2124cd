package io.colla.tracing.paraver.views;

import io.colla.tracing.EventTypes;
import io.colla.tracing.paraver.views.Timeline.Colours;
import io.colla.tracing.paraver.views.Timeline.Messages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/** The views that come with each trace. */
public final class Views {
    private static final List<View> ALL = List.of(
            View.of("tasks", "Which function each executor runs.", tasks()),
            View.of(
                    "task_ids",
                    "Which task each executor runs, by its number as in messages: light to dark is early to late.",
                    Timeline.events("Task numbers", EventTypes.TASK_ID).at(Level.THREAD, Colours.GRADIENT)),
            View.of(
                    "task_types",
                    "What kind of task each executor has: method, binary, MPI program; with what is around its code.",
                    Timeline.events("Types of tasks", EventTypes.TASK_TYPE)),
            View.of("failed_tasks", "Where tasks failed.", Timeline.events("Failed tasks", EventTypes.TASK_FAILED)),
            View.of(
                    "concurrent_tasks",
                    "How many tasks run at a time.",
                    tasks().composed(Timeline.SIGN).at(Level.WORKLOAD, Colours.CURVE)),
            View.of(
                    "concurrent_tasks_by_machine",
                    "How many tasks run at a time on each machine.",
                    tasks().composed(Timeline.SIGN).at(Level.APPLICATION, Colours.GRADIENT)),
            View.of(
                    "cores_of_tasks",
                    "How many cores the tasks have that run at a time.",
                    Timeline.events("Cores of tasks", EventTypes.CPUS).at(Level.WORKLOAD, Colours.CURVE)),
            View.of("overhead", "Where an executor has a task but does not run its code: fetching, storing.", around()),
            View.of(
                            "overhead_share",
                            "Share of the time in which an executor has a task but does not run it.",
                            around())
                    .table(percent("Time around tasks", 3)),
            View.of("efficiency", "Share of each executor's time by function; 0 is none.", tasks())
                    .table(percent("Time in tasks", 1)),
            View.of("task_counts", "How many tasks of each function each executor ran.", tasks())
                    .table(new Histogram("Tasks", 1, 1, Histogram.BURSTS, Histogram.SEMANTIC)),
            View.of(
                            "task_durations",
                            "How many tasks took how long, in microseconds; 0 is time without task.",
                            stretches("Durations of tasks", Timeline.SIGN))
                    .table(new Histogram("Durations of tasks", 3, 3, Histogram.BURSTS, Histogram.SEMANTIC)),
            View.of(
                    "gaps_between_tasks",
                    "How long an executor waits between two tasks, in microseconds.",
                    stretches("Gaps between tasks", "1-Sign")),
            View.of(
                    "ready_tasks",
                    "How many tasks could run and wait for cores.",
                    Timeline.events("Ready tasks", EventTypes.READY_COUNT).at(Level.WORKLOAD, Colours.CURVE)),
            View.of(
                    "executors",
                    "How many executors there are.",
                    Timeline.events("Executors", EventTypes.EXECUTOR_COUNT)
                            .composed(Timeline.SIGN)
                            .at(Level.WORKLOAD, Colours.CURVE)),
            View.of(
                    "executor_activity",
                    "Which executors are at work.",
                    Timeline.events("Executors at work", EventTypes.EXECUTOR_ACTIVITY)),
            View.of(
                    "threads",
                    "What each row is: main program, executor, Python worker.",
                    Timeline.events("Kinds of threads", EventTypes.THREAD_TYPE)),
            View.of(
                    "cores",
                    "On which core of its node each task runs.",
                    Timeline.events("First core of tasks", EventTypes.CPU_AFFINITY)
                            .at(Level.THREAD, Colours.GRADIENT)),
            View.of("main_program", "What the main program calls and waits for.", calls()),
            View.of("main_program_time", "Share of its time that the main program spends in each call.", calls())
                    .table(percent("Time in calls", 1)),
            View.of(
                    "runtime",
                    "What master and workers do: phases of the runtime.",
                    nested("Runtime", EventTypes.RUNTIME)),
            View.of("states", "What each thread does: in a task, around it, waiting.", states()),
            View.of(
                    "transfers",
                    "Contents that go from machine to machine: lines from sender to receiver, and bytes on their way.",
                    states().thread("Recv Bytes in Transit")
                            .at(Level.APPLICATION, Colours.GRADIENT)
                            .with(Messages.TRANSFERS)),
            View.of(
                            "transfer_matrix",
                            "Bytes that each machine sent to each other.",
                            states().at(Level.APPLICATION, Colours.CODE).with(Messages.TRANSFERS))
                    .table(new Histogram("Bytes sent", 1, 1, Histogram.BYTES_SENT, Histogram.APPLICATION)),
            View.of(
                    "dependencies",
                    "Which task waited for which: lines from the one to the other, over the tasks.",
                    tasks().with(Messages.DEPENDENCIES)),
            View.of(
                    "inside_tasks",
                    "What Python does inside tasks: parameters, user code, serialisation.",
                    nested("Inside tasks", EventTypes.INSIDE_TASK)),
            View.of(
                            "inside_tasks_time",
                            "Share of the time that Python's workers spend with each part of a task.",
                            nested("Inside tasks", EventTypes.INSIDE_TASK))
                    .table(percent("Time inside tasks", 1)),
            View.of("python_workers", "What Python's workers do.", nested("Python workers", EventTypes.INSIDE_WORKER)),
            View.of(
                    "python_main_program",
                    "What the Python binding does in the main program.",
                    nested("Python main program", EventTypes.BINDING_MASTER)),
            View.of(
                    "serialized_bytes",
                    "Sizes of the objects that Python serialises.",
                    Timeline.events("Serialised bytes", EventTypes.SERIALIZATION_SIZE)
                            .at(Level.THREAD, Colours.GRADIENT)),
            View.of(
                    "node_cores",
                    "Cores of each node in use, in thousandths: by the job where it has a control group, else by anyone.",
                    sampled("Cores in use", EventTypes.NODE_CPU)),
            View.of(
                    "node_memory",
                    "MiB of each node's memory in use: by the job where it has a control group, else by anyone.",
                    sampled("Memory in use", EventTypes.NODE_MEMORY)),
            View.of(
                    "node_received",
                    "Bytes that each node received, sample by sample.",
                    sampled("Bytes received", EventTypes.NODE_RECEIVED)),
            View.of(
                    "node_sent",
                    "Bytes that each node sent, sample by sample.",
                    sampled("Bytes sent by node", EventTypes.NODE_SENT)),
            View.of(
                    "instructions",
                    "Instructions of each task, as the processor counts them.",
                    counted("Instructions", EventTypes.INSTRUCTIONS)),
            View.of(
                    "instructions_per_cycle",
                    "Instructions per cycle of each task, as the processor counts them.",
                    counted("Instructions", EventTypes.INSTRUCTIONS),
                    counted("Cycles", EventTypes.CYCLES),
                    Timeline.derived("Instructions per cycle", "divide", 1, 2).at(Level.THREAD, Colours.GRADIENT)),
            View.of(
                    "user_functions",
                    "Functions of the application that run inside tasks.",
                    nested("Functions", EventTypes.USER_FUNCTION)),
            View.of("user_events", "The application's own events.", Timeline.events("User events", EventTypes.USER)));

    private Views() {}

    private static Timeline tasks() {
        return Timeline.events("Tasks", EventTypes.TASK);
    }

    private static Timeline states() {
        return Timeline.events("States", 0).thread("State As Is");
    }

    private static Timeline calls() {
        return nested("Calls of the main program", EventTypes.API);
    }

    /** Events of which one may begin within another. */
    private static Timeline nested(String name, int type) {
        return Timeline.events(name, type).composed(Timeline.STACKED);
    }

    /** Counters say at an event what was counted since the one before. */
    private static Timeline counted(String name, int type) {
        return Timeline.events(name, type).thread("Next Evt Val").at(Level.THREAD, Colours.GRADIENT);
    }

    private static Timeline sampled(String name, int type) {
        return Timeline.events(name, type).at(Level.APPLICATION, Colours.GRADIENT);
    }

    /** An executor has a task as long as it has a type; the runtime's own phases may come between, so they are not asked. */
    private static Timeline[] around() {
        return new Timeline[] {
            Timeline.events("Has a task", EventTypes.TASK_TYPE).composed(Timeline.SIGN),
            tasks().composed(Timeline.SIGN),
            Timeline.derived("Time around tasks", "substract", 1, 2)
        };
    }

    /** Paraver knows how long it is from one event to the next: that is a task's time where there is a task. */
    /** How long each stretch of tasks (by {@link Timeline#SIGN}), or of none, lasts. */
    private static Timeline[] stretches(String name, String where) {
        return new Timeline[] {
            tasks().thread("Int. Between Evt").at(Level.THREAD, Colours.GRADIENT),
            tasks().composed(where),
            Timeline.derived(name, "product", 1, 2).at(Level.THREAD, Colours.GRADIENT)
        };
    }

    private static Histogram percent(String name, int window) {
        return new Histogram(name, window, window, Histogram.PERCENT_OF_TIME, Histogram.SEMANTIC);
    }

    public static List<View> all() {
        return ALL;
    }

    /** Those that show something of a trace with events of these types. */
    public static List<View> of(Collection<Integer> types) {
        Predicate<View> shows =
                view -> view.events().isEmpty() || view.events().stream().allMatch(types::contains);
        return ALL.stream().filter(shows).toList();
    }

    /**
     * Writes them into a folder, made if it is not there, as {@code NAME.cfg}.
     *
     * @return the files
     */
    public static List<Path> write(List<View> views, Path folder) throws IOException {
        Files.createDirectories(folder);
        List<Path> files = new ArrayList<>();
        for (View view : views) {
            files.add(Files.writeString(folder.resolve(view.name() + ".cfg"), view.text()));
        }
        return files;
    }
}

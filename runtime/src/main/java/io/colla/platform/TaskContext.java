package io.colla.platform;

import io.colla.api.Direction;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One task as its executor sees it. Used by the executing thread only, except {@link #ended} and {@link #errand}. */
public interface TaskContext {
    int task();

    /** 1 for the first attempt. */
    int attempt();

    TaskDefinition definition();

    /** {@link TaskDefinition.Implementation#body()} of the implementation to run. */
    Serializable body();

    int arguments();

    /**
     * The argument: a value; a {@link Path} for a file, in place to be read or written under that very path; a {@code List} of these for many. An OUT
     * object is null before {@link #set}.
     */
    @Nullable
    Object argument(int index);

    Direction direction(int index);

    /** Whether the argument is a file (or a list of files). */
    boolean isFile(int index);

    /** The class that the application declared for an object argument that the task writes only; null when it did not, or for other arguments. */
    @Nullable
    String type(int index);

    /** Replaces the content of an object argument that the task writes; an object that was changed in place need not be set. */
    void set(int index, @Nullable Object value);

    /** The task waits for other tasks from now on: they may use its cores, not its memory, until {@link #resume}. Not for tasks on several nodes. */
    void pause();

    /**
     * Waits until there are cores for the task again, which may be others than before.
     *
     * @throws InterruptedException if the task is to be ended
     */
    void resume() throws InterruptedException;

    /**
     * The serialized form of an argument that is a value: what the call gave, as it came. For executors of other languages, whose values are opaque here.
     *
     * @throws IllegalArgumentException if it is not such an argument
     */
    byte[] serialized(int index);

    /** The data that the call uses, each of which one or more arguments stand for; the result is one of them. */
    int accesses();

    /** What the access stands for, as {@link #argument}; null for the result. */
    @Nullable
    Object access(int access);

    Direction accessDirection(int access);

    boolean isFileAccess(int access);

    /** Whether the task is the only one to use the object from now on, and its output will be in its place: it may be changed where it is. */
    boolean mayChange(int access);

    /** As {@link #set}, for one access. */
    void setAccess(int access, @Nullable Object value);

    /** The operating system's numbers of the cores that are this task's alone; empty when the worker does not know them. */
    List<Integer> cpus();

    /** Cores on this node. */
    int cores();

    /** Bytes on this node that the task asked for; 0 when it did not. */
    long memory();

    /** Amount of another resource on this node. */
    int resource(String name);

    /** All nodes of the task, this one first. */
    List<String> nodes();

    /**
     * For a task with ranks: how many of them are on each of {@link #nodes()}, in that order; {@link #cores}, {@link #cpus}, {@link #memory} and {@link #resource} are then this
     * node's totals. Empty for any other task.
     */
    List<Integer> ranks();

    /** Cores of each rank; {@link #cores} for a task without ranks. */
    int coresPerRank();

    /**
     * Lets {@link TaskExecutor#errand} of this task's kind do something on another node of the task. Returns at once. Ended with the task, at the latest. Any thread.
     *
     * @param node index in {@link #nodes()}, from 1
     * @param request for {@link Errand#request()}
     * @param listener told what the errand says, and that it is over
     * @throws IllegalArgumentException if the task has no such other node
     */
    ErrandListener.Handle errand(int node, byte[] request, ErrandListener listener);

    /** An empty folder, this attempt's alone; what is left in it is removed after the task. On the node's scratch disk. */
    Path workingDirectory();

    /**
     * Where to put what the task prints: a file of this attempt alone, empty or yet to be made, outside the working directory. On the node's scratch disk;
     * goes to the run's folder when the task fails, and away when it succeeds.
     *
     * @param stream the end of its name there
     */
    Path outputFile(String stream);

    /** For tools that record the task's program; null if the run is not traced, or this node does not see the run's folder. */
    default @Nullable ProgramTrace trace() {
        return null;
    }

    /** True when the task has been cancelled or its time is over; then the thread has been interrupted too. */
    boolean ended();

    /**
     * Registers what ends this task's work where interrupting its thread does not, such as a program that the thread waits for. Called once,
     * after {@link #ended} has become true, by any thread, which it must not keep waiting; at once, by this thread, if it has become true
     * already. Not called after the executor has returned. Several actions are called in the order of their registration.
     */
    void onEnd(Runnable action);
}

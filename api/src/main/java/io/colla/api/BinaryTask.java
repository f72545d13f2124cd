package io.colla.api;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A program as a task; its result is the exit code. The program's name, its arguments and the other texts below are templates:
 * {@code {{name}}} is replaced by the bound argument — a file's path, or a value's text (of texts, numbers, booleans, enum constants, dates, URIs) —
 * and never passes through a shell. Always available: {@code {{task.cores}}}, {@code {{task.memory_mb}}} (MiB on each node; 0 if the task
 * did not ask for memory), {@code {{task.id}}} and {@code {{task.nodes}}} (host names, comma-separated). An argument that is one
 * {@code {{name}}} bound to a list gives one argument per element; within a longer template a list is an error. Other objects, arrays and
 * null are errors. Double braces around anything that could be no name are left alone. Immutable.
 *
 * <p>The program runs on the task's cores alone, in a session of its own; what it leaves behind is ended with it. It sees the worker's
 * environment without Colla's own variables and the JVM's options, and {@code COLLA_TASK_ID}, {@code COLLA_TASK_CORES},
 * {@code COLLA_TASK_NODES} and {@code OMP_NUM_THREADS} (the task's cores, whatever the worker's environment says). The memory that the
 * task asks for is also the limit on the address space of each of its processes.
 *
 * <p>With {@link #ranks} it is an MPI program: {@code mpirun} or its like starts it once for each rank, and {@code {{task.cores}}},
 * {@code {{task.memory_mb}}} and {@code OMP_NUM_THREADS} are those of one rank.
 *
 * <p>File names that are relative start in the working directory, and so need one that is given; so does a program's name with a slash in it.
 *
 * @param program a path, or a name looked up on the PATH that the program will see
 * @param arguments the templates after the program's name
 * @param stdin template of a file name, or the single {@code {{name}}} of an object that is fed in: a text (as UTF-8), a {@code byte[]}, or a
 *     {@code List} of lines; null: empty
 * @param stdout template of a file name, or the single {@code {{name}}} of an object that the task writes and that receives what was printed:
 *     a {@code byte[]} for {@code colla.empty(byte[].class)} and an INOUT object that was one before, else a {@code String} (UTF-8); it is set only if
 *     the task succeeds; null: kept in the run's folder when the task fails
 * @param stderr as {@code stdout}; the same file or object as that of {@code stdout} gets both
 * @param workingDirectory template of a folder that exists; null: an empty folder, emptied after the task
 * @param environment added to the worker's environment; the values are templates
 * @param failOnExitCode whether an exit code other than 0 fails the task; if not, the code is just its result
 * @param options what the program needs
 * @param isOmpss see {@link #ompss()}
 */
public record BinaryTask(
        String program,
        List<String> arguments,
        @Nullable String stdin,
        @Nullable String stdout,
        @Nullable String stderr,
        @Nullable String workingDirectory,
        Map<String, String> environment,
        boolean failOnExitCode,
        TaskOptions options,
        boolean isOmpss)
        implements Serializable {

    public BinaryTask {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    /** A program that is not said to be an OmpSs program. */
    public BinaryTask(
            String program,
            List<String> arguments,
            @Nullable String stdin,
            @Nullable String stdout,
            @Nullable String stderr,
            @Nullable String workingDirectory,
            Map<String, String> environment,
            boolean failOnExitCode,
            TaskOptions options) {
        this(program, arguments, stdin, stdout, stderr, workingDirectory, environment, failOnExitCode, options, false);
    }

    /** The program with these argument templates. */
    public static BinaryTask of(String program, String... arguments) {
        return new BinaryTask(
                program, List.of(arguments), null, null, null, null, Map.of(), true, TaskOptions.defaults());
    }

    public BinaryTask args(String... more) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return new BinaryTask(
                program, all, stdin, stdout, stderr, workingDirectory, environment, failOnExitCode, options, isOmpss);
    }

    public BinaryTask stdin(String template) {
        return new BinaryTask(
                program,
                arguments,
                template,
                stdout,
                stderr,
                workingDirectory,
                environment,
                failOnExitCode,
                options,
                isOmpss);
    }

    public BinaryTask stdout(String template) {
        return new BinaryTask(
                program,
                arguments,
                stdin,
                template,
                stderr,
                workingDirectory,
                environment,
                failOnExitCode,
                options,
                isOmpss);
    }

    public BinaryTask stderr(String template) {
        return new BinaryTask(
                program,
                arguments,
                stdin,
                stdout,
                template,
                workingDirectory,
                environment,
                failOnExitCode,
                options,
                isOmpss);
    }

    public BinaryTask workingDirectory(String template) {
        return new BinaryTask(
                program, arguments, stdin, stdout, stderr, template, environment, failOnExitCode, options, isOmpss);
    }

    public BinaryTask environment(String name, String value) {
        Map<String, String> all = new TreeMap<>(environment);
        all.put(name, value);
        return new BinaryTask(
                program, arguments, stdin, stdout, stderr, workingDirectory, all, failOnExitCode, options, isOmpss);
    }

    /** The exit code is a result; only a program that cannot start or is killed fails the task. */
    public BinaryTask exitCodeIsResult() {
        return new BinaryTask(
                program, arguments, stdin, stdout, stderr, workingDirectory, environment, false, options, isOmpss);
    }

    /**
     * It is an OmpSs program: {@code NX_ARGS} tells Nanos++ to use the task's cores, with what the worker's environment and {@link #environment} say there too; what
     * they say of the same option counts. Nanos6 and nOS-V go by the cores that the program may use; their {@code NANOS6_CONFIG_OVERRIDE} and
     * {@code NOSV_CONFIG_OVERRIDE} reach it as they are.
     */
    public BinaryTask ompss() {
        return new BinaryTask(
                program,
                arguments,
                stdin,
                stdout,
                stderr,
                workingDirectory,
                environment,
                failOnExitCode,
                options,
                true);
    }

    /** {@link #with} this name in messages, summaries and traces. */
    public BinaryTask name(String name) {
        return with(TaskOptions.defaults().name(name));
    }

    /** {@link #with} so many cores on each node; {@code {{task.cores}}} stands for them. */
    public BinaryTask cores(int cores) {
        return with(TaskOptions.defaults().cores(cores));
    }

    /** {@link #with} so much memory on each node, as {@code 500M} or {@code 4G}. */
    public BinaryTask memory(String amount) {
        return with(TaskOptions.defaults().memory(amount));
    }

    /** {@link #with} so many ranks: the program is an MPI program, started once for each. */
    public BinaryTask ranks(int count) {
        return ranks(Ranks.of(count));
    }

    /** {@link #with} these ranks: the program is an MPI program, started once for each. */
    public BinaryTask ranks(Ranks ranks) {
        return with(TaskOptions.defaults().ranks(ranks));
    }

    /** With these options over those it has. */
    public BinaryTask with(TaskOptions more) {
        return new BinaryTask(
                program,
                arguments,
                stdin,
                stdout,
                stderr,
                workingDirectory,
                environment,
                failOnExitCode,
                options.and(more),
                isOmpss);
    }
}

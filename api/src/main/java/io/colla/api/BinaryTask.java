package io.colla.api;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A program as a task. Its arguments are templates: {@code {{name}}} is replaced by the bound argument — a file's path, or a value's
 * text — and never passes through a shell. Always available: {@code {{task.cores}}}, {@code {{task.memory_mb}}},
 * {@code {{task.id}}} and {@code {{task.nodes}}} (host names, comma-separated). A template that is one {@code {{name}}} bound to a list gives one
 * argument per element. Immutable.
 *
 * @param program a path, or a name looked up on the node's PATH
 * @param arguments the templates after the program's name
 * @param stdin template of a file name, or the single {@code {{name}}} of an object whose text or bytes are fed in; null: empty
 * @param stdout template of a file name, or the single {@code {{name}}} of an OUT object that receives what was printed (a {@code byte[]} or
 *     {@code String}); null: kept in the run's folder when the task fails
 * @param stderr as {@code stdout}
 * @param workingDirectory template; null: a fresh folder, removed after the task
 * @param environment added to the worker's environment; the values are templates
 * @param failOnExitCode whether an exit code other than 0 fails the task; if not, the code is just its result
 * @param options what the program needs
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
        TaskOptions options)
        implements Serializable {

    public BinaryTask {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
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
                program, all, stdin, stdout, stderr, workingDirectory, environment, failOnExitCode, options);
    }

    public BinaryTask stdin(String template) {
        return new BinaryTask(
                program, arguments, template, stdout, stderr, workingDirectory, environment, failOnExitCode, options);
    }

    public BinaryTask stdout(String template) {
        return new BinaryTask(
                program, arguments, stdin, template, stderr, workingDirectory, environment, failOnExitCode, options);
    }

    public BinaryTask stderr(String template) {
        return new BinaryTask(
                program, arguments, stdin, stdout, template, workingDirectory, environment, failOnExitCode, options);
    }

    public BinaryTask workingDirectory(String template) {
        return new BinaryTask(
                program, arguments, stdin, stdout, stderr, template, environment, failOnExitCode, options);
    }

    public BinaryTask environment(String name, String value) {
        Map<String, String> all = new TreeMap<>(environment);
        all.put(name, value);
        return new BinaryTask(
                program, arguments, stdin, stdout, stderr, workingDirectory, all, failOnExitCode, options);
    }

    /** The exit code is a result; only a program that cannot start or is killed fails the task. */
    public BinaryTask exitCodeIsResult() {
        return new BinaryTask(program, arguments, stdin, stdout, stderr, workingDirectory, environment, false, options);
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
                options.and(more));
    }
}

package io.colla.binary;

import io.colla.api.BinaryTask;
import io.colla.binary.spawn.Command;
import io.colla.platform.TaskContext;
import io.colla.platform.TaskError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * One attempt at a task that is a program: what its templates came to, and its streams. Used by the thread of the attempt.
 */
public final class Invocation {

    private final Program program;
    private final TaskContext context;
    private final Streams streams;
    private final Command command;

    private Invocation(Program program, TaskContext context, Streams streams, Command command) {
        this.program = program;
        this.context = context;
        this.streams = streams;
        this.command = command;
    }

    /**
     * Fills in the templates, and writes the file from which an object is fed in.
     *
     * @throws TaskError if the task was called wrongly, in one sentence
     */
    public static Invocation of(BinaryTask task, TaskContext context) throws TaskError, IOException {
        return of(Program.compile(task, context.definition().parameters()), context);
    }

    static Invocation of(Program program, TaskContext context) throws TaskError, IOException {
        Template template = program.folder();
        Path folder = template == null
                ? context.workingDirectory()
                : Path.of(template.text(context)).toAbsolutePath();
        Streams streams = Streams.prepare(program, context, folder);
        Command command = new Command(
                program.argv(context),
                folder,
                TaskEnvironment.of(program, context),
                streams.stdin(),
                streams.stdout(),
                streams.stderr(),
                new TreeSet<>(context.cpus()),
                context.memory());
        return new Invocation(program, context, streams, command);
    }

    /**
     * The program and arguments of a task whose streams are another's.
     *
     * @throws TaskError if the task was called wrongly, in one sentence
     */
    public static List<String> argv(BinaryTask task, TaskContext context) throws TaskError {
        return Program.compile(task, context.definition().parameters()).argv(context);
    }

    /**
     * What the task itself adds to the environment of its program.
     *
     * @throws TaskError if the task was called wrongly, in one sentence
     */
    public static Map<String, String> environment(BinaryTask task, TaskContext context) throws TaskError {
        return Program.compile(task, context.definition().parameters()).variables(context);
    }

    Program program() {
        return program;
    }

    TaskContext context() {
        return context;
    }

    /** What is to be started on the attempt's cores. */
    public Command command() {
        return command;
    }

    /** The program as the user wrote it, for messages. */
    public String name() {
        return program.name();
    }

    /** Whether the user named the folder to start in; else it is the attempt's own, on each node. */
    public boolean namesFolder() {
        return program.folder() != null;
    }

    /** Whether the user said where standard error goes. */
    public boolean namesErrors() {
        return program.stderr() != null;
    }

    /** Whether an exit code is the result, and no failure. */
    public boolean exitCodeIsResult() {
        return !program.failOnExitCode();
    }

    /** Hands what was printed to the objects that receive it; after success. */
    public void capture() throws TaskError, IOException {
        streams.capture();
    }

    /** The last lines that the program wrote to standard error or, if there are none, to standard output. */
    public String lastOutput() throws IOException {
        return streams.lastOutput();
    }
}

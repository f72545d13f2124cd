package io.colla.binary;

import io.colla.binary.spawn.Command;
import io.colla.platform.TaskContext;
import io.colla.platform.TaskError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.TreeSet;

/**
 * One attempt at a task: its program, what the templates came to, and the streams.
 */
record Invocation(Program program, TaskContext context, Streams streams, Command command) {

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

    /** See {@link Streams#capture}. */
    void capture() throws TaskError, IOException {
        streams.capture();
    }

    /** See {@link Streams#lastOutput}. */
    String lastOutput() throws IOException {
        return streams.lastOutput();
    }
}

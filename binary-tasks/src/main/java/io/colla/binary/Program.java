package io.colla.binary;

import io.colla.api.BinaryTask;
import io.colla.platform.TaskContext;
import io.colla.platform.TaskError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@link BinaryTask} with its templates compiled for the parameters of one task definition. Immutable.
 *
 * @param words the program and its arguments
 * @param folder null for a fresh one
 */
record Program(
        List<Template> words,
        @Nullable Template stdin,
        @Nullable Template stdout,
        @Nullable Template stderr,
        @Nullable Template folder,
        Map<String, Template> environment,
        boolean failOnExitCode,
        boolean ompss) {

    static Program compile(BinaryTask task, List<String> parameters) throws TaskError {
        if (task.program().isBlank()) {
            throw Failures.usage("a BinaryTask has an empty program name");
        }
        List<Template> words = new ArrayList<>();
        words.add(Template.parse(task.program(), parameters));
        for (String argument : task.arguments()) {
            words.add(Template.parse(argument, parameters));
        }
        Map<String, Template> environment = new LinkedHashMap<>();
        for (Map.Entry<String, String> variable : task.environment().entrySet()) {
            environment.put(variableName(variable.getKey(), task), Template.parse(variable.getValue(), parameters));
        }
        return new Program(
                List.copyOf(words),
                optional(task.stdin(), parameters),
                optional(task.stdout(), parameters),
                optional(task.stderr(), parameters),
                optional(task.workingDirectory(), parameters),
                Map.copyOf(environment),
                task.failOnExitCode(),
                task.isOmpss());
    }

    private static @Nullable Template optional(@Nullable String source, List<String> parameters) throws TaskError {
        return source == null ? null : Template.parse(source, parameters);
    }

    private static String variableName(String name, BinaryTask task) throws TaskError {
        if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
            throw Failures.usage("'" + name.replace('\0', '?') + "' in the environment of " + task.program()
                    + " is no name of a variable: it must not be empty nor contain '='");
        }
        return name;
    }

    /** As the user wrote it, for messages. */
    String name() {
        return words.get(0).source();
    }

    /** What the task adds to the environment. */
    Map<String, String> variables(TaskContext context) throws TaskError {
        Map<String, String> variables = new LinkedHashMap<>();
        for (Map.Entry<String, Template> variable : environment.entrySet()) {
            variables.put(variable.getKey(), variable.getValue().text(context));
        }
        if (ompss) {
            String cores = TaskValue.CORES.of(context);
            variables.put(
                    OmpSs.VARIABLE,
                    OmpSs.arguments(cores, System.getenv(OmpSs.VARIABLE), variables.get(OmpSs.VARIABLE)));
        }
        return variables;
    }

    List<String> argv(TaskContext context) throws TaskError {
        List<String> argv = new ArrayList<>(words.size());
        String program = words.get(0).text(context);
        if (program.isBlank()) {
            throw Failures.usage("the program's name '" + name() + "' came to nothing: bind the path of a program");
        }
        argv.add(program);
        for (int i = 1; i < words.size(); i++) {
            words.get(i).addTo(argv, context);
        }
        return argv;
    }
}

package io.colla.binary;

import io.colla.platform.TaskContext;
import io.colla.platform.TaskError;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A text in which {@code {{name}}} stands for a parameter or a {@link TaskValue}. Braces around anything that could be no name stay as
 * they are, as programs' own templates need them. Immutable.
 */
final class Template {

    private static final Pattern BRACES = Pattern.compile("\\{\\{([^{}]+)}}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");

    private sealed interface Part {
        record Literal(String text) implements Part {}

        record Parameter(String name, int index) implements Part {}

        record Builtin(TaskValue value) implements Part {}
    }

    private final String source;
    private final List<Part> parts;

    private Template(String source, List<Part> parts) {
        this.source = source;
        this.parts = List.copyOf(parts);
    }

    /**
     * Compiles a template.
     *
     * @param parameters the names that it may use; a part refers to one by its index
     * @throws TaskError if it uses another name
     */
    static Template parse(String source, List<String> parameters) throws TaskError {
        if (source.indexOf('\0') >= 0) {
            throw Failures.usage("the template '" + source.replace('\0', '?')
                    + "' contains a NUL character, which neither a command line nor a file name can");
        }
        List<Part> parts = new ArrayList<>();
        Matcher braces = BRACES.matcher(source);
        int end = 0;
        while (braces.find()) {
            Part part = part(braces.group(1), parameters, source);
            if (part != null) {
                if (braces.start() > end) {
                    parts.add(new Part.Literal(source.substring(end, braces.start())));
                }
                parts.add(part);
                end = braces.end();
            }
        }
        if (end < source.length() || parts.isEmpty()) {
            parts.add(new Part.Literal(source.substring(end)));
        }
        return new Template(source, parts);
    }

    private static @Nullable Part part(String name, List<String> parameters, String source) throws TaskError {
        int index = parameters.indexOf(name);
        if (index >= 0) {
            return new Part.Parameter(name, index);
        }
        TaskValue value = TaskValue.named(name).orElse(null);
        if (value != null) {
            return new Part.Builtin(value);
        }
        if (!NAME.matcher(name).matches()) {
            return null;
        }
        throw Failures.usage("the template '" + source + "' uses {{" + name + "}}, which is neither bound ("
                + parameters + " are) nor one of " + TaskValue.names());
    }

    String source() {
        return source;
    }

    /** The index of the parameter that this template consists of; -1 if there is more or something else. */
    int soleParameter() {
        return parts.size() == 1 && parts.get(0) instanceof Part.Parameter parameter ? parameter.index() : -1;
    }

    /**
     * One text.
     *
     * @throws TaskError if a parameter's argument has none
     */
    String text(TaskContext context) throws TaskError {
        if (parts.size() == 1) {
            return text(parts.get(0), context);
        }
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            text.append(text(part, context));
        }
        return text.toString();
    }

    /** Adds the arguments that this template makes: one, or as many as the list has that it consists of. */
    void addTo(List<String> words, TaskContext context) throws TaskError {
        if (parts.size() == 1 && parts.get(0) instanceof Part.Parameter parameter) {
            Object value = context.argument(parameter.index()); // which may have to be decoded
            if (value instanceof List<?> elements) {
                for (Object element : elements) {
                    words.add(ArgumentText.of(parameter.name(), element));
                }
            } else {
                words.add(text(parameter, value, context));
            }
        } else {
            words.add(text(context));
        }
    }

    private String text(Part part, TaskContext context) throws TaskError {
        if (part instanceof Part.Literal literal) {
            return literal.text();
        }
        if (part instanceof Part.Builtin builtin) {
            return builtin.value().of(context);
        }
        Part.Parameter parameter = (Part.Parameter) part;
        return text(parameter, context.argument(parameter.index()), context);
    }

    private String text(Part.Parameter parameter, @Nullable Object value, TaskContext context) throws TaskError {
        if (value instanceof List) {
            throw Failures.usage(
                    "parameter '" + parameter.name() + "' is a list, for which there is no place in '" + source
                            + "': as an argument of its own, \"{{" + parameter.name()
                            + "}}\" gives one argument for each element");
        }
        if (value == null && !context.direction(parameter.index()).reads()) {
            throw Failures.usage("parameter '" + parameter.name() + "' in '" + source
                    + "' is an object that the task writes, which has no text yet: use it as stdout or stderr, or bind a"
                    + " file");
        }
        return ArgumentText.of(parameter.name(), value);
    }
}

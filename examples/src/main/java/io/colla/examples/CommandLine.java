package io.colla.examples;

import io.colla.api.Memory;
import io.colla.api.UsageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of an example: {@code --name value...} and operands. Each question takes its option away; {@link #operands()}, asked
 * last, complains of options that nobody asked for. Not thread-safe.
 */
public final class CommandLine {
    private final List<String> operands = new ArrayList<>();
    private final Map<String, List<String>> options = new LinkedHashMap<>();

    public CommandLine(String... args) {
        List<String> values = operands;
        for (String arg : args) {
            if (arg.startsWith("--")) {
                values = options.computeIfAbsent(arg, name -> new ArrayList<>());
            } else {
                values.add(arg);
            }
        }
    }

    /** Whether the option, which takes no value, is there. */
    public boolean flag(String name) {
        List<String> values = options.remove(name);
        if (values == null) {
            return false;
        }
        operands.addAll(values);
        return true;
    }

    /** The option's one value, or null when the option is not there. */
    public @Nullable String value(String name) {
        List<String> values = options.remove(name);
        if (values == null) {
            return null;
        }
        if (values.isEmpty()) {
            throw new UsageException("option " + name + " needs a value");
        }
        operands.addAll(values.subList(1, values.size()));
        return values.get(0);
    }

    /** The option's value as a whole number of at least 1. */
    public int count(String name, int byDefault) {
        String value = value(name);
        if (value == null) {
            return byDefault;
        }
        try {
            int count = Integer.parseInt(value);
            if (count >= 1) {
                return count;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new UsageException("option " + name + " is '" + value + "'; it must be a whole number of at least 1");
    }

    /** The option's value in bytes, written as {@code 500K} or {@code 4M}, at least 1. */
    public long bytes(String name, String byDefault) {
        String value = value(name);
        long bytes = Memory.parse(value == null ? byDefault : value);
        if (bytes < 1) {
            throw new UsageException("option " + name + " is '" + value + "'; it must be at least 1 byte");
        }
        return bytes;
    }

    /** The option's value as a path. */
    public @Nullable Path path(String name) {
        String value = value(name);
        return value == null ? null : Path.of(value);
    }

    /** The option's values, at least one, as paths. */
    public List<Path> paths(String name, List<Path> byDefault) {
        List<String> values = options.remove(name);
        if (values == null) {
            return byDefault;
        }
        if (values.isEmpty()) {
            throw new UsageException("option " + name + " needs at least one file");
        }
        return values.stream().map(Path::of).toList();
    }

    /** What belongs to no option. */
    public List<String> operands() {
        if (!options.isEmpty()) {
            throw new UsageException(
                    "there is no option " + options.keySet().iterator().next());
        }
        return List.copyOf(operands);
    }

    /** Asked last by programs that take options only. */
    public void noOperands() {
        if (!operands().isEmpty()) {
            throw new UsageException("'" + operands.get(0) + "' belongs to no option");
        }
    }
}

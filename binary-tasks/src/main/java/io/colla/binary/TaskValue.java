package io.colla.binary;

import io.colla.platform.TaskContext;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What every template may name beside the task's parameters. */
enum TaskValue {
    CORES("task.cores", context -> Integer.toString(context.coresPerRank())),
    MEMORY_MB("task.memory_mb", context -> Long.toString(context.memory() >> 20)),
    ID("task.id", context -> Integer.toString(context.task())),
    NODES("task.nodes", context -> String.join(",", context.nodes()));

    private final String key;
    private final Function<TaskContext, String> text;

    TaskValue(String key, Function<TaskContext, String> text) {
        this.key = key;
        this.text = text;
    }

    String of(TaskContext context) {
        return text.apply(context);
    }

    static Optional<TaskValue> named(String name) {
        return Arrays.stream(values()).filter(value -> value.key.equals(name)).findFirst();
    }

    static String names() {
        return Arrays.stream(values()).map(value -> "{{" + value.key + "}}").collect(Collectors.joining(", "));
    }
}

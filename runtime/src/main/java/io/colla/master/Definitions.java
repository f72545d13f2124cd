package io.colla.master;

import io.colla.platform.TaskDefinition;
import java.util.ArrayList;
import java.util.List;

/** The definitions of the run, by number. Thread-safe. */
final class Definitions {
    private final List<TaskDefinition> definitions = new ArrayList<>();

    synchronized int add(TaskDefinition definition) {
        definitions.add(definition);
        return definitions.size() - 1;
    }

    synchronized TaskDefinition get(int number) {
        return definitions.get(number);
    }
}

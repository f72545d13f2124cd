package io.colla.tracing.merge;

import io.colla.tracing.EventTypes;
import io.colla.tracing.paraver.EventType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The types of events that a trace has. */
final class Vocabulary {
    private final TreeSet<Integer> used = new TreeSet<>();
    private int last = -1;

    /** Cheap where the same types come again and again. */
    void used(int type) {
        if (type != last) {
            last = type;
            used.add(type);
        }
    }

    /** With the tasks' names as the labels of {@link EventTypes#TASK}. */
    List<EventType> types(Map<Integer, Definition> definitions) {
        List<EventType> types = new ArrayList<>();
        Map<Long, String> names = new TreeMap<>();
        names.put(0L, "End");
        definitions.values().forEach(task -> names.put(task.number() + 1L, task.name()));
        used.add(EventTypes.TASK);
        for (int type : used) {
            types.add(type == EventTypes.TASK ? new EventType(0, type, "Task", names) : EventTypes.of(type));
        }
        return types;
    }
}

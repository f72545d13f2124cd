package io.colla.tracing.merge;

import io.colla.tracing.Definition;
import io.colla.tracing.EventTypes;
import io.colla.tracing.UserTypes;
import io.colla.tracing.paraver.EventType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The types of events that a trace has. */
final class Vocabulary {
    private final TreeSet<Integer> used = new TreeSet<>();
    private final Set<Integer> unknownTasks = new TreeSet<>();
    /** Types that were used, each where its last bits say. */
    private final int[] recent = new int[256];

    private final UserTypes users;

    Vocabulary(UserTypes users) {
        this.users = users;
    }

    /** Cheap where the same types come again and again. */
    void used(int type) {
        int place = type & (recent.length - 1);
        if (recent[place] != type) {
            recent[place] = type;
            used.add(type);
        }
    }

    /** A value of a type: where an application has labelled others, this one needs a label, too. */
    void used(int type, long value) {
        used(type);
        if (type >= EventTypes.USER) {
            users.seen(type, value);
        }
    }

    /** Tasks that no log describes, such as those of a worker whose log is lost, need a label too. */
    void unknownTask(int number) {
        unknownTasks.add(number);
    }

    /** With the tasks' names as the labels of {@link EventTypes#TASK}, and those that the application has given its own events. */
    List<EventType> types(Map<Integer, Definition> definitions) {
        List<EventType> types = new ArrayList<>();
        Map<Long, String> names = new TreeMap<>();
        names.put(0L, "End");
        unknownTasks.forEach(number -> names.put(number + 1L, "task"));
        definitions.values().forEach(task -> names.put(task.number() + 1L, task.name()));
        used.add(EventTypes.TASK);
        for (int type : used) {
            types.add(
                    type == EventTypes.TASK
                            ? new EventType(0, type, EventTypes.of(type).label(), names)
                            : users.of(type));
        }
        return apart(types);
    }

    /** Views look for labels first, so one that an application has chosen must not be another type's: its number tells it apart. */
    private static List<EventType> apart(List<EventType> types) {
        Map<String, Integer> owners = new HashMap<>();
        types.forEach(type -> owners.merge(
                type.label(), type.number(), (first, second) -> EventTypes.isKnown(second) ? second : first));
        return types.stream()
                .map(type -> owners.getOrDefault(type.label(), type.number()) == type.number()
                        ? type
                        : new EventType(
                                type.gradient(),
                                type.number(),
                                type.label() + " (" + type.number() + ")",
                                type.values()))
                .toList();
    }
}

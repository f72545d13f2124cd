package io.colla.tracing.merge;

import io.colla.tracing.paraver.EventType;
import io.colla.tracing.paraver.PcfLabels;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The event types, values and states of several traces in one, without two meanings for one number or one label for two types: who comes later gets another number or a longer label. Values
 * that traces count for themselves, such as Extrae's of the lines of a program, so keep their labels.
 */
final class ForeignLabels {
    /** Where free numbers of types are looked for; neither COMPSs nor Extrae has types there. */
    private static final int FREE = 9_900_000;

    /**
     * What a trace's events become.
     *
     * @param number the type's
     * @param values those that change, by what they were
     */
    record Renamed(int number, Map<Long, Long> values) {
        long value(long value) {
            return values.isEmpty() ? value : values.getOrDefault(value, value);
        }
    }

    private static final class Type {
        final int gradient;
        final String label;
        final TreeMap<Long, String> values = new TreeMap<>();
        final Map<String, Long> numbers = new HashMap<>();

        Type(int gradient, String label) {
            this.gradient = gradient;
            this.label = label;
        }

        void put(long value, String text) {
            values.put(value, text);
            numbers.putIfAbsent(text, value);
        }
    }

    private final TreeMap<Integer, Type> types = new TreeMap<>();
    private final Set<String> labels = new HashSet<>();
    private final TreeMap<Integer, String> states = new TreeMap<>();
    private final List<String> remarks;

    /** @param remarks gets a sentence for each type that is called or numbered otherwise than in its trace */
    ForeignLabels(PcfLabels own, List<String> remarks) {
        this.remarks = remarks;
        states.putAll(own.states());
        own.types().forEach((number, type) -> add(number, type.label(), type));
    }

    private Type add(int number, String label, EventType from) {
        Type type = new Type(from.gradient(), label);
        from.values().forEach(type::put);
        types.put(number, type);
        labels.add(label);
        return type;
    }

    /**
     * Takes in what a trace uses.
     *
     * @param name of the trace, for labels that have to differ
     * @return by the types' numbers in the trace, those that change
     */
    Map<Integer, Renamed> add(String name, PcfLabels theirs, ForeignTrace used) {
        used.states().forEach(state -> {
            String label = theirs.states().get(state);
            states.putIfAbsent(state, label == null ? "State " + state : label);
        });
        Map<Integer, Renamed> changes = new HashMap<>();
        for (int number : used.types()) {
            EventType type = theirs.types().get(number);
            Renamed renamed = type == null ? unlabelled(number) : labelled(name, type);
            if (renamed.number() != number || !renamed.values().isEmpty()) {
                changes.put(number, renamed);
            }
        }
        return changes;
    }

    private Renamed unlabelled(int number) {
        if (!types.containsKey(number)) {
            EventType type = new EventType(0, number, "Event " + number, Map.of());
            add(number, unused(type.label(), "another"), type);
        }
        return new Renamed(number, Map.of());
    }

    private Renamed labelled(String name, EventType type) {
        Type known = types.get(type.number());
        if (known != null && known.label.equals(type.label())) {
            return new Renamed(type.number(), merge(known, type.values()));
        }
        int number = type.number();
        if (known != null) {
            number = Math.max(FREE, types.lastKey() + 1);
            remarks.add("event type " + type.number() + " is '" + type.label() + "' in the trace of " + name + " and '"
                    + known.label + "' here: it has become " + number);
        }
        String label = unused(type.label(), name);
        if (!label.equals(type.label())) {
            remarks.add("event type " + type.number() + " in the trace of " + name
                    + " has the label of another, which Paraver would take it for: it is '" + label + "' here");
        }
        add(number, label, type);
        return new Renamed(number, Map.of());
    }

    private String unused(String label, String name) {
        String free = label;
        for (int i = 1; labels.contains(free); i++) {
            free = label + " (" + name + (i == 1 ? "" : " " + i) + ")";
        }
        return free;
    }

    /** Values are told apart by their labels, and those that mean another thing here get a number of their own. */
    private static Map<Long, Long> merge(Type known, Map<Long, String> theirs) {
        Map<Long, Long> changes = new HashMap<>();
        theirs.forEach((value, label) -> {
            String here = known.values.get(value);
            if (here == null) {
                known.put(value, label);
            } else if (!here.equals(label) && value != 0) {
                Long same = known.numbers.get(label);
                long number = same != null ? same : free(known, theirs);
                if (number <= Integer.MAX_VALUE) {
                    known.put(number, label);
                    changes.put(value, number);
                }
            }
        });
        return changes;
    }

    private static long free(Type known, Map<Long, String> theirs) {
        long most = known.values.lastKey();
        for (long value : theirs.keySet()) {
            most = Math.max(most, value);
        }
        return most + 1;
    }

    /** What is to stand in the .pcf. */
    Collection<EventType> types() {
        TreeMap<Integer, EventType> all = new TreeMap<>();
        types.forEach((number, type) -> all.put(number, new EventType(type.gradient, number, type.label, type.values)));
        return all.values();
    }

    /** Labels of states. */
    Map<Integer, String> states() {
        return states;
    }
}

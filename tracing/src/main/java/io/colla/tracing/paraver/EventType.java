package io.colla.tracing.paraver;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A type of event. Paraver's views look types up by their label first, then by number, so a label belongs to one type only.
 *
 * @param gradient Paraver's colour group: 0 for values with labels, 6 and 7 for amounts
 * @param values labels of values; values beyond 2³¹−1 cannot have one
 */
public record EventType(int gradient, int number, String label, Map<Long, String> values) {
    public EventType {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
        for (long value : values.keySet()) {
            if (value < 0 || value > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("Paraver ignores the label of " + label + " " + value);
            }
        }
    }
}

package io.colla.master;

import io.colla.api.Direction;
import io.colla.api.UsageException;
import java.util.HashMap;
import java.util.Map;

/** What a call may not do with one datum twice. */
final class DoubleAccesses {
    /** Up to so many accesses each is compared with each. */
    private static final int FEW = 8;

    private DoubleAccesses() {}

    /**
     * Looks at the first {@code count} accesses of a call.
     *
     * @param task its name
     * @throws UsageException if a datum is written twice, or accessed without order and once more
     */
    static void reject(String task, int[] data, Direction[] directions, int count) {
        if (count < 2 || !writesAny(directions, count)) {
            return;
        }
        if (count <= FEW) {
            for (int i = 1; i < count; i++) {
                for (int j = 0; j < i; j++) {
                    if (data[i] == data[j]) {
                        check(task, directions[j], directions[i]);
                    }
                }
            }
            return;
        }
        Map<Integer, Direction> seen = new HashMap<>();
        for (int i = 0; i < count; i++) {
            Direction before = seen.get(data[i]);
            if (before != null) {
                check(task, before, directions[i]);
            }
            if (before == null || directions[i].writes()) {
                seen.put(data[i], directions[i]);
            }
        }
    }

    private static boolean writesAny(Direction[] directions, int count) {
        for (int i = 0; i < count; i++) {
            if (directions[i].writes()) {
                return true;
            }
        }
        return false;
    }

    private static void check(String task, Direction one, Direction other) {
        if (one.writes() && other.writes()) {
            throw new UsageException("task " + task + " is given the same datum twice to write");
        }
        if (isUnordered(one) || isUnordered(other)) {
            Direction unordered = isUnordered(one) ? one : other;
            throw new UsageException("task " + task + " is given the same datum as " + unordered + " and once more");
        }
    }

    private static boolean isUnordered(Direction direction) {
        return direction == Direction.COMMUTATIVE || direction == Direction.CONCURRENT;
    }
}

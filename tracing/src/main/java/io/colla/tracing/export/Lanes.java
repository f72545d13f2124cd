package io.colla.tracing.export;

import java.util.ArrayList;
import java.util.List;

/** Rows for things of one machine that overlap in time, each on the first row that is free. Things come in the order of their begin. */
final class Lanes {
    private final List<Long> busyUntil = new ArrayList<>();

    /** The lane for something, from 0. */
    int take(long begin, long end) {
        for (int lane = 0; lane < busyUntil.size(); lane++) {
            if (busyUntil.get(lane) <= begin) {
                busyUntil.set(lane, end);
                return lane;
            }
        }
        busyUntil.add(end);
        return busyUntil.size() - 1;
    }
}

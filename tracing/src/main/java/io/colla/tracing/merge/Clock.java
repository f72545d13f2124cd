package io.colla.tracing.merge;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Turns the times of one node into the master's: an offset that changes linearly between the best reading of the first and that of the last third of the run, which takes out drift. The
 * best is the one that took least, as its error is at most half of that.
 */
final class Clock {
    /** The master's own. */
    static final Clock MASTER = new Clock(0, 0, 0);

    /**
     * A reading.
     *
     * @param master when it was read
     * @param node what it said
     * @param took nanoseconds that asking took
     */
    record Reading(long master, long node, long took) {
        long offset() {
            return node - master;
        }
    }

    private final long from;
    private final long offset;
    private final double drift;

    private Clock(long from, long offset, double drift) {
        this.from = from;
        this.offset = offset;
        this.drift = drift;
    }

    /** @param readings in the order of time; none: taken to be the master's clock */
    static Clock of(List<Reading> readings) {
        if (readings.isEmpty()) {
            return MASTER;
        }
        long begin = readings.get(0).node();
        long length = readings.get(readings.size() - 1).node() - begin;
        List<Reading> early = new ArrayList<>();
        List<Reading> late = new ArrayList<>();
        for (Reading reading : readings) {
            long at = reading.node() - begin;
            if (at <= length / 3) {
                early.add(reading);
            }
            if (at >= length - length / 3) {
                late.add(reading);
            }
        }
        Reading first = best(early);
        Reading last = best(late);
        long between = last.node() - first.node();
        // Over a short time the readings' errors would be taken for drift.
        double drift = between < 1_000_000_000L ? 0 : (double) (last.offset() - first.offset()) / between;
        return new Clock(first.node(), first.offset(), drift);
    }

    private static Reading best(List<Reading> readings) {
        return readings.stream().min(Comparator.comparingLong(Reading::took)).orElseThrow();
    }

    /** The master's time when the node's clock says this. */
    long toMaster(long time) {
        return time - offset - Math.round((time - from) * drift);
    }
}

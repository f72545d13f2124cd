package io.colla.tracing.merge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Turns the times of one node into the master's. A reading bounds the offset of the node's clock, as it was said after it was asked for and before the answer was there. Of all lines between these bounds
 * the one is taken that stays farthest away from them, so that offset and drift are found, and no reading is answered before it was asked for. Where there is no such line, because the drift has
 * changed in the course of a long run, each half of the readings gets a line of its own, and so on, and the offset goes from the middle of one to that of the next.
 */
final class Clock {
    /** The master's own. */
    static final Clock MASTER = new Clock(new long[] {0}, new long[] {0}, 0);

    /** Clocks of computers, and corrections of them, are within this: 500 ppm. */
    private static final double MOST_DRIFT = 500e-6;

    private static final int STEPS = 64;
    /** Without drift, if that is nearly as good: over a short time the readings' errors would be taken for it. */
    private static final double NEARLY = 0.8;

    private static final int LEAST_READINGS = 8;

    /**
     * A reading.
     *
     * @param master when it was read, in the middle of asking
     * @param node what it said
     * @param took nanoseconds that asking took
     */
    record Reading(long master, long node, long took) {
        long offset() {
            return node - master;
        }
    }

    /**
     * An offset that changes linearly.
     *
     * @param base whole nanoseconds of it at {@code from}, a time of the node
     * @param offset the rest of it there
     * @param room on each side, up to the nearest bounds; negative if it is not between them
     */
    private record Line(long from, long base, double offset, double drift, double room) {
        long at(long time) {
            return base + Math.round(offset + (time - from) * drift);
        }
    }

    /** Times of the node, in their order; the offset is linear between them, and before and after as next to it. */
    private final long[] times;

    private final long[] offsets;
    private final double[] drifts;
    private final long error;

    private Clock(long[] times, long[] offsets, long error) {
        this.times = times;
        this.offsets = offsets;
        this.error = error;
        this.drifts = new double[times.length];
        for (int i = 0; i + 1 < times.length; i++) {
            drifts[i] = (double) (offsets[i + 1] - offsets[i]) / (times[i + 1] - times[i]);
        }
        if (times.length > 1) {
            drifts[times.length - 1] = drifts[times.length - 2];
        }
    }

    /** @param readings in the order of time; none: taken to be the master's clock */
    static Clock of(List<Reading> readings) {
        if (readings.isEmpty()) {
            return MASTER;
        }
        List<List<Reading>> parts = new ArrayList<>();
        List<Line> lines = new ArrayList<>();
        split(readings, parts, lines);
        List<Long> times = new ArrayList<>();
        List<Long> offsets = new ArrayList<>();
        long begin = readings.get(0).node();
        long end = readings.get(readings.size() - 1).node();
        add(begin, lines.get(0), times, offsets);
        for (int i = 0; parts.size() > 1 && i < parts.size(); i++) {
            List<Reading> part = parts.get(i);
            long middle = part.get(0).node()
                    + (part.get(part.size() - 1).node() - part.get(0).node()) / 2;
            add(middle, lines.get(i), times, offsets);
        }
        if (parts.size() > 1 || lines.get(0).drift() != 0) {
            add(end, lines.get(lines.size() - 1), times, offsets);
        }
        double room = lines.stream().mapToDouble(Line::room).max().orElse(0);
        return new Clock(
                times.stream().mapToLong(Long::longValue).toArray(),
                offsets.stream().mapToLong(Long::longValue).toArray(),
                Math.round(Math.max(0, room)));
    }

    private static void add(long time, Line line, List<Long> times, List<Long> offsets) {
        if (times.isEmpty() || time > times.get(times.size() - 1)) {
            times.add(time);
            offsets.add(line.at(time));
        }
    }

    private static void split(List<Reading> readings, List<List<Reading>> parts, List<Line> lines) {
        Line line = line(readings);
        int half = readings.size() / 2;
        if (line.room() < 0 && half >= LEAST_READINGS) {
            split(readings.subList(0, half), parts, lines);
            split(readings.subList(half, readings.size()), parts, lines);
            return;
        }
        parts.add(readings);
        lines.add(line);
    }

    /** The line with the most room, which is a concave function of its drift. */
    private static Line line(List<Reading> readings) {
        double low = -MOST_DRIFT;
        double high = MOST_DRIFT;
        for (int step = 0; step < STEPS; step++) {
            double left = low + (high - low) / 3;
            double right = high - (high - low) / 3;
            if (line(readings, left).room() < line(readings, right).room()) {
                low = left;
            } else {
                high = right;
            }
        }
        Line best = line(readings, (low + high) / 2);
        Line steady = line(readings, 0);
        return steady.room() >= NEARLY * best.room() && steady.room() >= 0 ? steady : best;
    }

    private static Line line(List<Reading> readings, double drift) {
        Reading first = readings.get(0);
        double least = Double.NEGATIVE_INFINITY;
        double most = Double.POSITIVE_INFINITY;
        for (Reading reading : readings) {
            // From the first one's offset, as a double has not enough digits for all of it.
            double offset = reading.offset() - first.offset() - (reading.node() - first.node()) * drift;
            least = Math.max(least, offset - reading.took() / 2.0);
            most = Math.min(most, offset + reading.took() / 2.0);
        }
        return new Line(first.node(), first.offset(), (least + most) / 2, drift, (most - least) / 2);
    }

    /** The master's time when the node's clock says this. */
    long toMaster(long time) {
        if (times.length == 1) {
            return time - offsets[0];
        }
        int at = 0;
        if (times.length > 2) {
            int found = Arrays.binarySearch(times, time);
            at = Math.max(0, found >= 0 ? found : -found - 2);
        }
        return time - offsets[at] - Math.round((time - times[at]) * drifts[at]);
    }

    /** By how many nanoseconds it may be wrong, as far as the readings tell. */
    long error() {
        return error;
    }
}

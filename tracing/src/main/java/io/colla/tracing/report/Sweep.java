package io.colla.tracing.report;

import java.util.Arrays;

/** Goes through the time of a trace and keeps account of what the cores did, and why they did not. Not thread-safe. */
final class Sweep {
    private static final int READY = 0;
    private static final int TRANSFERS = 1;
    private static final int MAIN = 2;
    private static final int SUBMITTING = 3;
    private static final int NOTHING = 4;
    private static final int REASONS = 5;

    /** What the main program does. */
    enum Main {
        OWN_CODE,
        SUBMITS,
        WAITS
    }

    private final TimeHeap arrivals = new TimeHeap();
    private final Curve running;
    private final Curve ready;
    private long[] nanosByCores = new long[64];
    /** While no task runs: why the cores are idle, if one runs again. */
    private final long[] pending = new long[REASONS];

    private final long[] idle = new long[REASONS];
    private long pendingTime;
    private long start;
    private long tasks;
    private long around;
    private long time;
    private int cores;
    private int busy;
    private int seeingTo;
    private int peak;
    private boolean begun;
    private long readyDepth;
    private long readyPeak;
    private long readyTime;
    private double readySum;
    private boolean readyKnown;
    private boolean readyIsDepth;
    private boolean mainKnown;
    private Main main = Main.OWN_CODE;
    private long lastFull = -1;
    private long idleSinceFull;

    /** @param cores that tasks can have */
    Sweep(int cores, long length) {
        this.cores = cores;
        this.running = new Curve(length);
        this.ready = new Curve(length);
    }

    /** Goes on to a time. Records that are out of order are taken as of the time that was reached. */
    void advance(long to) {
        while (!arrivals.isEmpty() && arrivals.time() <= to) {
            step(Math.max(time, arrivals.time()));
            arrivals.remove();
        }
        step(to);
    }

    private void step(long to) {
        long span = to - time;
        if (span <= 0) {
            return;
        }
        running.add(time, to, busy);
        ready.add(time, to, readyDepth);
        readySum += (double) span * readyDepth;
        if (readyDepth > 0) {
            readyTime += span;
        }
        if (busy >= nanosByCores.length) {
            nanosByCores = Arrays.copyOf(nanosByCores, Math.max(busy + 1, nanosByCores.length * 2));
        }
        nanosByCores[busy] += span;
        tasks += span * busy;
        around += span * seeingTo;
        long left = span * Math.max(0, cores - busy - seeingTo);
        if (!begun) {
            start += left;
        } else if (busy + seeingTo > 0) {
            idle[reason()] += left;
        } else {
            pending[reason()] += left;
            pendingTime += span;
        }
        if (busy + seeingTo >= cores) {
            lastFull = to;
            idleSinceFull = 0;
        } else {
            idleSinceFull += left;
        }
        time = to;
    }

    private int reason() {
        if (readyDepth > 0) {
            return READY;
        }
        if (!arrivals.isEmpty()) {
            return TRANSFERS;
        }
        return main == Main.OWN_CODE ? MAIN : main == Main.SUBMITS ? SUBMITTING : NOTHING;
    }

    long time() {
        return time;
    }

    /** A thread turns to a task with so many cores, or, with a negative number, has done with it. */
    void seesTo(int change) {
        if (change > 0) {
            begins();
        }
        seeingTo = Math.max(0, seeingTo + change);
    }

    /** A task's own code begins, or, with a negative number, ends. */
    void runs(int change) {
        if (change > 0) {
            begins();
        }
        busy = Math.max(0, busy + change);
        peak = Math.max(peak, busy);
    }

    private void begins() {
        begun = true;
        if (pendingTime > 0) {
            for (int i = 0; i < REASONS; i++) {
                idle[i] += pending[i];
            }
            Arrays.fill(pending, 0);
            pendingTime = 0;
        }
    }

    /** There are more cores than was thought. Until now they were not there. */
    void moreCores(int more) {
        cores += more;
        start += time * more;
    }

    int cores() {
        return cores;
    }

    /** Data are on their way until then. */
    void transfer(long until) {
        if (until > time) {
            arrivals.add(until, 0);
        }
    }

    /** The event of the ready queue: its length, or, in traces that never say more than 1, a task that has come (1) or gone (0). */
    void ready(long value) {
        readyKnown = true;
        readyIsDepth |= value > 1;
        readyDepth = readyIsDepth ? value : Math.max(0, readyDepth + (value == 1 ? 1 : -1));
        readyPeak = Math.max(readyPeak, readyDepth);
    }

    void main(Main does) {
        mainKnown = true;
        main = does;
    }

    boolean mainKnown() {
        return mainKnown;
    }

    boolean readyKnown() {
        return readyKnown;
    }

    /** How long there have been tasks that were ready. */
    long readyTime() {
        return readyTime;
    }

    long readyPeak() {
        return readyPeak;
    }

    double readyMean() {
        return time == 0 ? 0 : readySum / time;
    }

    int peak() {
        return peak;
    }

    /** When all cores were last busy; -1 if they never were. */
    long lastFull() {
        return lastFull;
    }

    /** Nanoseconds of idle cores since all were busy last, without those after the last task. */
    long idleInTail() {
        return Math.max(0, idleSinceFull - Arrays.stream(pending).sum());
    }

    /** By the number of cores in tasks, how long that was so. */
    long[] nanosByCores() {
        int length = Math.max(peak, cores) + 1;
        return Arrays.copyOf(nanosByCores, length);
    }

    Curve running() {
        return running;
    }

    Curve ready() {
        return ready;
    }

    /** The account; what the trace says nothing of is idling for nothing. */
    CoreTime account() {
        long transfers = idle[TRANSFERS];
        long own = mainKnown ? idle[MAIN] : 0;
        long nothing = idle[NOTHING] + (mainKnown ? 0 : idle[MAIN]);
        return new CoreTime(
                tasks,
                around,
                idle[READY],
                transfers,
                own,
                idle[SUBMITTING],
                nothing,
                start,
                Arrays.stream(pending).sum());
    }
}

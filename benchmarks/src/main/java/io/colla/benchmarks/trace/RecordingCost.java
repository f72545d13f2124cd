package io.colla.benchmarks.trace;

import io.colla.tracing.EventTypes;
import io.colla.tracing.log.ThreadLog;
import io.colla.tracing.log.TraceLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What it costs a thread to record an event: in bursts of {@value #BURST}, a burst a millisecond, which is more than any program records and less than what a full ring makes it wait for; and
 * once as fast as it goes, where the disk has its say. Medians of bursts.
 */
final class RecordingCost {
    private static final int BURST = 1_000;
    private static final int BURSTS = 3_000;
    private static final int WARM = 1_000;
    private static final long PERIOD = 1_000_000;
    private static final int MANY = 20_000_000;

    /** Where a run that is not traced has nothing. */
    private static volatile @Nullable ThreadLog off;

    private static volatile long sink;

    private RecordingCost() {}

    /** Something done {@value #BURST} times. */
    private interface Work {
        void burst(ThreadLog log);
    }

    static void measure(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve("cost.ctl");
        try (TraceLog log = TraceLog.open(file, Map.of("role", "worker", "node", "here"))) {
            ThreadLog thread = log.thread("main", 1);
            say("an event, now", paced(thread, RecordingCost::events));
            say("an event of a given time", paced(thread, RecordingCost::timed));
            say("reading the clock alone", paced(thread, RecordingCost::clock));
            say("asking whether there is a trace, and there is none", paced(thread, RecordingCost::asking));
        } finally {
            Files.deleteIfExists(file);
        }
        unpaced(file);
    }

    private static double paced(ThreadLog thread, Work work) {
        double[] nanos = new double[BURSTS];
        long next = System.nanoTime();
        for (int i = -WARM; i < BURSTS; i++) {
            next += PERIOD;
            while (System.nanoTime() < next) {
                LockSupport.parkNanos(next - System.nanoTime());
            }
            long begun = System.nanoTime();
            work.burst(thread);
            long over = System.nanoTime();
            if (i >= 0) {
                nanos[i] = (double) (over - begun) / BURST;
            }
        }
        Arrays.sort(nanos);
        return nanos[BURSTS / 2];
    }

    private static void events(ThreadLog log) {
        for (int i = 0; i < BURST; i++) {
            log.record(EventTypes.USER, i);
        }
    }

    private static void timed(ThreadLog log) {
        long now = System.nanoTime();
        for (int i = 0; i < BURST; i++) {
            log.record(now, EventTypes.USER, 0, i);
        }
    }

    private static void clock(ThreadLog log) {
        long sum = 0;
        for (int i = 0; i < BURST; i++) {
            sum += System.nanoTime();
        }
        sink = sum;
    }

    private static void asking(ThreadLog log) {
        for (int i = 0; i < BURST; i++) {
            ThreadLog none = off;
            if (none != null) {
                none.record(EventTypes.USER, i);
            }
        }
    }

    private static void unpaced(Path file) throws IOException {
        try (TraceLog log = TraceLog.open(file, Map.of("role", "worker", "node", "here"))) {
            ThreadLog thread = log.thread("main", 1);
            long begun = System.nanoTime();
            for (int i = 0; i < MANY; i++) {
                thread.record(EventTypes.USER, i);
            }
            say("an event, as fast as the log is written", (double) (System.nanoTime() - begun) / MANY);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static void say(String what, double nanos) {
        System.out.printf(Locale.ROOT, "%-52s %7.1f ns%n", what, nanos);
    }
}

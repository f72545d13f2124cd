package io.colla.tracing.counters;

import io.colla.tracing.EventTypes;
import io.colla.tracing.log.ThreadLog;
import io.colla.tracing.log.TraceLog;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Records once a second, on a thread of its own, how much of the node is in use. A sample stands where its second began, as Paraver shows an event's value from its time on: the record of a
 * second is there when it is over.
 */
public final class NodeCounters implements AutoCloseable {
    private static final long PERIOD = 1_000_000_000;
    /** A shorter rest of a second would say little. */
    private static final long LEAST = PERIOD / 20;

    private static final long MIB = 1 << 20;
    private static final int THOUSANDTHS = 1000;

    private final NodeUse use;
    private final ThreadLog log;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread sampler = new Thread(this::run, "colla-node-counters");

    private long since;
    private long cpu;
    private long memory;
    private long[] network = new long[2];

    private NodeCounters(NodeUse use, ThreadLog log) {
        this.use = use;
        this.log = log;
    }

    /** Begins. */
    public static NodeCounters start(TraceLog log) {
        return start(log, new NodeUse(Path.of("/")));
    }

    static NodeCounters start(TraceLog log, NodeUse use) {
        NodeCounters counters = new NodeCounters(use, log.thread("counters", 1));
        log.describe("counters", Map.of("of", use.isOfJob() ? "job" : "node"));
        counters.begin(System.nanoTime());
        counters.sampler.setDaemon(true);
        counters.sampler.start();
        return counters;
    }

    private void run() {
        try {
            long next = since + PERIOD;
            while (!stopped.await(next - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                long now = System.nanoTime();
                sample(now);
                do { // after a pause of the process, too, a sample is of no less than that
                    next += PERIOD;
                } while (next - now < LEAST);
            }
        } catch (InterruptedException e) {
            return; // nobody does that; the log goes on without samples
        }
        long now = System.nanoTime();
        if (now - since >= LEAST) {
            sample(now);
        }
        record(now, 0, 0, 0, 0);
    }

    private void begin(long now) {
        since = now;
        cpu = use.cpuNanos();
        memory = use.memory();
        network = use.network();
    }

    private void sample(long now) {
        long from = since;
        long cpuBefore = cpu;
        long memoryThen = memory;
        long[] networkBefore = network;
        begin(now);
        long busy = Math.round((double) Math.max(0, cpu - cpuBefore) / Math.max(1, now - from) * THOUSANDTHS);
        record(
                from,
                busy,
                memoryThen / MIB,
                Math.max(0, network[0] - networkBefore[0]),
                Math.max(0, network[1] - networkBefore[1]));
    }

    private void record(long time, long busy, long mib, long received, long sent) {
        log.record(time, EventTypes.NODE_CPU, 0, busy);
        log.record(time, EventTypes.NODE_MEMORY, 0, mib);
        log.record(time, EventTypes.NODE_RECEIVED, 0, received);
        log.record(time, EventTypes.NODE_SENT, 0, sent);
    }

    /** Records what is left, and waits until that is done. */
    @Override
    public void close() {
        stopped.countDown();
        boolean interrupted = false;
        while (sampler.isAlive()) {
            try {
                sampler.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

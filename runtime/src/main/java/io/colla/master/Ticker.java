package io.colla.master;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does something now and then on a thread of its own. */
final class Ticker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);

    private final ScheduledExecutorService timer;
    private final Duration period;
    private final Runnable action;

    Ticker(Duration period, Runnable action) {
        this.period = period;
        this.action = action;
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "colla-timer");
            thread.setDaemon(true);
            return thread;
        });
    }

    void start() {
        timer.scheduleAtFixedRate(this::act, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void act() {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.warn("a regular check failed", e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}

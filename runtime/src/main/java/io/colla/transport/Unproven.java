package io.colla.transport;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The connections that are still in their handshake, oldest first: so many and no more. */
final class Unproven {
    /** A handshake takes milliseconds; one that has had so long makes room when others wait. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration CHANGE = Duration.ofMillis(100);

    private final int most;
    private final Map<Link, Long> since = new LinkedHashMap<>();
    private final Set<Link> thrownOut = ConcurrentHashMap.newKeySet();
    private boolean closed;

    Unproven(int most) {
        this.most = most;
    }

    synchronized void add(Link link) {
        since.put(link, System.nanoTime());
        if (closed) {
            link.close();
        }
    }

    synchronized void remove(Link link) {
        since.remove(link);
        notifyAll();
    }

    /** Whether this one had to make room; asked once. */
    boolean thrownOut(Link link) {
        return thrownOut.remove(link);
    }

    /** Waits until one more may come; false when all is over. */
    synchronized boolean awaitRoom() {
        while (!closed && since.size() >= most) {
            Map.Entry<Link, Long> oldest = since.entrySet().iterator().next();
            long patience = PATIENCE.toNanos() - (System.nanoTime() - oldest.getValue());
            if (patience <= 0) {
                thrownOut.add(oldest.getKey());
                since.remove(oldest.getKey());
                oldest.getKey().close();
            } else {
                pause(patience);
            }
        }
        return !closed;
    }

    /** Waits for a moment, or until a connection is done. */
    synchronized void awaitChange() {
        if (!closed) {
            pause(CHANGE.toNanos());
        }
    }

    private void pause(long nanos) {
        try {
            // One change is enough: the callers look again.
            wait(TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    synchronized void closeAll() {
        closed = true;
        since.keySet().forEach(Link::close);
        notifyAll();
    }

    synchronized int size() {
        return since.size();
    }
}

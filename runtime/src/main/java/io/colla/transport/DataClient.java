package io.colla.transport;

import io.colla.wire.Message.Source;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Fetches contents from other processes of the run. Connections are kept for the next fetch, a bounded number for each process. Thread-safe.
 */
public final class DataClient implements AutoCloseable {
    private final RunSecret secret;
    private final Limits limits;
    private final Map<Source, Links> peers = new ConcurrentHashMap<>();
    private final Set<Fetcher> active = ConcurrentHashMap.newKeySet();
    private final AtomicLong swept = new AtomicLong(System.nanoTime());
    private volatile boolean closed;

    public DataClient(RunSecret secret, Limits limits) {
        this.secret = secret;
        this.limits = limits;
    }

    private static final class Links {
        final Semaphore permits;
        /** The one used last first; a stack keeps few in use, and so lets the others become idle. */
        final Deque<Fetcher> idle = new ArrayDeque<>();

        Links(int most) {
            permits = new Semaphore(most, true);
        }

        synchronized @Nullable Fetcher take() {
            return idle.poll();
        }

        synchronized void give(Fetcher fetcher) {
            idle.push(fetcher);
        }

        /** Closes those that have been idle for so long; all with 0. */
        synchronized void sweep(long nanos) {
            long now = System.nanoTime();
            while (!idle.isEmpty() && now - idle.getLast().lastUsed() >= nanos) {
                idle.removeLast().close();
            }
        }
    }

    /**
     * Fetches a content from one process, on the calling thread. Waits while as many fetches from there are under way as may be.
     *
     * @param sink is given all bytes and completed, or aborted
     * @throws IncomingException if the sink cannot take it
     * @throws IOException if the source cannot be reached, does not have it, is lost on the way, or is silent for {@link Limits#stall}; the message names both. Also when
     *     the thread is interrupted during the transfer.
     */
    public void fetch(int content, Source source, Incoming sink) throws IOException, InterruptedException {
        Links links = peers.computeIfAbsent(source, key -> new Links(limits.fetchesPerPeer()));
        links.permits.acquire();
        try {
            sweep();
            fetch(content, source, links, sink);
        } finally {
            links.permits.release();
        }
    }

    private void fetch(int content, Source source, Links links, Incoming sink) throws IOException {
        Fetcher reused = links.take();
        if (reused != null && fetch(reused, content, links, sink)) {
            return;
        }
        Fetcher fresh;
        String name = "worker " + source.worker();
        try {
            Peer peer = new Peer(name, source.addresses(), source.port());
            fresh = new Fetcher(Connector.open(peer, Purpose.DATA, secret, limits, limits.stall()), name, limits);
        } catch (IOException e) {
            throw new IOException("cannot fetch content " + content + ": " + e.getMessage(), e);
        }
        if (!fetch(fresh, content, links, sink)) {
            throw new IOException("cannot fetch content " + content + " from " + name + ": it closed the connection");
        }
    }

    /** Whether the source answered; if it did not, its side of a connection used before was closed, and a new one may do. */
    private boolean fetch(Fetcher fetcher, int content, Links links, Incoming sink) throws IOException {
        active.add(fetcher);
        try {
            if (closed) {
                throw new IOException("cannot fetch content " + content + ": this process is ending");
            }
            return fetcher.fetch(content, sink);
        } finally {
            active.remove(fetcher);
            if (fetcher.reusable() && !closed) {
                links.give(fetcher);
            } else {
                fetcher.close();
            }
        }
    }

    private void sweep() {
        long last = swept.get();
        long now = System.nanoTime();
        long idle = limits.idle().toNanos();
        if (now - last > idle / 4 && swept.compareAndSet(last, now)) {
            peers.values().forEach(links -> links.sweep(idle));
        }
    }

    /** Closes all connections; fetches that are under way fail. */
    @Override
    public void close() {
        closed = true;
        active.forEach(Fetcher::close);
        peers.values().forEach(links -> links.sweep(0));
    }
}

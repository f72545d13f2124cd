package io.colla.worker;

import io.colla.transport.DataClient;
import io.colla.transport.IncomingException;
import io.colla.wire.Message.Source;
import io.colla.worker.store.ContentStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Fetches over connections to other processes, with a bounded number of threads that end when there is nothing to fetch. */
final class RemoteFetcher implements Fetcher, AutoCloseable {
    private static final int MOST = 16;

    private final DataClient client;
    private final ContentStore store;
    private final AtomicInteger made = new AtomicInteger();
    private final ThreadPoolExecutor threads;
    private volatile @Nullable NodeTrace trace;

    /** @param client closed with this */
    RemoteFetcher(DataClient client, ContentStore store) {
        this.client = client;
        this.store = store;
        threads = new ThreadPoolExecutor(MOST, MOST, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), body -> {
            Thread thread = new Thread(body, "colla-fetch-" + made.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public void fetch(int content, List<Source> sources, boolean file, Listener listener) {
        try {
            threads.execute(() -> fetch(content, sources, listener));
        } catch (RejectedExecutionException e) {
            listener.failed(content, new int[0], "this worker is ending");
        }
    }

    private void fetch(int content, List<Source> sources, Listener listener) {
        List<Integer> asked = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        for (Source source : sources) {
            try {
                long begun = System.nanoTime();
                client.fetch(content, source, store.receive(content));
                record(content, source, begun);
                listener.fetched(content);
                return;
            } catch (IncomingException e) {
                // It is this node that cannot take it: asking others would not help.
                listener.failed(content, new int[0], FailureReport.describe(e));
                return;
            } catch (IOException | RuntimeException e) {
                asked.add(source.worker());
                failures.add(e instanceof IOException ? String.valueOf(e.getMessage()) : FailureReport.describe(e));
            } catch (InterruptedException e) {
                listener.failed(content, new int[0], "this worker is ending");
                return;
            }
        }
        listener.failed(content, asked.stream().mapToInt(i -> i).toArray(), String.join("; ", failures));
    }

    /** Transfers from now on are recorded. */
    void recordIn(NodeTrace used) {
        trace = used;
    }

    private void record(int content, Source source, long asked) {
        NodeTrace used = trace;
        if (used != null) {
            used.received(source.worker(), content, Math.max(0, store.size(content)), asked);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        client.close();
    }
}

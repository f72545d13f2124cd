package io.colla.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Does something that waits for other machines for many of them at once. */
final class Parallel {
    private static final int MOST = 64;

    private Parallel() {}

    /**
     * The results in the order of the items.
     *
     * @throws RuntimeException the first one that the function threw; the others have been tried too
     */
    static <T, R> List<R> map(List<T> items, Function<T, R> function) {
        if (items.isEmpty()) {
            return List.of();
        }
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(MOST, items.size()), body -> {
            Thread thread = new Thread(body, "colla-ask");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<R>> futures = new ArrayList<>();
            items.forEach(item -> futures.add(threads.submit(() -> function.apply(item))));
            List<R> results = new ArrayList<>();
            for (Future<R> future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for other machines", e);
        } finally {
            threads.shutdown();
        }
    }
}

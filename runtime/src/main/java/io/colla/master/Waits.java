package io.colla.master;

import io.colla.core.Failure;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The application's waits that are under way, by number. Thread-safe. */
final class Waits {
    /** How a wait ended: with a content (-1 for none), or a failure. */
    sealed interface Outcome {
        record Done(int content) implements Outcome {}

        record Failed(Failure failure) implements Outcome {}
    }

    private final Map<Integer, CompletableFuture<Outcome>> open = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();

    int next() {
        return numbers.getAndIncrement();
    }

    CompletableFuture<Outcome> open(int wait) {
        CompletableFuture<Outcome> future = new CompletableFuture<>();
        open.put(wait, future);
        return future;
    }

    void end(int wait, Outcome outcome) {
        CompletableFuture<Outcome> future = open.remove(wait);
        if (future != null) {
            future.complete(outcome);
        }
    }

    /** Ends all, for a run that is over. */
    void endAll(Failure failure) {
        for (Integer wait : open.keySet()) {
            end(wait, new Outcome.Failed(failure));
        }
    }
}

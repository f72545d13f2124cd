package io.colla.master;

import io.colla.core.Failure;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The application's waits that are under way, by number. Thread-safe. */
final class Waits {
    /** How a wait ended: with a content (-1 for none), or a failure. */
    sealed interface Outcome {
        record Done(int content) implements Outcome {}

        record Failed(Failure failure) implements Outcome {}
    }

    private final Map<Integer, Consumer<Outcome>> open = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();

    int next() {
        return numbers.getAndIncrement();
    }

    CompletableFuture<Outcome> open(int wait) {
        CompletableFuture<Outcome> future = new CompletableFuture<>();
        open.put(wait, future::complete);
        return future;
    }

    /** @param answer called once, by the thread that owns the engine, which it must not keep waiting */
    void open(int wait, Consumer<Outcome> answer) {
        open.put(wait, answer);
    }

    /** Nobody wants the answer. */
    void forget(int wait) {
        open.remove(wait);
    }

    void end(int wait, Outcome outcome) {
        Consumer<Outcome> answer = open.remove(wait);
        if (answer != null) {
            answer.accept(outcome);
        }
    }

    /** Ends all, for a run that is over. */
    void endAll(Failure failure) {
        for (Integer wait : open.keySet()) {
            end(wait, new Outcome.Failed(failure));
        }
    }
}

package io.colla.master;

import java.util.concurrent.atomic.AtomicInteger;

/** What all sessions of a run share: the numbers by which the engine knows tasks, data and groups, and the handles that may be collected. Thread-safe. */
final class Handles {
    private final AtomicInteger tasks = new AtomicInteger(1);
    private final AtomicInteger data = new AtomicInteger();
    private final AtomicInteger groups = new AtomicInteger();
    private final HandleTracker tracker = new HandleTracker();

    int nextTask() {
        return tasks.getAndIncrement();
    }

    int nextDatum() {
        return data.getAndIncrement();
    }

    /** The first of so many numbers that nobody else will get. */
    int nextData(int count) {
        return data.getAndAdd(count);
    }

    int nextGroup() {
        return groups.getAndIncrement();
    }

    HandleTracker tracker() {
        return tracker;
    }
}

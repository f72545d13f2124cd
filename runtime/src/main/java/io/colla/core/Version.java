package io.colla.core;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One version of a datum. */
final class Version {
    /** What is known of its content. */
    enum State {
        /** Its task has not finished. */
        PENDING,
        AVAILABLE,
        /** Its content is being moved to the user's path, where it will be available. */
        MOVING,
        /** There was a content and it is gone: dropped since nobody was reading it, used up by an update, or on a lost node. */
        LOST,
        FAILED,
        /** Nobody can read it any more. */
        DEAD
    }

    final Datum datum;
    /** The task that writes it; null for what the application gave and for what cannot be computed again. */
    @Nullable
    TaskRecord producer;

    State state = State.PENDING;
    /** Unfinished tasks that read it, waits of the application, and one while it is the newest version behind an open handle. */
    int readers;
    /** Finished tasks that would read it if they had to run again. */
    int lineage;

    @Nullable
    Content content;

    @Nullable
    Failure failure;
    /** A {@link Waiter}, or a list of them. */
    private @Nullable Object waiters;

    Version(Datum datum, @Nullable TaskRecord producer) {
        this.datum = datum;
        this.producer = producer;
    }

    boolean isAvailable() {
        return state == State.AVAILABLE;
    }

    @SuppressWarnings("unchecked")
    void addWaiter(Waiter waiter) {
        if (waiters == null) {
            waiters = waiter;
        } else if (waiters instanceof Waiter first) {
            List<Waiter> list = new ArrayList<>(4);
            list.add(first);
            list.add(waiter);
            waiters = list;
        } else {
            ((List<Waiter>) waiters).add(waiter);
        }
    }

    @SuppressWarnings("unchecked")
    List<Waiter> takeWaiters() {
        Object taken = waiters;
        waiters = null;
        if (taken == null) {
            return List.of();
        }
        return taken instanceof Waiter one ? List.of(one) : (List<Waiter>) taken;
    }

    @SuppressWarnings("unchecked")
    void forEachWaiter(Consumer<Waiter> action) {
        Object all = waiters;
        if (all instanceof Waiter one) {
            action.accept(one);
        } else if (all != null) {
            ((List<Waiter>) all).forEach(action);
        }
    }

    @Override
    public String toString() {
        return "version of datum " + datum.id + " " + state + " readers " + readers + " lineage " + lineage + " "
                + content;
    }
}

package io.colla.master;

import java.lang.ref.ReferenceQueue;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Finds handles that were collected. Thread-safe. */
final class HandleTracker {
    private final ReferenceQueue<DataHandle<?>> queue = new ReferenceQueue<>();
    private DataHandle.@Nullable Reference first;

    void track(DataHandle<?> handle) {
        DataHandle.Reference reference = new DataHandle.Reference(handle, queue);
        handle.track(reference);
        synchronized (this) {
            DataHandle.Reference head = first;
            reference.next = head;
            if (head != null) {
                head.previous = reference;
            }
            first = reference;
        }
    }

    /** Reports the data whose handles were collected since the last time. */
    void poll(IntConsumer collected) {
        for (var found = queue.poll(); found != null; found = queue.poll()) {
            DataHandle.Reference reference = (DataHandle.Reference) found;
            unlink(reference);
            collected.accept(reference.datum);
        }
    }

    void untrack(DataHandle.Reference reference) {
        unlink(reference);
    }

    private synchronized void unlink(DataHandle.Reference reference) {
        DataHandle.Reference before = reference.previous;
        DataHandle.Reference after = reference.next;
        if (before != null) {
            before.next = after;
        } else if (first == reference) {
            first = after;
        } else {
            return;
        }
        if (after != null) {
            after.previous = before;
        }
        reference.previous = null;
        reference.next = null;
    }
}

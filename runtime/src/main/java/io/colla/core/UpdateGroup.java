package io.colla.core;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that update one datum without an order among themselves: one at a time (commutative) or together (concurrent). The group is open until
 * somebody accesses the datum in another way; that access sees what all of them have made.
 */
final class UpdateGroup {
    final boolean concurrent;
    /** Commutative: what the next member reads. Concurrent: what the first one starts from. Holds a reader's reference. */
    Version last;
    /** Commutative and closed: what the last member writes. Concurrent: what all members write. */
    @Nullable Version result;

    boolean closed;
    /** Commutative: members that have not had the datum yet. Concurrent: members that have not finished. */
    int remaining;

    @Nullable TaskRecord holder;
    final ArrayDeque<TaskRecord> parked = new ArrayDeque<>();
    @Nullable Failure failure;
    /** Concurrent: the worker that has the shared object; -1 while none. */
    int worker = -1;
    /** Concurrent: the shared content; null while nobody has started. */
    @Nullable Content content;

    UpdateGroup(boolean concurrent, Version base) {
        this.concurrent = concurrent;
        this.last = base;
    }
}

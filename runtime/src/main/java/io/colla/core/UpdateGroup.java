package io.colla.core;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that update one datum without an order among themselves: one at a time (commutative) or together (concurrent). The group is open until
 * somebody accesses the datum in another way; that access sees what all of them have made.
 *
 * <p>Concurrent members all update one object on one worker, or one file that every node sees. It is made from a copy of what was there before: on a worker
 * by whichever member comes first, at a shared place by a member that runs alone. It can be made again elsewhere while no member is running.
 */
final class UpdateGroup {
    final boolean concurrent;
    /** Commutative: what the next member reads. Concurrent: what the first one starts from. Holds a reader's reference. */
    Version last;
    /** Commutative and closed: what the last member writes. Concurrent: what all members write. */
    @Nullable
    Version result;

    boolean closed;
    /** Commutative: members that have not had the datum yet. Concurrent: members that have not finished. */
    int remaining;

    /** Commutative: the member that has the datum. Concurrent: the one that makes the shared file. */
    @Nullable
    TaskRecord holder;

    final ArrayDeque<TaskRecord> parked = new ArrayDeque<>();

    @Nullable
    Failure failure;

    /** Concurrent: members that are with a worker. */
    int active;
    /** Concurrent: the content that the members update; null while nobody has started. */
    @Nullable
    Content content;
    /** Concurrent: the worker that has it, or makes it; -1 while none or when every node sees it. */
    int worker = -1;
    /** Concurrent: at least one member has updated the content. */
    boolean made;
    /** Concurrent: what the content is being made from when that is not {@link #last}. */
    @Nullable
    Content previous;

    UpdateGroup(boolean concurrent, Version base) {
        this.concurrent = concurrent;
        this.last = base;
    }

    /** Whether what members have made is gone. */
    boolean isLost() {
        Content from = previous;
        Content now = content;
        if (from != null) {
            return active == 0 && !from.isSomewhere();
        }
        return made && now != null && !now.isSomewhere();
    }
}

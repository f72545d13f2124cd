package io.colla.tracing.report;

/**
 * For which tasks the main program waited before it called others: those could not begin before. A trace does not say when a task was called, but tasks are numbered in the order of the calls,
 * and each call is an event. Where the numbers tell otherwise, as tasks that tasks call have numbers too, nothing is concluded. Not thread-safe.
 */
final class Syncs {
    private final Column calledBefore = Column.ofInts();
    private final Column waitedFor = Column.ofInts();
    private int size;
    private int called;
    private boolean inOrder = true;

    /** The main program calls a task. */
    void called() {
        called++;
    }

    /** A task with this number begins. */
    void began(int id) {
        inOrder &= id <= called;
    }

    /** A wait of the main program is over, and what it calls from now on begins after this task. */
    void add(int task) {
        if (size > 0 && calledBefore.getInt(size - 1) == called) {
            size--;
        }
        calledBefore.set(size, called);
        waitedFor.set(size, task);
        size++;
    }

    /** The task of the last wait; -1 if there was none. */
    int last() {
        return size == 0 ? -1 : waitedFor.getInt(size - 1);
    }

    /** The task that ended the last wait before the one with this number was called; -1 if there was none or that is not known. */
    int before(int id) {
        if (!inOrder || id <= 0) {
            return -1;
        }
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (calledBefore.getInt(middle) < id) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? -1 : waitedFor.getInt(low - 1);
    }
}

package io.colla.tracing.export;

/**
 * A task that a thread ran. Times are nanoseconds from the trace's begin.
 *
 * @param row of the thread, from 0
 * @param cpu where its code began, from 1 over all nodes; 0: not known
 * @param id its number; 0: not known
 * @param function value of its event
 * @param taken when the thread turned to it; as {@code begin} if the trace does not say
 * @param left when the thread had done with it; as {@code end} if the trace does not say
 * @param cores that it had; 0: not known
 * @param memory MiB that it asked for; 0: none
 */
record TaskSpan(
        int row,
        int cpu,
        long id,
        long function,
        long taken,
        long begin,
        long end,
        long left,
        long cores,
        long memory,
        boolean failed) {
    /** Nanoseconds around its code. */
    long overhead() {
        return begin - taken + left - end;
    }
}

package io.colla.tracing.paraver;

/**
 * Is told the records of a trace, in the order of the file. Threads are given by their row, from 0, as {@link PrvReader#thread} counts them; cpus from 1 over all nodes, 0 if it is not known;
 * times are nanoseconds from the trace's begin. What is not overridden is passed over.
 */
public interface PrvVisitor {
    /** A thread was in a state. */
    default void state(int cpu, int row, long begin, long end, int state) {}

    /** One event; a record of several is told one by one, in its order. */
    default void event(int cpu, int row, long time, int type, long value) {}

    /**
     * A message between two threads.
     *
     * @param sent when the sender had it ready, by the logical time
     * @param left when it left, by the physical time
     * @param awaited when the receiver was ready for it, by the logical time
     * @param received when it was there, by the physical time
     * @param size bytes
     */
    default void communication(
            int fromCpu,
            int fromRow,
            long sent,
            long left,
            int toCpu,
            int toRow,
            long awaited,
            long received,
            long size,
            long tag) {}
}

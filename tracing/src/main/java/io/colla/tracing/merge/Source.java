package io.colla.tracing.merge;

import io.colla.tracing.paraver.PrvWriter;
import java.io.IOException;

/** One stream of a trace's records in the order of time. */
abstract class Source {
    private static final int KIND_BITS = 2;

    /** Of the record to be written next; nanoseconds from the trace's begin. */
    long time;

    /** Paraver's kind of record, by which those of one time are ordered. */
    int kind;

    Source(int kind) {
        this.kind = kind;
    }

    /**
     * Finds the next record.
     *
     * @return whether there is one
     */
    abstract boolean next() throws IOException;

    /** Writes it. */
    abstract void write(PrvWriter out) throws IOException;

    /** Orders records as a trace has them: by time, then by kind. */
    final long key() {
        return time << KIND_BITS | kind;
    }
}

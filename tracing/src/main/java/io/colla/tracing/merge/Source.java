package io.colla.tracing.merge;

import io.colla.tracing.paraver.PrvWriter;
import java.io.IOException;

/** One stream of a trace's records in the order of time. */
abstract class Source {
    /** Of the record to be written next; nanoseconds from the trace's begin. */
    long time;

    /** Paraver's kind of record, by which those of one time are ordered. */
    final int kind;

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

    final boolean before(Source other) {
        return time < other.time || (time == other.time && kind < other.kind);
    }
}

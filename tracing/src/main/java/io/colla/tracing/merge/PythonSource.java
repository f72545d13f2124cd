package io.colla.tracing.merge;

import io.colla.tracing.EventTypes;
import io.colla.tracing.Records;
import io.colla.tracing.log.LogReader;
import io.colla.tracing.paraver.PrvWriter;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;

/**
 * The events of a thread of a Python process. What it is at (the <i>phases</i>) is recorded when it changes only, so that a task costs few records; here each phase gets its end before
 * the next one begins. Whatever is not 0 when the record ends, because the process was killed, is ended then. Such threads have no states: a task's Running is its executor thread's in the worker.
 */
final class PythonSource extends Source {
    private static final Set<Integer> PHASES = Set.of(
            EventTypes.INSIDE_TASK, EventTypes.INSIDE_WORKER, EventTypes.BINDING_MASTER, EventTypes.USER_FUNCTION);

    private final Row row;
    private final LogReader.Cursor records;
    private final Vocabulary vocabulary;
    /** The types seen, and their last values beside them. */
    private int[] types = new int[8];

    private long[] values = new long[8];
    private int known;
    private final PrvWriter.Place place;
    private int at;
    private int type;
    private long value;
    /** What the last written record leaves to be written at its time. */
    private boolean begins;

    private boolean over;

    PythonSource(Row row, Vocabulary vocabulary) {
        super(2);
        this.row = row;
        this.vocabulary = vocabulary;
        this.place = PrvWriter.place(0, row.id());
        this.records = row.thread().process().log().cursor(row.thread().number());
    }

    @Override
    boolean next() throws IOException {
        if (begins) {
            begins = false;
            return true;
        }
        while (!over && records.next()) {
            if (records.type() < Records.FIRST_EVENT) {
                continue;
            }
            time = Math.max(time, row.time(records.time()));
            type = records.type();
            value = records.value();
            at = find(type);
            if (isSeen()) {
                return true;
            }
        }
        over = true;
        time = Math.max(time, row.end());
        return closes();
    }

    /** Whether a record changes anything; one that goes from a phase to another ends the first. */
    private boolean isSeen() {
        if (!PHASES.contains(type)) {
            return true;
        }
        if (value == values[at]) {
            return false;
        }
        begins = value != 0 && values[at] != 0;
        return true;
    }

    private int find(int wanted) {
        for (int i = 0; i < known; i++) {
            if (types[i] == wanted) {
                return i;
            }
        }
        if (known == types.length) {
            types = Arrays.copyOf(types, 2 * known);
            values = Arrays.copyOf(values, 2 * known);
        }
        types[known] = wanted;
        return known++;
    }

    private boolean closes() {
        while (known > 0) {
            known--;
            if (values[known] != 0) {
                at = known;
                type = types[known];
                value = 0;
                return true;
            }
        }
        return false;
    }

    @Override
    void write(PrvWriter out) throws IOException {
        long written = begins ? 0 : value;
        vocabulary.used(type, written);
        out.events(place, time);
        out.event(type, written);
        out.endEvents();
        values[at] = written;
    }
}

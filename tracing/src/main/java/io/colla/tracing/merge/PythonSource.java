package io.colla.tracing.merge;

import io.colla.tracing.EventTypes;
import io.colla.tracing.Records;
import io.colla.tracing.log.LogReader;
import io.colla.tracing.paraver.PrvWriter;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;

/**
 * The events of a thread of a Python process. What it is at (the <i>phases</i>) is recorded when it changes only, so that a task costs few records; here each phase gets its end before the
 * next one begins. A task's first phase is also the beginning of {@link EventTypes#INSIDE_WORKER} = Process task, and its last one's end that of the amounts that were recorded for it. Whatever
 * is not 0 when the record ends, because the process was killed, is ended then. Such threads have no states: a task's Running is its executor thread's in the worker.
 */
final class PythonSource extends Source {
    private static final Set<Integer> PHASES = Set.of(
            EventTypes.INSIDE_TASK, EventTypes.INSIDE_WORKER, EventTypes.BINDING_MASTER, EventTypes.USER_FUNCTION);
    /** Amounts that hold until the task ends. */
    private static final int[] AMOUNTS = {
        EventTypes.SERIALIZATION_SIZE,
        EventTypes.SERIALIZATION_OBJECTS,
        EventTypes.DESERIALIZATION_SIZE,
        EventTypes.DESERIALIZATION_OBJECTS
    };

    private static final int WORKER_RUNNING = 1;
    private static final int PROCESS_TASK = 2;

    private final Row row;
    private final LogReader.Cursor records;
    private final Vocabulary vocabulary;
    private final PrvWriter.Place place;
    /** The types seen, and their last values beside them. */
    private int[] types = new int[16];

    private long[] values = new long[16];
    private int known;
    /** What is still to be written at the time of the last record: places among the types, and values. */
    private final int[] waiting = new int[16];

    private final long[] waitingValues = new long[16];
    private int first;
    private int behind;
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
        while (first == behind) {
            first = 0;
            behind = 0;
            if (over || !records.next()) {
                return closes();
            }
            if (records.type() >= Records.FIRST_EVENT) {
                time = Math.max(time, row.time(records.time()));
                take(records.type(), records.value());
            }
        }
        return true;
    }

    private void take(int type, long value) {
        int at = find(type);
        if (!PHASES.contains(type)) {
            add(at, value);
            return;
        }
        long before = values[at];
        if (before == value) {
            return;
        }
        if (type == EventTypes.INSIDE_TASK && before == 0) {
            turn(find(EventTypes.INSIDE_WORKER), PROCESS_TASK);
        }
        turn(at, value);
        if (type == EventTypes.INSIDE_TASK && value == 0) {
            for (int amount : AMOUNTS) {
                turn(find(amount), 0);
            }
            turn(find(EventTypes.INSIDE_WORKER), WORKER_RUNNING);
        }
    }

    /** From one phase to another. */
    private void turn(int at, long value) {
        long before = values[at];
        if (before != value && before != 0) {
            add(at, 0);
        }
        if (before != value && value != 0) {
            add(at, value);
        }
    }

    private void add(int at, long value) {
        waiting[behind] = at;
        waitingValues[behind++] = value;
        values[at] = value;
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

    /** Ends what has not ended, a type at a time. */
    private boolean closes() {
        if (!over) {
            over = true;
            time = Math.max(time, row.end());
        }
        for (int at = known - 1; at >= 0; at--) {
            if (values[at] != 0) {
                add(at, 0);
                return true;
            }
        }
        return false;
    }

    @Override
    void write(PrvWriter out) throws IOException {
        int type = types[waiting[first]];
        long value = waitingValues[first++];
        vocabulary.used(type, value);
        out.events(place, time);
        out.event(type, value);
        out.endEvents();
    }
}

package io.colla.tracing.merge;

import io.colla.tracing.EventTypes;
import io.colla.tracing.Records;
import io.colla.tracing.log.LogReader;
import io.colla.tracing.paraver.PrvWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The events of the threads of Python processes that share a row, one after the other; only the one at hand is open. What it is at (the <i>phases</i>) is recorded when it changes only, so that a task costs few records; here each phase gets its end before the
 * next one begins. A task's first phase is also the beginning of {@link EventTypes#INSIDE_WORKER} = Process task, and its last one's end that of the amounts that were recorded for it. Whatever
 * is not 0 when the record ends, because the process was killed, is ended then. Such threads have no states: a task's Running is its executor thread's in the worker.
 */
final class PythonSource extends Source {
    /** Amounts that hold until the task ends. */
    private static final int[] AMOUNTS = {
        EventTypes.SERIALIZATION_SIZE,
        EventTypes.SERIALIZATION_OBJECTS,
        EventTypes.DESERIALIZATION_SIZE,
        EventTypes.DESERIALIZATION_OBJECTS
    };

    private static final int WORKER_RUNNING = 1;
    private static final int PROCESS_TASK = 2;

    private final Iterator<Row> turns;
    private Row row;
    private LogReader.Cursor records;
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

    private PythonSource(Iterator<Row> turns, Vocabulary vocabulary) {
        super(2);
        this.turns = turns;
        this.vocabulary = vocabulary;
        this.row = turns.next();
        this.place = PrvWriter.place(0, row.id());
        this.records = row.thread().cursor();
    }

    /** @param turns at least one, in any order */
    static PythonSource of(List<Row> turns, Vocabulary vocabulary) throws IOException {
        Map<Row, Long> begins = new IdentityHashMap<>();
        for (Row turn : turns) {
            long[] span = turn.thread().span();
            begins.put(turn, span.length == 0 ? Long.MAX_VALUE : span[0]);
        }
        List<Row> order = new ArrayList<>(turns);
        order.sort(Comparator.comparingLong(turn -> begins.getOrDefault(turn, Long.MAX_VALUE)));
        return new PythonSource(order.iterator(), vocabulary);
    }

    @Override
    boolean next() throws IOException {
        while (first == behind) {
            first = 0;
            behind = 0;
            if (over || !records.next()) {
                if (closes()) {
                    return true;
                }
                if (!turns.hasNext()) {
                    return false;
                }
                takeTurn(turns.next());
            } else if (records.type() >= Records.FIRST_EVENT) {
                time = Math.max(time, row.time(records.time()));
                take(records.type(), records.value());
            }
        }
        return true;
    }

    private void takeTurn(Row next) {
        row = next;
        records = row.thread().cursor();
        known = 0;
        Arrays.fill(values, 0);
        over = false;
    }

    private static boolean isPhase(int type) {
        return switch (type) {
            case EventTypes.INSIDE_TASK,
                    EventTypes.INSIDE_WORKER,
                    EventTypes.BINDING_MASTER,
                    EventTypes.USER_FUNCTION -> true;
            default -> false;
        };
    }

    private void take(int type, long value) {
        int at = find(type);
        if (!isPhase(type)) {
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

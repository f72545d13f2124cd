package io.colla.tracing.merge;

import io.colla.tracing.paraver.PrvReader;
import io.colla.tracing.paraver.PrvVisitor;
import io.colla.tracing.paraver.PrvWriter;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records of a trace, with other numbers and later. It is open only from its first record to its last, so that there may be more traces than open files. Keeps the records of one time.
 */
final class ForeignSource extends Source implements Closeable {
    private static final int STATE = 1;
    private static final int EVENTS = 2;
    private static final int COMMUNICATION = 3;

    /** Records of one kind, one after the other. */
    private static final class Held {
        long[] data = new long[32];
        int size;
        int at;

        void add(long value) {
            if (size == data.length) {
                data = Arrays.copyOf(data, 2 * size);
            }
            data[size++] = value;
        }

        void addAll(Held other) {
            for (int i = 0; i < other.size; i++) {
                add(other.data[i]);
            }
        }

        long take() {
            return data[at++];
        }

        void clear() {
            size = 0;
            at = 0;
        }

        boolean isEmpty() {
            return at == size;
        }
    }

    private final class Reading implements PrvVisitor {
        private long readTime;
        private long events;

        @Override
        public void state(int cpu, int row, long begin, long end, int state) {
            readTime = begin;
            ahead.add(cpu);
            ahead.add(row);
            ahead.add(end);
            ahead.add(state);
        }

        @Override
        public void event(int cpu, int row, long at, int type, long value) {
            readTime = at;
            if (ahead.size == 0) {
                ahead.add(cpu);
                ahead.add(row);
                ahead.add(0);
            }
            if (type != lastType) {
                lastType = type;
                lastRenamed = renamed.get(type);
            }
            ahead.data[2] = ++events;
            ahead.add(lastRenamed == null ? type : lastRenamed.number());
            ahead.add(lastRenamed == null ? value : lastRenamed.value(value));
        }

        @Override
        public void communication(
                int fromCpu,
                int fromRow,
                long sent,
                long left,
                int toCpu,
                int toRow,
                long awaited,
                long received,
                long size,
                long tag) {
            readTime = sent;
            for (long value : new long[] {fromCpu, fromRow, left, toCpu, toRow, awaited, received, size, tag}) {
                ahead.add(value);
            }
        }
    }

    private final PrvReader reader;
    private final ForeignPlaces places;
    private final Map<Integer, ForeignLabels.Renamed> renamed;
    private final long shift;
    private final Map<Long, PrvWriter.Place> known = new HashMap<>();
    private final Held[] held = {new Held(), new Held(), new Held(), new Held()};
    private final Held ahead = new Held();
    private final Reading reading = new Reading();
    private int aheadKind;
    private int lastType = -1;
    private ForeignLabels.@Nullable Renamed lastRenamed;
    private boolean begun;
    private boolean open;

    /**
     * @param first the time of its first record, in the trace
     * @param shift is added to its times
     */
    ForeignSource(
            PrvReader reader,
            long first,
            long shift,
            ForeignPlaces places,
            Map<Integer, ForeignLabels.Renamed> renamed) {
        super(STATE);
        this.reader = reader;
        this.shift = shift;
        this.places = places;
        this.renamed = renamed;
        this.time = first + shift;
    }

    @Override
    boolean next() throws IOException {
        if (!begun) {
            return true; // not read yet, but it is known when it begins
        }
        for (int each = STATE; each <= COMMUNICATION; each++) {
            if (!held[each].isEmpty()) {
                kind = each;
                return true;
            }
        }
        return open && readTime();
    }

    /** Reads all records of the next time. */
    private boolean readTime() throws IOException {
        for (Held each : held) {
            each.clear();
        }
        if (aheadKind < 0) {
            close();
            return false;
        }
        long now = reading.readTime;
        kind = COMMUNICATION;
        do {
            kind = Math.min(kind, aheadKind);
            held[aheadKind].addAll(ahead);
            readAhead();
        } while (aheadKind > 0 && reading.readTime == now);
        time = now + shift;
        return true;
    }

    private void readAhead() throws IOException {
        do {
            ahead.clear();
            reading.events = 0;
            aheadKind = reader.next(reading);
        } while (aheadKind == 0);
    }

    @Override
    void write(PrvWriter out) throws IOException {
        if (!begun) {
            begun = true;
            open = true;
            reader.start();
            readAhead();
            return;
        }
        Held record = held[kind];
        PrvWriter.Place place = place(record.take(), record.take());
        switch (kind) {
            case STATE -> {
                long end = record.take() + shift;
                out.state(place, time, end, (int) record.take());
            }
            case EVENTS -> {
                out.events(place, time);
                for (long left = record.take(); left > 0; left--) {
                    int type = (int) record.take();
                    out.event(type, record.take());
                }
                out.endEvents();
            }
            default -> {
                long left = record.take() + shift;
                PrvWriter.Place to = place(record.take(), record.take());
                long awaited = record.take() + shift;
                long received = record.take() + shift;
                long size = record.take();
                out.communication(place, time, left, to, awaited, received, size, record.take());
            }
        }
    }

    private PrvWriter.Place place(long cpu, long row) {
        long key = cpu << Integer.SIZE | row;
        PrvWriter.Place place = known.get(key);
        if (place == null) {
            place = places.place((int) cpu, (int) row);
            known.put(key, place);
        }
        return place;
    }

    @Override
    public void close() throws IOException {
        open = false;
        reader.close();
    }
}

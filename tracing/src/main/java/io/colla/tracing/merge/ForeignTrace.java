package io.colla.tracing.merge;

import io.colla.tracing.paraver.PrvReader;
import io.colla.tracing.paraver.PrvVisitor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A trace that others have written, looked through once: what it uses, how long it is, and when its processes began, if it says so. Memory grows with its types, not with its records.
 */
public final class ForeignTrace {
    /** Extrae's event at the beginning of a process, whose value is the time of its machine's clock, if it was built to use that one. */
    static final int CLOCK = 40000050;

    /**
     * What a process says of its machine's clock.
     *
     * @param node the machine's name
     * @param time in the trace
     * @param clock what {@link System#nanoTime} was there at that moment
     */
    public record ClockEvent(String node, long time, long clock) {}

    private final Path file;
    private final TreeSet<Integer> types = new TreeSet<>();
    private final TreeSet<Integer> states = new TreeSet<>();
    private long first = Long.MAX_VALUE;
    private long last;
    private long records;
    private boolean cut;
    private @Nullable ClockEvent clock;

    private ForeignTrace(Path file) {
        this.file = file;
    }

    /**
     * Looks through a trace.
     *
     * @throws IOException if it cannot be read, is none, or is not in the order of time
     */
    public static ForeignTrace look(Path file) throws IOException {
        ForeignTrace trace = new ForeignTrace(file);
        try (PrvReader reader = PrvReader.open(file)) {
            Look look = trace.new Look(reader);
            PrvReader.Totals totals = reader.read(look);
            if (look.disorder > 0) {
                throw new IOException(file + ", line " + look.disorder + " is earlier than the line before it");
            }
            trace.records = totals.records();
            trace.cut = totals.cut();
            trace.last = Math.max(trace.last, reader.end());
        }
        return trace;
    }

    private final class Look implements PrvVisitor {
        private final PrvReader reader;
        private long before = Long.MIN_VALUE;
        private long disorder;
        private int lastType = -1;

        Look(PrvReader reader) {
            this.reader = reader;
        }

        private void at(long time, long until) {
            if (time < before && disorder == 0) {
                disorder = reader.line();
            }
            before = time;
            first = Math.min(first, time);
            last = Math.max(last, until);
        }

        @Override
        public void state(int cpu, int row, long begin, long end, int state) {
            at(begin, end);
            states.add(state);
        }

        @Override
        public void event(int cpu, int row, long time, int type, long value) {
            at(time, time);
            if (type != lastType) {
                lastType = type;
                types.add(type);
            }
            if (type == CLOCK && clock == null && value > 0) {
                clock = new ClockEvent(reader.nodeName(row), time, value);
            }
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
            at(sent, Math.max(Math.max(sent, left), Math.max(awaited, received)));
        }
    }

    public Path file() {
        return file;
    }

    /** The time of its first record; 0 if it has none. */
    public long first() {
        return records == 0 ? 0 : first;
    }

    /** Nanoseconds until its end, or its last record if that is later. */
    public long last() {
        return last;
    }

    public long records() {
        return records;
    }

    /** Whether its writer was killed. */
    boolean isCut() {
        return cut;
    }

    /** The first that a process said of its machine's clock; null if none did. */
    public @Nullable ClockEvent clock() {
        return clock;
    }

    TreeSet<Integer> types() {
        return types;
    }

    TreeSet<Integer> states() {
        return states;
    }
}

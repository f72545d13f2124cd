package io.colla.tracing.paraver;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a trace as strictly as it can be read and says what is wrong with it, also where Paraver itself says nothing: records out of order or past the header's time, unknown threads, cpus
 * that are not of the thread's node, overlapping states, events that begin and never end, messages received before they were sent, types and values without label, missing names. For types
 * in {@code paired}, every value other than 0 must be followed by 0 before the trace ends and before the next such value of the thread.
 *
 * <p>Memory grows with threads, types and labels, not with records. One use each; not thread-safe.
 */
public final class TraceChecker {
    private static final int MOST_TOLD = 50;
    /** Types that are looked up by their last bits; a power of two. */
    private static final int NEAR = 256;
    /** Values without label that are told of one type. */
    private static final int MOST_VALUES = 5;

    private static final int LARGEST_STATE = 1 << 16;

    private final Set<Integer> paired;
    private final List<String> faults = new ArrayList<>();
    private long allFaults;
    private final long[] records = new long[4];
    private final BitSet states = new BitSet();
    private final Map<Integer, Type> types = new HashMap<>();
    private final @Nullable Type[] near = new @Nullable Type[NEAR];
    private Header header = Header.NONE;
    private PcfFile labels = new PcfFile(Set.of(), Map.of(), Map.of());
    private int pairs;
    private long line;
    private long lastTime;
    private int lastKind;

    private ThreadRows threads = new ThreadRows(Header.NONE.machine());
    private int[] firstCpus = new int[0];
    private int[] lastCpus = new int[0];
    private long[] busyUntil = new long[0];

    private TraceChecker(Set<Integer> paired) {
        this.paired = paired;
    }

    /** What is known of a type of event. */
    private static final class Type {
        private static final int MOST_KNOWN = 1 << 16;

        final int number;
        final @Nullable Set<Long> labelled;
        /** For each thread, of a paired type: the value that goes on, and since when. */
        final long[] open;

        final long[] since;
        final BitSet told = new BitSet();
        final BitSet known = new BitSet();
        int toldValues;
        boolean used;
        long spans;
        long duration;

        Type(int number, @Nullable Set<Long> labelled, int rows) {
            this.number = number;
            this.labelled = labelled;
            open = new long[rows];
            since = new long[rows];
            if (labelled != null) {
                labelled.stream().filter(value -> value < MOST_KNOWN).forEach(value -> known.set((int) (long) value));
            }
        }

        boolean hasLabel(long value) {
            if (labelled == null) {
                return true;
            }
            return value >= 0 && value < MOST_KNOWN ? known.get((int) value) : labelled.contains(value);
        }
    }

    /**
     * What was found.
     *
     * @param faults sentences, at most {@value #MOST_TOLD}
     * @param found how many faults there are
     * @param end nanoseconds that the header says
     * @param states records of states
     * @param events records of events
     * @param communications records of communications
     * @param spans for each paired type how many values other than 0 there were
     * @param durations for each paired type the nanoseconds between those values and their ends, over all threads
     */
    public record Findings(
            List<String> faults,
            long found,
            Machine machine,
            long end,
            long states,
            long events,
            long communications,
            Map<Integer, Long> spans,
            Map<Integer, Long> durations) {
        public long records() {
            return states + events + communications;
        }
    }

    /**
     * Checks a {@code .prv} or {@code .prv.gz} with the {@code .pcf} and {@code .row} beside it.
     *
     * @param paired event types whose values begin and end something
     * @throws IOException if a file cannot be read
     */
    public static Findings check(Path prv, Set<Integer> paired) throws IOException {
        return new TraceChecker(paired).check(prv);
    }

    private Findings check(Path prv) throws IOException {
        labels = PcfFile.read(PrvReader.beside(prv, ".pcf"), this::add);
        try (PrvLines lines = PrvLines.open(prv)) {
            begin(lines);
            while (lines.next()) {
                line++;
                if (!lines.isWhole()) {
                    fault("is cut off: it has no end");
                }
                record(lines);
            }
        }
        end();
        RowFile.check(PrvReader.beside(prv, ".row"), header.machine(), this::add);
        Map<Integer, Long> spans = new HashMap<>();
        Map<Integer, Long> durations = new HashMap<>();
        for (Type type : types.values()) {
            if (type.used && paired.contains(type.number)) {
                spans.put(type.number, type.spans);
                durations.put(type.number, type.duration);
            }
        }
        return new Findings(
                List.copyOf(faults),
                allFaults,
                header.machine(),
                header.end(),
                records[1],
                records[2],
                records[3],
                Map.copyOf(spans),
                Map.copyOf(durations));
    }

    private void begin(PrvLines lines) throws IOException {
        line = 1;
        String first = lines.next() ? lines.text() : "";
        try {
            header = Header.parse(first, this::fault);
        } catch (IllegalArgumentException e) {
            fault("is a header that makes no sense: " + e.getMessage());
        }
        rows(header.machine());
        for (int i = 0; i < header.communicators(); i++) {
            line++;
            if (!lines.next() || !lines.text().startsWith("c:")) {
                fault("is no communicator, and the header says that there are " + header.communicators());
            }
        }
    }

    private void rows(Machine machine) {
        threads = new ThreadRows(machine);
        int[] firsts = new int[machine.nodes().size() + 1];
        for (int node = 1; node <= firsts.length; node++) {
            firsts[node - 1] = machine.firstCpu(node);
        }
        firstCpus = new int[threads.count()];
        lastCpus = new int[threads.count()];
        for (int row = 0; row < threads.count(); row++) {
            int node = machine.nodeOf(threads.thread(row));
            firstCpus[row] = firsts[node - 1];
            lastCpus[row] = firsts[node] - 1;
        }
        busyUntil = new long[threads.count()];
    }

    private void end() {
        for (Type type : types.values()) {
            if (type.used && !labels.types().containsKey(type.number)) {
                add("event type " + type.number + " has no label");
            }
            for (int row = 0; row < type.open.length; row++) {
                if (type.open[row] != 0) {
                    add("thread " + threads.thread(row) + " has event " + type.number + " = " + type.open[row]
                            + " that never ends");
                }
            }
        }
        states.stream().filter(state -> !labels.states().contains(state)).forEach(state -> {
            add("state " + state + " has no label");
        });
    }

    private void record(PrvLines fields) {
        int count = fields.split();
        long kind = count == 0 ? 0 : fields.field(0);
        boolean whole =
                switch ((int) Math.min(kind, 4)) {
                    case 1 -> count == 8 && !fields.hasSign(0, 8, 1);
                    case 2 -> count >= 8 && count % 2 == 0 && !fields.hasSign(0, 6, 1) && !fields.hasSign(6, count, 2);
                    case 3 -> count == 15 && !fields.hasSign(0, 15, 1);
                    default -> false;
                };
        if (!whole) {
            String text = fields.text();
            fault("is no record: '" + (text.length() > 100 ? text.substring(0, 100) + "…" : text) + "'");
            return;
        }
        records[(int) kind]++;
        inOrder(fields.field(5), (int) kind);
        int row = threads.row(fields.field(2), fields.field(3), fields.field(4));
        if (row < 0) {
            fault("names thread " + name(fields, 2) + ", which the header does not have");
            return;
        }
        if (!isOn(fields.field(1), row)) {
            fault("puts thread " + threads.thread(row) + " on cpu " + fields.field(1)
                    + ", which is not of its node; Paraver drops such records");
        }
        switch ((int) kind) {
            case 1 -> state(row, fields);
            case 2 -> events(row, fields, count);
            default -> communication(fields);
        }
    }

    private static String name(PrvLines fields, int at) {
        return fields.field(at) + "." + fields.field(at + 1) + "." + fields.field(at + 2);
    }

    /** Whether the cpu is one of the thread's node; 0 (unknown) is one of every node. */
    private boolean isOn(long cpu, int row) {
        return cpu == 0 || (cpu >= firstCpus[row] && cpu <= lastCpus[row]);
    }

    private void inOrder(long time, int kind) {
        if (time < lastTime || (time == lastTime && kind < lastKind)) {
            fault("is out of order: time " + time + " kind " + kind + " after time " + lastTime + " kind " + lastKind);
        }
        lastTime = time;
        lastKind = kind;
        inTime(time);
    }

    private void inTime(long time) {
        if (time > header.end()) {
            fault("is at " + time + ", and the trace lasts " + header.end());
        }
    }

    private void state(int row, PrvLines fields) {
        long begin = fields.field(5);
        long end = fields.field(6);
        inTime(end);
        states.set((int) Math.min(fields.field(7), LARGEST_STATE));
        if (end <= begin) {
            fault("is a state of no time");
        }
        if (busyUntil[row] > begin) {
            fault("overlaps with the state before it of thread " + threads.thread(row));
        }
        busyUntil[row] = Math.max(busyUntil[row], end);
    }

    private void events(int row, PrvLines fields, int count) {
        for (int i = 6; i < count; i += 2) {
            long number = fields.field(i);
            if (number > Integer.MAX_VALUE) {
                fault("has event type " + number + ", which is beyond what Paraver reads");
            } else {
                event(row, fields.field(5), type((int) number), fields.field(i + 1));
            }
        }
    }

    private Type type(int number) {
        Type recent = near[number & (NEAR - 1)];
        if (recent != null && recent.number == number) {
            return recent;
        }
        Type type = types.computeIfAbsent(
                number, n -> new Type(n, labels.values().get(n), paired.contains(n) ? threads.count() : 0));
        near[number & (NEAR - 1)] = type;
        return type;
    }

    private void event(int row, long time, Type type, long value) {
        type.used = true;
        if (!type.hasLabel(value)) {
            unlabelled(type, value);
        }
        if (type.open.length == 0) {
            return;
        }
        long before = type.open[row];
        if (value == 0 && before == 0) {
            fault("ends event " + type.number + " of thread " + threads.thread(row) + ", which had not begun");
        } else if (value != 0 && before != 0) {
            fault("begins event " + type.number + " = " + value + " of thread " + threads.thread(row) + " while it is "
                    + before);
        }
        if (before != 0) {
            type.duration += time - type.since[row];
        }
        if (value != 0) {
            type.spans++;
        }
        type.open[row] = value;
        type.since[row] = time;
    }

    /** Tells each value once, as far as that needs little memory. */
    private void unlabelled(Type type, long value) {
        int place = (int) Math.floorMod(value, 1 << 16);
        if (type.toldValues < MOST_VALUES && !type.told.get(place)) {
            type.told.set(place);
            type.toldValues++;
            fault("has value " + value + " of event type " + type.number + ", which has no label while others have");
        }
    }

    private void communication(PrvLines fields) {
        int to = threads.row(fields.field(8), fields.field(9), fields.field(10));
        if (to < 0) {
            fault("is received by thread " + name(fields, 8) + ", which the header does not have");
        } else if (!isOn(fields.field(7), to)) {
            fault("is received on cpu " + fields.field(7) + ", which is not of the node of thread "
                    + threads.thread(to));
        }
        inTime(Math.max(fields.field(6), Math.max(fields.field(11), fields.field(12))));
        // By the physical times: a receiver may well be ready before the sender is.
        if (fields.field(12) < fields.field(6)) {
            fault("is received before it was sent");
        }
    }

    private void fault(String what) {
        add("line " + line + " " + what);
    }

    private void add(String sentence) {
        allFaults++;
        if (faults.size() < MOST_TOLD) {
            faults.add(sentence);
        }
    }
}

package io.colla.tracing.paraver;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a .prv, record by record, in the order in which they are given: by time, then states before events before communications. Times are nanoseconds from the trace's begin. Keeps
 * nothing but one buffer. Not thread-safe.
 */
public final class PrvWriter implements Closeable {
    static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("dd/MM/yyyy 'at' HH:mm");
    /** Longest number, with its separator. */
    private static final int LONGEST = 21;

    private static final int BUFFER = 1 << 16;

    /** Of each number below 100. */
    private static final byte[] TENS = new byte[100];

    private static final byte[] ONES = new byte[100];

    static {
        for (int i = 0; i < TENS.length; i++) {
            TENS[i] = (byte) ('0' + i / 10);
            ONES[i] = (byte) ('0' + i % 10);
        }
    }

    /** Texts of types that are kept; a power of two. */
    private static final int TYPES = 256;

    private final byte[] @Nullable [] typeTexts = new byte[TYPES][];
    private final int[] typeNumbers = new int[TYPES];
    private final Times times = new Times();
    private final Times ends = new Times();
    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER];
    private int used;
    private long records;
    private long clamped;

    /**
     * Writes the header.
     *
     * @param out closed with this; should be unbuffered
     * @param end nanoseconds that the trace lasts
     * @throws IOException if it cannot be written
     */
    public PrvWriter(OutputStream out, Machine machine, long end, LocalDateTime begun) throws IOException {
        this(out, machine, end, begun, List.of());
    }

    /**
     * As the other, with communicators.
     *
     * @param communicators lines that describe them, {@code c:application:number:tasks:task:task…}
     */
    public PrvWriter(OutputStream out, Machine machine, long end, LocalDateTime begun, List<String> communicators)
            throws IOException {
        this.out = out;
        out.write(header(machine, end, begun, communicators).getBytes(StandardCharsets.US_ASCII));
    }

    private static String header(Machine machine, long end, LocalDateTime begun, List<String> communicators) {
        StringBuilder text = new StringBuilder("#Paraver (")
                .append(DATE.format(begun))
                .append("):")
                .append(end)
                .append("_ns:");
        text.append(machine.nodes().size()).append('(');
        String comma = "";
        for (Machine.Node node : machine.nodes()) {
            text.append(comma).append(node.cpus());
            comma = ",";
        }
        text.append("):").append(machine.applications().size()).append(':');
        comma = "";
        for (Machine.Application application : machine.applications()) {
            text.append(comma);
            describe(application, text);
            comma = ",";
        }
        text.append(',').append(communicators.size()).append('\n');
        communicators.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    private static void describe(Machine.Application application, StringBuilder text) {
        text.append(application.tasks().size()).append('(');
        String comma = "";
        for (Machine.Task task : application.tasks()) {
            text.append(comma).append(task.threads().size()).append(':').append(task.node());
            comma = ",";
        }
        text.append(')');
    }

    /** Where records are: a thread, on a cpu. Made once for many records, as its text is. */
    public static final class Place {
        private final byte[] text;

        private Place(String text) {
            this.text = text.getBytes(StandardCharsets.US_ASCII);
        }
    }

    /** @param cpu 0 if it is not known */
    public static Place place(int cpu, ThreadId thread) {
        return new Place(":" + cpu + ":" + thread.application() + ":" + thread.task() + ":" + thread.thread() + ":");
    }

    /** A thread's state from {@code begin} to {@code end}; nothing if that is no time. */
    public void state(int cpu, ThreadId thread, long begin, long end, int state) throws IOException {
        state(place(cpu, thread), begin, end, state);
    }

    public void state(Place place, long begin, long end, int state) throws IOException {
        if (begin >= end) {
            return;
        }
        record('1', place);
        times.append(begin);
        buffer[used++] = ':';
        ends.append(end);
        buffer[used++] = ':';
        last(state);
    }

    /** Begins a record of events, which {@link #event} adds to and {@link #endEvents} ends. */
    public void events(int cpu, ThreadId thread, long time) throws IOException {
        events(place(cpu, thread), time);
    }

    public void events(Place place, long time) throws IOException {
        record('2', place);
        times.append(time);
    }

    /** At least one for each {@link #events}. */
    public void event(int type, long value) throws IOException {
        room();
        byte[] name = type(type);
        System.arraycopy(name, 0, buffer, used, name.length);
        used += name.length;
        digits(value);
    }

    /** The type with a colon on both sides. */
    private byte[] type(int type) {
        int at = type & (TYPES - 1);
        byte[] known = typeTexts[at];
        if (known == null || typeNumbers[at] != type) {
            known = (":" + type + ":").getBytes(StandardCharsets.US_ASCII);
            typeTexts[at] = known;
            typeNumbers[at] = type;
        }
        return known;
    }

    public void endEvents() {
        buffer[used++] = '\n';
    }

    /**
     * A message between two threads.
     *
     * @param sent when it was sent
     * @param received when it had arrived
     * @param size bytes
     */
    public void communication(
            int fromCpu, ThreadId from, long sent, int toCpu, ThreadId to, long received, long size, long tag)
            throws IOException {
        communication(place(fromCpu, from), sent, sent, place(toCpu, to), received, received, size, tag);
    }

    /**
     * A message of which more is known.
     *
     * @param sent when the sender had it ready
     * @param left when it left
     * @param awaited when the receiver was ready for it
     * @param received when it was there
     */
    public void communication(
            Place from, long sent, long left, Place to, long awaited, long received, long size, long tag)
            throws IOException {
        // Clocks of two nodes may differ by more than a message takes.
        long arrived = Math.max(left, received);
        clamped += arrived > received ? 1 : 0;
        record('3', from);
        number(sent);
        digits(left);
        byte[] text = to.text;
        System.arraycopy(text, 0, buffer, used, text.length);
        used += text.length;
        room();
        number(awaited == received ? arrived : awaited);
        number(arrived);
        number(size);
        last(tag);
    }

    /** Messages that, by their nodes' clocks, were received before they were sent: they are written as received at once. */
    public long clamped() {
        return clamped;
    }

    /** Records written so far. */
    public long records() {
        return records;
    }

    private void record(char kind, Place place) throws IOException {
        room();
        records++;
        buffer[used++] = (byte) kind;
        byte[] text = place.text;
        System.arraycopy(text, 0, buffer, used, text.length);
        used += text.length;
    }

    private void number(long value) {
        digits(value);
        buffer[used++] = ':';
    }

    private void last(long value) {
        digits(value);
        buffer[used++] = '\n';
    }

    private void digits(long value) {
        if (value >= 0 && value < 100) {
            if (value >= 10) {
                buffer[used++] = TENS[(int) value];
            }
            buffer[used++] = ONES[(int) value];
            return;
        }
        long rest = value;
        if (rest < 0) {
            if (rest == Long.MIN_VALUE) {
                used = append(Long.toString(rest));
                return;
            }
            buffer[used++] = '-';
            rest = -rest;
        }
        int length = 1;
        for (long bound = 10; length < 19 && rest >= bound; bound *= 10) {
            length++;
        }
        int at = used + length;
        used = at;
        while (rest >= 100) {
            long hundredth = rest / 100;
            int two = (int) (rest - hundredth * 100);
            buffer[--at] = ONES[two];
            buffer[--at] = TENS[two];
            rest = hundredth;
        }
        buffer[--at] = ONES[(int) rest];
        if (rest >= 10) {
            buffer[--at] = TENS[(int) rest];
        }
    }

    /** Writes times, which are close to each other: all but the last six digits are kept as text. */
    private final class Times {
        private static final long PART = 1_000_000;

        private long front = -1;
        private final byte[] text = new byte[LONGEST];
        private int length;

        void append(long time) {
            if (time < PART) {
                digits(time);
                return;
            }
            long high = time / PART;
            if (high != front) {
                int from = used;
                digits(high);
                length = used - from;
                System.arraycopy(buffer, from, text, 0, length);
                front = high;
            } else {
                System.arraycopy(text, 0, buffer, used, length);
                used += length;
            }
            int low = (int) (time - high * PART);
            int upper = low / 10_000;
            int rest = low - upper * 10_000;
            int middle = rest / 100;
            two(upper);
            two(middle);
            two(rest - middle * 100);
        }

        private void two(int value) {
            buffer[used++] = TENS[value];
            buffer[used++] = ONES[value];
        }
    }

    private int append(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, buffer, used, bytes.length);
        return used + bytes.length;
    }

    /** Makes room for a dozen numbers. */
    private void room() throws IOException {
        if (used + 12 * LONGEST > BUFFER) {
            flush();
        }
    }

    private void flush() throws IOException {
        out.write(buffer, 0, used);
        used = 0;
    }

    @Override
    public void close() throws IOException {
        try (out) {
            flush();
        }
    }
}

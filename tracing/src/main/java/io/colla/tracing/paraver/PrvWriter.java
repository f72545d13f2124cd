package io.colla.tracing.paraver;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

/**
 * Writes a .prv, record by record, in the order in which they are given: by time, then states before events before communications. Times are nanoseconds from the trace's begin. Keeps
 * nothing but one buffer. Not thread-safe.
 */
public final class PrvWriter implements Closeable {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("dd/MM/yyyy 'at' HH:mm");
    /** Longest number, with its separator. */
    private static final int LONGEST = 21;

    private static final int BUFFER = 1 << 16;

    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER];
    private int used;
    private long records;

    /**
     * Writes the header.
     *
     * @param out closed with this; should be unbuffered
     * @param end nanoseconds that the trace lasts
     * @throws IOException if it cannot be written
     */
    public PrvWriter(OutputStream out, Machine machine, long end, LocalDateTime begun) throws IOException {
        this.out = out;
        out.write(header(machine, end, begun).getBytes(StandardCharsets.US_ASCII));
    }

    private static String header(Machine machine, long end, LocalDateTime begun) {
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
        return text.append(",0\n").toString();
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

    /** A thread's state from {@code begin} to {@code end}; nothing if that is no time. */
    public void state(int cpu, ThreadId thread, long begin, long end, int state) throws IOException {
        if (begin >= end) {
            return;
        }
        record('1', cpu, thread);
        number(begin);
        number(end);
        last(state);
    }

    /** Begins a record of events, which {@link #event} adds to and {@link #endEvents} ends. */
    public void events(int cpu, ThreadId thread, long time) throws IOException {
        record('2', cpu, thread);
        digits(time);
    }

    /** At least one for each {@link #events}. */
    public void event(int type, long value) throws IOException {
        room();
        buffer[used++] = ':';
        digits(type);
        buffer[used++] = ':';
        digits(value);
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
        record('3', fromCpu, from);
        number(sent);
        number(sent);
        number(toCpu);
        number(to.application());
        room();
        number(to.task());
        number(to.thread());
        number(received);
        number(received);
        number(size);
        last(tag);
    }

    /** Records written so far. */
    public long records() {
        return records;
    }

    private void record(char kind, int cpu, ThreadId thread) throws IOException {
        room();
        records++;
        buffer[used++] = (byte) kind;
        buffer[used++] = ':';
        number(cpu);
        number(thread.application());
        number(thread.task());
        number(thread.thread());
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
        do {
            long tenth = rest / 10;
            buffer[--at] = (byte) ('0' + (rest - tenth * 10));
            rest = tenth;
        } while (rest > 0);
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

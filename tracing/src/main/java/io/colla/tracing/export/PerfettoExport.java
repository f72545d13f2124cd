package io.colla.tracing.export;

import io.colla.tracing.EventTypes;
import io.colla.tracing.paraver.EventType;
import io.colla.tracing.paraver.PrvReader;
import io.colla.tracing.paraver.PrvVisitor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Writes a trace in Chrome's trace-event format, which Perfetto, Chrome and Speedscope open: a process for each machine, a thread for each of its threads, slices for tasks and what is around
 * and inside them, arrows for transfers and dependencies, counters for running and ready tasks and for the nodes. Times are microseconds with nanoseconds.
 */
public final class PerfettoExport implements PrvVisitor {
    private static final Set<Integer> COUNTERS = Set.of(
            EventTypes.READY_COUNT,
            EventTypes.NODE_CPU,
            EventTypes.NODE_MEMORY,
            EventTypes.NODE_RECEIVED,
            EventTypes.NODE_SENT);

    private final PrvReader trace;
    private final Writer out;
    private final OpenSpans spans;
    private final long[] taskOf;
    private final int[] running;
    private final Lanes[] outgoing;
    private final Lanes[] incoming;
    private final Map<String, Integer> lanes = new HashMap<>();
    private final StringBuilder event = new StringBuilder();
    private long written;
    private long arrows;

    private PerfettoExport(PrvReader trace, Writer out) {
        this.trace = trace;
        this.out = out;
        this.spans = new OpenSpans(trace.labels(), trace.rows());
        this.taskOf = new long[trace.rows()];
        int machines = trace.machine().applications().size();
        this.running = new int[machines + 1];
        this.outgoing = new Lanes[machines + 1];
        this.incoming = new Lanes[machines + 1];
        for (int i = 0; i <= machines; i++) {
            outgoing[i] = new Lanes();
            incoming[i] = new Lanes();
        }
    }

    /**
     * Writes the whole trace.
     *
     * @param to is closed
     * @return how many events were written
     * @throws IOException if the trace cannot be read, or not be written
     */
    public static long write(PrvReader trace, OutputStream to) throws IOException {
        try (Writer out = new OutputStreamWriter(to, StandardCharsets.UTF_8)) {
            PerfettoExport export = new PerfettoExport(trace, out);
            out.write("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[");
            export.names();
            trace.read(export);
            export.spans.end(trace.end(), export::slice);
            out.write("\n]}\n");
            return export.written;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void names() {
        for (int row = 0; row < trace.rows(); row++) {
            int machine = trace.thread(row).application();
            if (row == 0 || machine != trace.thread(row - 1).application()) {
                boolean master = trace.name(row).startsWith("MAIN APP");
                name("process_name", machine, 0, trace.nodeName(row) + (master ? " (master)" : ""));
                order("process_sort_index", machine, 0, machine);
            }
            name("thread_name", machine, row + 1, trace.name(row));
            order("thread_sort_index", machine, row + 1, row + 1);
        }
    }

    private void name(String what, int machine, int thread, String name) {
        begin('M', machine, thread, what).append(",\"args\":{\"name\":");
        text(name).append('}');
        end();
    }

    private void order(String what, int machine, int thread, int index) {
        begin('M', machine, thread, what)
                .append(",\"args\":{\"sort_index\":")
                .append(index)
                .append('}');
        end();
    }

    @Override
    public void event(int cpu, int row, long time, int type, long value) {
        if (type == EventTypes.TASK_ID && value != 0) {
            taskOf[row] = value;
        } else if (type == EventTypes.TASK_FAILED && value != 0) {
            instant(row, "failed", time);
        } else if (COUNTERS.contains(type)) {
            counter(machine(row), trace.labels().type(type), time, value);
        } else if (spans.has(type)) {
            spans.event(row, time, type, value, this::slice);
            if (type == EventTypes.TASK) {
                running[machine(row)] += value == 0 ? -1 : 1;
                counter(machine(row), "Running tasks", time, running[machine(row)]);
            }
        } else if (isMoment(type)) {
            instant(row, trace.labels().type(type) + " " + trace.labels().value(type, value), time);
        }
    }

    /** Whether the application itself told it. Amounts would be too many to be seen; they are in the table of events. */
    private boolean isMoment(int type) {
        EventType described = trace.labels().types().get(type);
        return !EventTypes.isKnown(type) && described != null && described.gradient() == 0;
    }

    private void instant(int row, String name, long time) {
        begin('i', machine(row), row + 1, name).append(",\"s\":\"t\"");
        at(time);
        end();
    }

    private int machine(int row) {
        return trace.thread(row).application();
    }

    private void counter(int machine, String name, long time, long value) {
        begin('C', machine, 0, name)
                .append(",\"args\":{\"value\":")
                .append(value)
                .append('}');
        at(time);
        end();
    }

    private void slice(int row, OpenSpans.Span span, long until) {
        EventType type = trace.labels().types().get(span.type());
        String label = type == null ? null : type.values().get(span.value());
        String category = trace.labels().type(span.type());
        begin('X', machine(row), row + 1, label == null ? category + " " + span.value() : label)
                .append(",\"cat\":");
        text(category);
        at(span.begin());
        lasting(until - span.begin());
        if (span.type() == EventTypes.TASK) {
            event.append(",\"args\":{\"task\":").append(taskOf[row]).append('}');
        }
        end();
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
        if (size > 0) {
            // Nothing else is under way where contents are sent and received, and arrows need slices at both ends.
            int from = lane(fromRow, "sent", outgoing[machine(fromRow)].take(sent, received));
            int to = lane(toRow, "received", incoming[machine(toRow)].take(sent, received));
            transfer(fromRow, from, "to " + trace.nodeName(toRow), sent, received, size, tag);
            transfer(toRow, to, "from " + trace.nodeName(fromRow), sent, received, size, tag);
            arrow("transfer", machine(fromRow), from, sent, machine(toRow), to, Math.max(sent, received - 1));
        } else {
            // A task's slice is over where the task ends, and not yet there where the other begins.
            long before = Math.max(0, sent - 1);
            arrow("dependency", machine(fromRow), fromRow + 1, before, machine(toRow), toRow + 1, received + 1);
        }
    }

    private int lane(int row, String what, int lane) {
        int machine = machine(row);
        return lanes.computeIfAbsent(machine + what + lane, key -> {
            int thread = trace.rows() + 1 + lanes.size();
            name("thread_name", machine, thread, what + (lane == 0 ? "" : " " + (lane + 1)));
            order("thread_sort_index", machine, thread, thread);
            return thread;
        });
    }

    private void transfer(int row, int lane, String name, long sent, long received, long size, long tag) {
        begin('X', machine(row), lane, name).append(",\"cat\":\"transfer\"");
        at(sent);
        lasting(received - sent);
        event.append(",\"args\":{\"bytes\":")
                .append(size)
                .append(",\"content\":")
                .append(tag)
                .append('}');
        end();
    }

    /** Joins the slices that are under way at the two times. */
    private void arrow(String name, int from, int fromThread, long sent, int to, int toThread, long received) {
        arrows++;
        begin('s', from, fromThread, name)
                .append(",\"cat\":\"")
                .append(name)
                .append("\",\"id\":")
                .append(arrows);
        at(sent);
        end();
        begin('f', to, toThread, name)
                .append(",\"cat\":\"")
                .append(name)
                .append("\",\"bp\":\"e\",\"id\":")
                .append(arrows);
        at(received);
        end();
    }

    private StringBuilder begin(char kind, int machine, int thread, String name) {
        event.append(written++ == 0 ? "\n" : ",\n").append("{\"ph\":\"").append(kind);
        event.append("\",\"pid\":")
                .append(machine)
                .append(",\"tid\":")
                .append(thread)
                .append(",\"name\":");
        return text(name);
    }

    private void at(long nanos) {
        event.append(",\"ts\":");
        micros(nanos);
    }

    private void lasting(long nanos) {
        event.append(",\"dur\":");
        micros(nanos);
    }

    private void micros(long nanos) {
        event.append(nanos / 1000).append('.');
        String fraction = Long.toString(nanos % 1000 + 1000);
        event.append(fraction, 1, fraction.length());
    }

    private StringBuilder text(String text) {
        event.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                event.append('\\').append(c);
            } else if (c < ' ') {
                event.append(String.format("\\u%04x", (int) c));
            } else {
                event.append(c);
            }
        }
        return event.append('"');
    }

    private void end() {
        try {
            out.append(event).append('}');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        event.setLength(0);
    }
}

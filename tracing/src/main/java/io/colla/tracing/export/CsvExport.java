package io.colla.tracing.export;

import io.colla.tracing.EventTypes;
import io.colla.tracing.paraver.Machine;
import io.colla.tracing.paraver.PrvReader;
import io.colla.tracing.paraver.PrvVisitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Writes a trace as tables in CSV (RFC 4180, UTF-8, a line of headings): times in seconds from the trace's begin, with nanoseconds. */
public final class CsvExport implements PrvVisitor {
    /** What can be written, each into {@code NAME.csv}. */
    public enum Table {
        /** One line a task. */
        TASKS("task,function,node,executor,core,begin_s,end_s,duration_s,cores,memory_mib,failed,overhead_s"),
        /** One line for each content that went from one machine to another. */
        TRANSFERS("from_node,to_node,sent_s,received_s,bytes,content"),
        /** One line for each task that waited for another. */
        DEPENDENCIES("predecessor,from_node,from_thread,to_node,to_thread,ended_s,began_s"),
        /** One line for each state of a thread. */
        STATES("node,thread,core,begin_s,end_s,state"),
        /** One line for each event. */
        EVENTS("node,thread,core,time_s,type,label,value,value_label");

        private final String headings;

        Table(String headings) {
            this.headings = headings;
        }

        /** As users write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What is written unless the user says otherwise. */
    public static final Set<Table> USUAL = EnumSet.of(Table.TASKS, Table.TRANSFERS, Table.DEPENDENCIES);

    private static final long SECOND = 1_000_000_000L;

    private final PrvReader trace;
    private final Map<Table, Writer> out = new EnumMap<>(Table.class);
    private final TaskSpans tasks;
    /** By node, from 0. */
    private final int[] firstCpus;

    private final StringBuilder line = new StringBuilder();

    private CsvExport(PrvReader trace) {
        this.trace = trace;
        this.tasks = new TaskSpans(trace.rows(), this::task);
        Machine machine = trace.machine();
        firstCpus = new int[machine.nodes().size()];
        for (int node = 0; node < firstCpus.length; node++) {
            firstCpus[node] = machine.firstCpu(node + 1);
        }
    }

    /**
     * Writes the tables into a folder, made if it is not there; tables of that name in it are replaced.
     *
     * @return the files, in the order of {@link Table}
     * @throws IOException if the trace cannot be read or the folder cannot be written to
     */
    public static List<Path> write(PrvReader trace, Set<Table> tables, Path folder) throws IOException {
        Files.createDirectories(folder);
        CsvExport export = new CsvExport(trace);
        List<Path> files = new ArrayList<>();
        try {
            for (Table table : EnumSet.copyOf(tables)) {
                Path file = folder.resolve(table.word() + ".csv");
                files.add(file);
                export.out.put(table, Files.newBufferedWriter(file));
                export.text(table.headings).end(table);
            }
            trace.read(export);
            export.tasks.end();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            export.close();
        }
        return files;
    }

    private void close() throws IOException {
        for (Writer writer : out.values()) {
            writer.close();
        }
    }

    private void task(TaskSpan task) {
        if (!out.containsKey(Table.TASKS)) {
            return;
        }
        number(task.id())
                .comma()
                .quoted(trace.labels().value(EventTypes.TASK, task.function()))
                .comma();
        place(task.row(), task.cpu());
        seconds(task.begin()).comma().seconds(task.end()).comma();
        seconds(task.end() - task.begin()).comma();
        number(task.cores()).comma().number(task.memory()).comma();
        number(task.failed() ? 1 : 0).comma().seconds(task.overhead()).end(Table.TASKS);
    }

    @Override
    public void state(int cpu, int row, long begin, long end, int state) {
        if (out.containsKey(Table.STATES)) {
            place(row, cpu);
            seconds(begin).comma().seconds(end).comma();
            quoted(trace.labels().states().getOrDefault(state, Integer.toString(state)))
                    .end(Table.STATES);
        }
    }

    @Override
    public void event(int cpu, int row, long time, int type, long value) {
        tasks.event(cpu, row, time, type, value);
        if (out.containsKey(Table.EVENTS)) {
            place(row, cpu);
            seconds(time).comma().number(type).comma();
            quoted(trace.labels().type(type)).comma().number(value).comma();
            quoted(trace.labels().value(type, value)).end(Table.EVENTS);
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
        if (size == 0 && out.containsKey(Table.DEPENDENCIES)) {
            number(tag).comma();
            node(fromRow).comma().quoted(trace.name(fromRow)).comma();
            node(toRow).comma().quoted(trace.name(toRow)).comma();
            seconds(sent).comma().seconds(received).end(Table.DEPENDENCIES);
        } else if (size > 0 && out.containsKey(Table.TRANSFERS)) {
            node(fromRow).comma().node(toRow).comma();
            seconds(sent).comma().seconds(received).comma();
            number(size).comma().number(tag).end(Table.TRANSFERS);
        }
    }

    /** Node, thread and, where it is known, the core's place in the node, from 0. */
    private void place(int row, int cpu) {
        node(row).comma().quoted(trace.name(row)).comma();
        if (cpu > 0) {
            number(cpu - firstCpus[trace.node(row) - 1]);
        }
        comma();
    }

    private CsvExport node(int row) {
        return quoted(trace.nodeName(row));
    }

    private CsvExport comma() {
        line.append(',');
        return this;
    }

    private CsvExport number(long number) {
        line.append(number);
        return this;
    }

    private CsvExport seconds(long nanos) {
        line.append(nanos / SECOND).append('.');
        String fraction = Long.toString(nanos % SECOND + SECOND);
        line.append(fraction, 1, fraction.length());
        return this;
    }

    private CsvExport quoted(String text) {
        if (text.indexOf(',') < 0 && text.indexOf('"') < 0) {
            return text(text);
        }
        return text('"' + text.replace("\"", "\"\"") + '"');
    }

    private CsvExport text(String text) {
        line.append(text);
        return this;
    }

    private void end(Table table) {
        Writer writer = out.get(table);
        if (writer == null) {
            throw new IllegalStateException(table + " is not written");
        }
        try {
            writer.append(line).append("\r\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        line.setLength(0);
    }
}

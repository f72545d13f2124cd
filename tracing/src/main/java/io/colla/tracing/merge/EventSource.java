package io.colla.tracing.merge;

import io.colla.tracing.EventTypes;
import io.colla.tracing.Records;
import io.colla.tracing.log.LogReader;
import io.colla.tracing.paraver.PrvWriter;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The events of a thread. A task's few records become the many events that COMPSs' views look for, in COMPSs' order. */
final class EventSource extends Source {
    private static final Definition UNKNOWN = new Definition(-1, "task", 1, 1, 0, 0);

    private final Row row;
    private final LogReader.Cursor records;
    private final Map<Integer, Definition> definitions;
    private final Vocabulary vocabulary;
    private int type;
    private int detail;
    private long value;
    private int cpu;
    private @Nullable Definition taken;
    private @Nullable Definition running;
    private boolean over;

    EventSource(Row row, Map<Integer, Definition> definitions, Vocabulary vocabulary) {
        super(2);
        this.row = row;
        this.definitions = definitions;
        this.vocabulary = vocabulary;
        this.records = row.thread().process().log().cursor(row.thread().number());
    }

    @Override
    boolean next() throws IOException {
        while (!over && records.next()) {
            type = records.type();
            detail = records.detail();
            value = records.value();
            time = Math.max(time, row.time(records.time()));
            if (type == Records.CORE) {
                cpu = row.rows().cpu(row.id(), detail);
            } else if (isSeen()) {
                return true;
            }
        }
        over = true;
        return closes();
    }

    /** Ends what a killed process has left open. */
    private boolean closes() {
        if (running == null && taken == null) {
            return false;
        }
        type = running != null ? Records.TASK_END : Records.TASK_LEFT;
        time = Math.max(time, row.end());
        return true;
    }

    private boolean isSeen() {
        return switch (type) {
            case Records.TASK_TAKEN -> taken == null;
            case Records.TASK_BEGIN -> running == null;
            case Records.TASK_END -> running != null;
            case Records.TASK_LEFT -> taken != null;
            default -> type >= Records.FIRST_EVENT;
        };
    }

    @Override
    void write(PrvWriter out) throws IOException {
        out.events(cpu, row.id(), time);
        switch (type) {
            case Records.TASK_TAKEN -> {
                Definition task = definition();
                taken = task;
                amounts(task, out);
                event(EventTypes.TASK_TYPE, task.type(), out);
                event(EventTypes.RUNTIME, EventTypes.TASK_RUNNING, out);
            }
            case Records.TASK_BEGIN -> {
                Definition task = definition();
                running = task;
                event(EventTypes.TASK, task.number() + 1L, out);
                event(EventTypes.TASK_ID, value, out);
            }
            case Records.TASK_END -> {
                running = null;
                event(EventTypes.TASK, 0, out);
                event(EventTypes.TASK_ID, 0, out);
            }
            case Records.TASK_LEFT -> {
                Definition task = taken == null ? UNKNOWN : taken;
                taken = null;
                event(EventTypes.RUNTIME, 0, out);
                event(EventTypes.TASK_TYPE, 0, out);
                ends(task, out);
            }
            default -> event(type, value, out);
        }
        out.endEvents();
    }

    private Definition definition() {
        Definition known = definitions.get(detail);
        return known != null ? known : new Definition(detail, "task", 1, 1, 0, 0);
    }

    private void amounts(Definition task, PrvWriter out) throws IOException {
        event(EventTypes.CPUS, task.cpus(), out);
        if (task.gpus() > 0) {
            event(EventTypes.GPUS, task.gpus(), out);
        }
        if (task.memory() > 0) {
            event(EventTypes.MEMORY, task.memory(), out);
        }
    }

    private void ends(Definition task, PrvWriter out) throws IOException {
        event(EventTypes.CPUS, 0, out);
        if (task.gpus() > 0) {
            event(EventTypes.GPUS, 0, out);
        }
        if (task.memory() > 0) {
            event(EventTypes.MEMORY, 0, out);
        }
    }

    private void event(int number, long amount, PrvWriter out) throws IOException {
        vocabulary.used(number);
        out.event(number, amount);
    }
}

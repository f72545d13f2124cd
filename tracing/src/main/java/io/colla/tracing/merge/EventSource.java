package io.colla.tracing.merge;

import io.colla.tracing.Definition;
import io.colla.tracing.EventTypes;
import io.colla.tracing.Records;
import io.colla.tracing.log.LogReader;
import io.colla.tracing.paraver.PrvWriter;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The events of a thread. A task's few records become the many events that COMPSs' views look for, in COMPSs' order. */
final class EventSource extends Source {
    /** No record's type: what has begun ends, as the process has. */
    private static final int CLOSE = -1;

    /** Of the task at hand. */
    private long cores;

    private long gpus;
    private long memory;
    private long memoryOfNext;

    private final Row row;
    private final LogReader.Cursor records;
    private final Map<Integer, Definition> definitions;
    private final Vocabulary vocabulary;
    private int type;
    private int detail;
    private long value;
    private PrvWriter.Place place;
    /** The operating system's number of the core that tasks run on, and 1; 0 if that is not known. */
    private long affinity;
    /** The task before has failed, and the trace says so until the next begins. */
    private boolean saysFailed;

    /** Types of events that have begun and not ended. */
    private final Set<Integer> open = new TreeSet<>();

    private boolean taken;
    private boolean running;
    private boolean over;

    EventSource(Row row, Map<Integer, Definition> definitions, Vocabulary vocabulary) {
        super(2);
        this.row = row;
        this.definitions = definitions;
        this.vocabulary = vocabulary;
        this.place = PrvWriter.place(0, row.id());
        this.records = row.thread().cursor();
    }

    @Override
    boolean next() throws IOException {
        while (!over && records.next()) {
            type = records.type();
            detail = records.detail();
            value = records.value();
            time = Math.max(time, row.time(records.time()));
            if (type == Records.CORE) {
                place = PrvWriter.place(row.rows().cpu(row.id(), detail), row.id());
                affinity = value + 1;
            } else if (type == Records.MEMORY) {
                memoryOfNext = value;
            } else if (isSeen()) {
                return true;
            }
        }
        over = true;
        return closes();
    }

    /** Ends what a killed process has left open. */
    private boolean closes() {
        if (!running && !taken && open.isEmpty()) {
            return false;
        }
        type = running ? Records.TASK_END : taken ? Records.TASK_LEFT : CLOSE;
        detail = 1;
        time = Math.max(time, row.end());
        return true;
    }

    private boolean isSeen() {
        return switch (type) {
            case Records.TASK_TAKEN -> !taken;
            case Records.TASK_BEGIN -> !running;
            case Records.TASK_END -> running;
            case Records.TASK_LEFT -> taken;
            default -> type >= Records.FIRST_EVENT;
        };
    }

    @Override
    void write(PrvWriter out) throws IOException {
        out.events(place, time);
        switch (type) {
            case Records.TASK_TAKEN -> {
                taken = true;
                cores = Records.coresOf(value);
                gpus = Records.gpusOf(value);
                memory = memoryOfNext;
                memoryOfNext = 0;
                event(EventTypes.EXECUTOR_ACTIVITY, 1, out);
                amounts(cores, gpus, memory, out);
                event(EventTypes.TASK_TYPE, definition().type(), out);
                event(EventTypes.RUNTIME, EventTypes.TASK_RUNNING, out);
            }
            case Records.TASK_BEGIN -> {
                running = true;
                event(EventTypes.TASK, definition().number() + 1L, out);
                event(EventTypes.TASK_ID, Records.taskOf(value), out);
                if (affinity > 0) {
                    event(EventTypes.CPU_AFFINITY, affinity, out);
                }
                failed(false, out);
            }
            case Records.TASK_END -> {
                running = false;
                event(EventTypes.TASK, 0, out);
                event(EventTypes.TASK_ID, 0, out);
                if (affinity > 0) {
                    event(EventTypes.CPU_AFFINITY, 0, out);
                }
                failed(detail != 0, out);
            }
            case Records.TASK_LEFT -> {
                taken = false;
                event(EventTypes.RUNTIME, 0, out);
                event(EventTypes.TASK_TYPE, 0, out);
                amounts(0, 0, 0, out);
                event(EventTypes.EXECUTOR_ACTIVITY, 0, out);
            }
            case CLOSE -> {
                for (int begun : open) {
                    event(begun, 0, out);
                }
                open.clear();
            }
            default -> {
                if (EventTypes.spans().contains(type)) {
                    note();
                }
                event(type, value, out);
            }
        }
        out.endEvents();
    }

    private void note() {
        if (value == 0) {
            open.remove(type);
        } else {
            open.add(type);
        }
    }

    private Definition definition() {
        Definition known = definitions.get(detail);
        if (known != null) {
            return known;
        }
        vocabulary.unknownTask(detail);
        return new Definition(detail, "task", 1);
    }

    /** What the task has, or, with zeros, that it has it no more. */
    private void amounts(long hasCores, long hasGpus, long hasMemory, PrvWriter out) throws IOException {
        event(EventTypes.CPUS, hasCores, out);
        if (gpus > 0) {
            event(EventTypes.GPUS, hasGpus, out);
        }
        if (memory > 0) {
            event(EventTypes.MEMORY, hasMemory, out);
        }
    }

    private void failed(boolean failed, PrvWriter out) throws IOException {
        if (failed != saysFailed) {
            saysFailed = failed;
            event(EventTypes.TASK_FAILED, failed ? 1 : 0, out);
        }
    }

    private void event(int number, long amount, PrvWriter out) throws IOException {
        vocabulary.used(number, amount);
        out.event(number, amount);
    }
}

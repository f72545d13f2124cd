package io.colla.tracing.merge;

import io.colla.tracing.Records;
import io.colla.tracing.log.LogReader;
import io.colla.tracing.paraver.PrvWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which task waited for which, as communications without bytes from the end of one to the begin of the other, tagged with the first. Where several tasks have made what is read together, the one that
 * ended last stands for all. Memory grows with nothing but the tasks that make things together, 4 bytes each.
 */
final class Dependencies implements Closeable {
    /** The numbers of one: first when the one had ended and the other begun, in nanoseconds from the trace's begin. */
    private static final int BEGUN = 1;

    private static final int ROWS = 2;
    private static final int TASK = 3;
    private static final int WIDTH = 4;

    private final TaskPlaces places;
    private final SortedTuples sorted;
    private final Map<Long, List<Integer>> makers = new HashMap<>();

    /** @param scratch an existing folder for what does not fit in memory */
    Dependencies(TaskPlaces places, Path scratch) {
        this.places = places;
        this.sorted = new SortedTuples(WIDTH, scratch);
    }

    /** Adds what the master has recorded of the graph. */
    void add(RunLogs.Thread thread) throws IOException {
        LogReader.Cursor records = thread.cursor();
        int task = 0;
        while (records.next()) {
            long value = records.value();
            long version = Records.pair(records.detail(), Records.highOf(value));
            switch (records.type()) {
                case Records.GRAPH_TASK -> task = Records.taskOf(value);
                case Records.GRAPH_JOIN ->
                    makers.computeIfAbsent(version, v -> new ArrayList<>()).add(task);
                case Records.GRAPH_READ -> add(writer(Records.taskOf(value), version), task);
                default -> {}
            }
        }
    }

    private int writer(int written, long version) {
        if (written != Records.TOGETHER) {
            return written;
        }
        int last = 0;
        for (int maker : makers.getOrDefault(version, List.of())) {
            if (places.ran(maker) && (last == 0 || places.end(maker) > places.end(last))) {
                last = maker;
            }
        }
        if (last != 0) {
            makers.put(version, List.of(last)); // for further readers
        }
        return last;
    }

    private void add(int from, int to) throws IOException {
        if (!places.ran(from) || !places.ran(to)) {
            return;
        }
        long ended = places.end(from);
        // Clocks of nodes may be off by some microseconds; a task that ran again after its reader is another matter,
        // but a line back in time helps nobody.
        long begun = Math.max(ended, places.begin(to));
        sorted.add(ended, begun, Records.pair(places.rowNumber(from), places.rowNumber(to)), from);
    }

    /** What was added. */
    Source source() throws IOException {
        return new Lines(sorted.read());
    }

    private final class Lines extends Source {
        private final SortedTuples.Run dependencies;

        Lines(SortedTuples.Run dependencies) {
            super(3);
            this.dependencies = dependencies;
        }

        @Override
        boolean next() throws IOException {
            if (!dependencies.next()) {
                return false;
            }
            time = dependencies.tuple[0];
            return true;
        }

        @Override
        void write(PrvWriter out) throws IOException {
            long[] line = dependencies.tuple;
            out.communication(
                    0,
                    places.row(Records.lowOf(line[ROWS])),
                    time,
                    0,
                    places.row(Records.highOf(line[ROWS])),
                    line[BEGUN],
                    0,
                    line[TASK]);
        }
    }

    @Override
    public void close() throws IOException {
        sorted.close();
    }
}

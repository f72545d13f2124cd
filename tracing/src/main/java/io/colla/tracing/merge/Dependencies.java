package io.colla.tracing.merge;

import io.colla.tracing.Records;
import io.colla.tracing.log.LogReader;
import io.colla.tracing.paraver.PrvWriter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which task waited for which, as communications without bytes from the end of one to the begin of the other, tagged with the first. Where several tasks have made what is read together, the one that
 * ended last stands for all. Sorted in pieces of {@value #RUN} that are put aside in files; besides that, memory grows with nothing but the tasks that make things together, 4 bytes each.
 */
final class Dependencies implements Closeable {
    private static final int RUN = 1 << 17;

    /** Nanoseconds from the trace's begin. */
    private record Dependency(long ended, long begun, int from, int to, int task) {
        static final Comparator<Dependency> ORDER =
                Comparator.comparingLong(Dependency::ended).thenComparingLong(Dependency::begun);

        void write(DataOutputStream out) throws IOException {
            out.writeLong(ended);
            out.writeLong(begun);
            out.writeInt(from);
            out.writeInt(to);
            out.writeInt(task);
        }

        static Dependency read(DataInputStream in) throws IOException {
            return new Dependency(in.readLong(), in.readLong(), in.readInt(), in.readInt(), in.readInt());
        }
    }

    private final TaskPlaces places;
    private final Path scratch;
    private final Map<Long, List<Integer>> makers = new HashMap<>();
    private final List<Path> runs = new ArrayList<>();
    private final List<DataInputStream> opened = new ArrayList<>();
    private List<Dependency> gathered = new ArrayList<>();

    /** @param scratch an existing folder for what does not fit in memory */
    Dependencies(TaskPlaces places, Path scratch) {
        this.places = places;
        this.scratch = scratch;
    }

    /** Adds what the master has recorded of the graph. */
    void add(RunLogs.Thread thread) throws IOException {
        LogReader.Cursor records = thread.process().log().cursor(thread.number());
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
        gathered.add(new Dependency(ended, begun, places.rowNumber(from), places.rowNumber(to), from));
        if (gathered.size() == RUN) {
            putAside();
        }
    }

    private void putAside() throws IOException {
        Path file = Files.createTempFile(scratch, ".dependencies-", ".tmp");
        runs.add(file);
        gathered.sort(Dependency.ORDER);
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            for (Dependency each : gathered) {
                each.write(out);
            }
        }
        gathered = new ArrayList<>();
    }

    /** What was added, as streams in the order of time. */
    List<Source> sources() throws IOException {
        gathered.sort(Dependency.ORDER);
        List<Source> sources = new ArrayList<>();
        int[] next = {0};
        sources.add(new Lines(() -> next[0] < gathered.size() ? gathered.get(next[0]++) : null));
        for (Path run : runs) {
            DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(run)));
            opened.add(in);
            sources.add(new Lines(() -> {
                try {
                    return Dependency.read(in);
                } catch (EOFException e) {
                    return null;
                }
            }));
        }
        return sources;
    }

    private interface Stream {
        @Nullable
        Dependency next() throws IOException;
    }

    private final class Lines extends Source {
        private final Stream stream;
        private Dependency dependency = new Dependency(0, 0, 0, 0, 0);

        Lines(Stream stream) {
            super(3);
            this.stream = stream;
        }

        @Override
        boolean next() throws IOException {
            Dependency found = stream.next();
            if (found == null) {
                return false;
            }
            dependency = found;
            time = found.ended();
            return true;
        }

        @Override
        void write(PrvWriter out) throws IOException {
            out.communication(
                    0,
                    places.row(dependency.from()),
                    dependency.ended(),
                    0,
                    places.row(dependency.to()),
                    dependency.begun(),
                    0,
                    dependency.task());
        }
    }

    @Override
    public void close() throws IOException {
        for (DataInputStream in : opened) {
            in.close();
        }
        for (Path run : runs) {
            Files.deleteIfExists(run);
        }
    }
}

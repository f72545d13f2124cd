package io.colla.tracing.merge;

import io.colla.tracing.paraver.EventType;
import io.colla.tracing.paraver.PcfWriter;
import io.colla.tracing.paraver.PrvWriter;
import io.colla.tracing.paraver.RowWriter;
import io.colla.tracing.paraver.ThreadId;
import io.colla.tracing.paraver.views.Views;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Writes the trace of a run's logs: {@code NAME.prv} (or {@code .prv.gz}), {@code NAME.pcf} and {@code NAME.row}, with views for Paraver in {@code cfgs/}. Memory grows with threads, not with records. */
public final class TraceMerger {
    private final RunLogs logs;
    private final Rows rows;
    private final Vocabulary vocabulary;
    private final Map<RunLogs.Process, long[]> spans = new HashMap<>();
    private long zero = Long.MAX_VALUE;
    private long end;

    private TraceMerger(RunLogs logs) throws IOException {
        this.logs = logs;
        this.vocabulary = new Vocabulary(logs.userTypes());
        this.rows = new Rows(logs);
    }

    /**
     * What was written.
     *
     * @param prv the trace
     * @param records of all kinds
     * @param nanos that it lasts
     * @param zero when it begins, by the master's {@link System#nanoTime}
     * @param clocks how well the machines' clocks are known, in words; empty if there is one machine only
     * @param damaged sentences about logs that could not be read
     */
    public record Written(Path prv, long records, long nanos, long zero, String clocks, List<String> damaged) {}

    /**
     * Makes the trace. What was there under the name is replaced when it is complete.
     *
     * @param folder with the logs
     * @param target folder for the trace, made if it is not there
     * @param name of its files, without ending
     * @throws IOException if there are no logs or the trace cannot be written
     */
    public static Written merge(Path folder, Path target, String name, boolean compress) throws IOException {
        Files.createDirectories(target);
        try (RunLogs logs = RunLogs.open(folder)) {
            return new TraceMerger(logs).merge(target, name, compress);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(unfinished(target, name));
            throw e;
        }
    }

    private static Path unfinished(Path target, String name) {
        return target.resolve("." + name + ".prv.part");
    }

    private Written merge(Path target, String name, boolean compress) throws IOException {
        for (RunLogs.Thread thread : logs.threads()) {
            measure(thread);
        }
        zero = zero == Long.MAX_VALUE ? 0 : zero;
        end = Math.max(1, end - zero);
        Path prv = target.resolve(name + (compress ? ".prv.gz" : ".prv"));
        Path unfinished = unfinished(target, name);
        long records;
        long clamped;
        try (Transfers transfers = new Transfers(rows, target, vocabulary);
                TaskPlaces places = new TaskPlaces(target);
                Dependencies dependencies = new Dependencies(places, target);
                PrvWriter out = new PrvWriter(stream(unfinished, compress), rows.machine(), end, begun())) {
            List<Source> sources = sources(transfers);
            addDependencies(dependencies, places);
            sources.add(dependencies.source());
            Merge.write(sources, out);
            records = out.records();
            clamped = out.clamped();
        }
        List<EventType> types = vocabulary.types(logs.definitions());
        Files.writeString(target.resolve(name + ".pcf"), PcfWriter.text(types));
        Views.write(Views.of(types.stream().map(EventType::number).toList()), target.resolve("cfgs"));
        Files.writeString(target.resolve(name + ".row"), RowWriter.text(rows.machine()));
        Files.move(unfinished, prv, StandardCopyOption.REPLACE_EXISTING);
        return new Written(prv, records, end, zero, clocks(logs.clockError(), clamped), logs.damaged());
    }

    private static String clocks(long error, long clamped) {
        if (error < 0) {
            return "";
        }
        String moved = clamped == 0
                ? ""
                : "; " + clamped + " messages that seem to arrive before they were sent are shown as if at once";
        return "the clocks of the machines are known within " + (error + 999) / 1000 + " µs" + moved;
    }

    static OutputStream stream(Path file, boolean compress) throws IOException {
        OutputStream out = Files.newOutputStream(file);
        return BackgroundOutput.to(compress ? new FastGzip(out) : out);
    }

    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, 1 << 16);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    /** When the trace began, by the wall clock of the first process. */
    private LocalDateTime begun() {
        for (RunLogs.Process process : logs.processes()) {
            for (Map<String, String> described : process.log().described("process")) {
                long nanos = Long.parseLong(described.getOrDefault("nanos", "0"));
                long wall = Long.parseLong(described.getOrDefault("wall", "0"));
                long since = logs.clock(process.worker()).toMaster(nanos) - zero;
                return LocalDateTime.ofInstant(Instant.ofEpochSecond(0, wall - since), ZoneId.systemDefault());
            }
        }
        return LocalDateTime.now(ZoneId.systemDefault());
    }

    /** Widens the trace's and the process' time to the thread's. */
    private void measure(RunLogs.Thread thread) throws IOException {
        Clock clock = logs.clock(thread.worker());
        long[] span = thread.span();
        if (span.length == 0) {
            return;
        }
        long first = clock.toMaster(span[0]);
        long last = clock.toMaster(span[1]);
        zero = Math.min(zero, first);
        end = Math.max(end, last);
        long[] whole = spans.computeIfAbsent(thread.process(), p -> new long[] {first, last});
        whole[0] = Math.min(whole[0], first);
        whole[1] = Math.max(whole[1], last);
    }

    private List<Source> sources(Transfers transfers) throws IOException {
        List<Source> sources = new ArrayList<>();
        Map<ThreadId, List<Row>> python = new HashMap<>();
        for (RunLogs.Thread thread : logs.threads()) {
            Clock clock = logs.clock(thread.worker());
            if (Rows.isRow(thread)) {
                if (Rows.isPython(thread)) {
                    long over = Math.min(end, clock.toMaster(logs.end(thread)) - zero);
                    Row row = new Row(thread, rows.of(thread), clock, rows, zero, over);
                    python.computeIfAbsent(row.id(), id -> new ArrayList<>()).add(row);
                    continue;
                }
                Row row = row(thread, clock);
                if (!thread.kind().equals("counters")) { // it does nothing that would be a state
                    sources.add(new StateSource(row));
                }
                sources.add(new EventSource(row, logs.definitions(), vocabulary));
            } else if (thread.kind().equals("transfer")) {
                transfers.add(thread, clock, zero);
            }
        }
        for (List<Row> turns : python.values()) {
            sources.add(PythonSource.of(turns, vocabulary));
        }
        sources.addAll(transfers.sources());
        return sources;
    }

    private Row row(RunLogs.Thread thread, Clock clock) {
        long[] span = spans.get(thread.process());
        long last = span == null ? 0 : span[1] - zero;
        return new Row(thread, rows.of(thread), clock, rows, zero, last);
    }

    /** The executors' records are read once more, but only if there is a graph that needs it. */
    private void addDependencies(Dependencies dependencies, TaskPlaces places) throws IOException {
        List<RunLogs.Thread> graphs = logs.threads().stream()
                .filter(thread -> thread.kind().equals("graph"))
                .toList();
        if (graphs.isEmpty()) {
            return;
        }
        for (RunLogs.Thread thread : logs.threads()) {
            if (thread.kind().equals("executor")) {
                places.add(row(thread, logs.clock(thread.worker())));
            }
        }
        for (RunLogs.Thread graph : graphs) {
            dependencies.add(graph);
        }
    }
}

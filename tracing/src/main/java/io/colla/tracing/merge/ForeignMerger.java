package io.colla.tracing.merge;

import io.colla.tracing.paraver.Machine;
import io.colla.tracing.paraver.PcfWriter;
import io.colla.tracing.paraver.PrvReader;
import io.colla.tracing.paraver.PrvWriter;
import io.colla.tracing.paraver.RowWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes one Paraver trace of several: each brings further applications; machines, event types and states that are the same become one; times are shifted. Streams: memory grows with threads and
 * types, and with the traces, not with records.
 */
public final class ForeignMerger {
    /**
     * A trace to be added.
     *
     * @param trace looked through
     * @param name what people know it by, such as {@code task 12}; in names of threads
     * @param host the machine of nodes that it does not name; null if it is not known
     * @param hosts machines that it may call by other names than the first trace does
     * @param shift nanoseconds from the begin of the first trace to its own
     */
    public record Part(ForeignTrace trace, String name, @Nullable String host, Map<String, String> hosts, long shift) {}

    /**
     * What was written.
     *
     * @param records of all traces
     * @param nanos that the trace lasts
     * @param remarks sentences about what had to be named otherwise
     */
    public record Written(Path prv, long records, long nanos, List<String> remarks) {}

    private final List<String> remarks = new ArrayList<>();
    private final ForeignPlaces.Whole whole = new ForeignPlaces.Whole();
    private final List<String> communicators = new ArrayList<>();

    private ForeignMerger() {}

    /**
     * Adds traces to one, which is replaced when the whole is complete.
     *
     * @param base ends in {@code .prv} or {@code .prv.gz}, as what is written does
     * @throws IOException if one cannot be read, or the whole cannot be written
     */
    public static Written add(Path base, List<Part> parts) throws IOException {
        return new ForeignMerger().merge(base, parts);
    }

    private Written merge(Path base, List<Part> parts) throws IOException {
        long begin = 0;
        long end = 0;
        for (Part part : parts) {
            begin = Math.min(begin, part.trace().first() + part.shift());
            end = Math.max(end, part.trace().last() + part.shift());
        }
        // What began before the first trace did makes the whole begin earlier.
        long delay = -begin;
        List<ForeignSource> sources = new ArrayList<>();
        try (PrvReader own = PrvReader.open(base)) {
            ForeignLabels labels = new ForeignLabels(own.labels(), remarks);
            ForeignPlaces first = whole.add(own, "", null, Map.of());
            communicators.addAll(first.communicators(own.communicators()));
            sources.add(new ForeignSource(own, 0, delay, first, Map.of()));
            for (Part part : parts) {
                sources.add(source(part, delay, labels));
            }
            Machine machine = whole.machine();
            end = Math.max(end, own.end()) + delay;
            LocalDateTime begun = own.begun();
            begun = begun == null ? LocalDateTime.now(ZoneId.systemDefault()) : begun;
            return write(base, sources, machine, end, begun.minusNanos(delay), labels);
        } finally {
            for (ForeignSource source : sources) {
                source.close();
            }
        }
    }

    private ForeignSource source(Part part, long delay, ForeignLabels labels) throws IOException {
        PrvReader reader = PrvReader.open(part.trace().file());
        ForeignPlaces places = whole.add(reader, part.name(), part.host(), part.hosts());
        communicators.addAll(places.communicators(reader.communicators()));
        Map<Integer, ForeignLabels.Renamed> renamed = labels.add(part.name(), reader.labels(), part.trace());
        if (part.trace().isCut()) {
            remarks.add("the trace of " + part.name() + " ends within a record");
        }
        return new ForeignSource(reader, part.trace().first(), part.shift() + delay, places, renamed);
    }

    private Written write(
            Path prv, List<ForeignSource> sources, Machine machine, long end, LocalDateTime begun, ForeignLabels labels)
            throws IOException {
        String file = String.valueOf(prv.getFileName());
        String name = PrvReader.nameOf(prv);
        Path unfinished = prv.resolveSibling("." + file + ".part");
        long records;
        try (PrvWriter out = new PrvWriter(
                TraceMerger.stream(unfinished, file.endsWith(".gz")), machine, end, begun, communicators)) {
            Merge.write(List.copyOf(sources), out);
            records = out.records();
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(unfinished);
            throw e;
        }
        Files.writeString(prv.resolveSibling(name + ".pcf"), PcfWriter.text(labels.types(), labels.states()));
        Files.writeString(prv.resolveSibling(name + ".row"), RowWriter.text(machine));
        Files.move(unfinished, prv, StandardCopyOption.REPLACE_EXISTING);
        return new Written(prv, records, end, remarks);
    }
}

package io.colla.launcher;

import io.colla.api.UsageException;
import io.colla.tracing.TraceFolder;
import io.colla.tracing.extrae.ExtraeSite;
import io.colla.tracing.merge.ExtraeTraces;
import io.colla.tracing.merge.SubTraces;
import io.colla.tracing.merge.TraceMerger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParseResult;

/** The trace in a run's folder. */
final class TraceFiles {
    private TraceFiles() {}

    /**
     * A trace.
     *
     * @param nanos that it lasts
     * @param others traces of others, of instrumented tasks or named ones, that are in it
     * @param clocks how well the machines' clocks are known, in words; empty if there is one machine only
     * @param remarks sentences for the user
     */
    record Made(Path prv, long records, long nanos, int others, String clocks, List<String> remarks) {}

    /**
     * Makes the trace of what the run's processes have recorded, as {@code trace/NAME.prv} with its labels and names.
     *
     * @param named traces of others that are to be in it
     * @param environment says where Extrae's merger is, for what instrumented tasks have left
     * @throws UsageException if the run was not traced, or the trace cannot be written
     */
    static Made merge(Path run, boolean compress, List<SubTraces.Named> named, Map<String, String> environment) {
        if (!Files.isDirectory(run)) {
            throw new UsageException("there is no run's folder " + run);
        }
        if (!TraceFolder.isTraced(run)) {
            throw new UsageException("the run in " + run + " was not traced; run it again with --trace");
        }
        try {
            Path real = run.toRealPath();
            TraceMerger.Written own = TraceMerger.merge(
                    TraceFolder.logs(real), TraceFolder.trace(real), TraceFolder.name(real), compress);
            Supplier<@Nullable Path> merger = () -> ExtraeSite.merger(environment);
            SubTraces.Added added = SubTraces.add(real, own, named, merger);
            ExtraeTraces.Made extrae = ExtraeTraces.make(real, TraceFolder.name(real), merger);
            List<String> remarks = own.damaged().stream()
                    .map(sentence -> "not in the trace: " + sentence)
                    .collect(Collectors.toCollection(ArrayList::new));
            remarks.addAll(added.remarks());
            remarks.addAll(extrae.remarks());
            return new Made(own.prv(), added.records(), added.nanos(), added.traces(), own.clocks(), remarks);
        } catch (IOException e) {
            throw new UsageException("the trace of " + run + " cannot be made: " + Words.reason(e), e);
        }
    }

    /**
     * The trace that a person means by a word of the line.
     *
     * @param index of the word: a run's folder, or a {@code .prv} or {@code .prv.gz}
     * @return that of the run, made if it is not there yet; or the file
     * @throws UsageException if there is none
     */
    static Path find(ParseResult line, int index, Context context) {
        Path given = context.loader().directory().resolve(line.<String>matchedPositionalValue(index, ""));
        if (!Files.isDirectory(given)) {
            if (!Files.isRegularFile(given) || !isTrace(given)) {
                throw new UsageException(
                        "there is no run's folder and no .prv " + given + "; name one, such as colla-runs/latest");
            }
            return given;
        }
        Path folder = TraceFolder.isTraced(given) ? TraceFolder.trace(given) : given;
        try (Stream<Path> files = Files.list(folder)) {
            Optional<Path> made = files.filter(TraceFiles::isTrace).max(Comparator.comparing(TraceFiles::changed));
            if (made.isPresent()) {
                return made.get();
            }
            Made now = merge(given, false, List.of(), context.loader().environment());
            now.remarks().forEach(sentence -> context.err().println("colla: " + sentence));
            return now.prv();
        } catch (IOException e) {
            throw new UsageException("the trace of " + given + " cannot be read: " + Words.reason(e), e);
        }
    }

    private static boolean isTrace(Path file) {
        String name = file.toString();
        return name.endsWith(".prv") || name.endsWith(".prv.gz");
    }

    private static long changed(Path file) {
        return file.toFile().lastModified();
    }
}

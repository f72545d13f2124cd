package io.colla.launcher;

import io.colla.api.UsageException;
import io.colla.tracing.TraceFolder;
import io.colla.tracing.merge.TraceMerger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** The trace in a run's folder. */
final class TraceFiles {
    private TraceFiles() {}

    /**
     * Makes the trace of what the run's processes have recorded, as {@code trace/NAME.prv} with its labels and names.
     *
     * @throws UsageException if the run was not traced, or the trace cannot be written
     */
    static TraceMerger.Written merge(Path run, boolean compress) {
        if (!Files.isDirectory(run)) {
            throw new UsageException("there is no run's folder " + run);
        }
        if (!TraceFolder.isTraced(run)) {
            throw new UsageException("the run in " + run + " was not traced; run it again with --trace");
        }
        try {
            Path real = run.toRealPath();
            return TraceMerger.merge(TraceFolder.logs(real), TraceFolder.trace(real), TraceFolder.name(real), compress);
        } catch (IOException e) {
            throw new UsageException("the trace of " + run + " cannot be made: " + Words.reason(e), e);
        }
    }

    /**
     * The trace that a person means.
     *
     * @param given a run's folder, or a {@code .prv} or {@code .prv.gz}
     * @return that of the run, made if it is not there yet; or the file
     * @throws UsageException if there is none
     */
    static Path find(Path given) {
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
            return made.isPresent() ? made.get() : merge(given, false).prv();
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

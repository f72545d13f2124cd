package io.colla.launcher;

import io.colla.api.UsageException;
import io.colla.tracing.TraceFolder;
import io.colla.tracing.merge.TraceMerger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
}

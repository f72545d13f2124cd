package io.colla.launcher;

import io.colla.api.UsageException;
import io.colla.launcher.config.Settings;
import io.colla.launcher.config.TraceOptions;
import io.colla.tracing.TraceFolder;
import io.colla.tracing.TraceSettings;
import io.colla.tracing.extrae.ExtraeConfiguration;
import io.colla.tracing.extrae.ExtraeSite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a run that is to be recorded by Extrae needs. */
final class ExtraeRun {
    /** Variables that tell that the run has waited in a queue. */
    private static final List<String> JOBS = List.of("SLURM_JOB_ID", "PBS_JOBID");

    private ExtraeRun() {}

    /**
     * Prepares the run's folder for Extrae, if it is to record.
     *
     * @return a sentence if Extrae is not here, though the run goes on: it has come through a queue, and its own trace needs no Extrae
     * @throws UsageException if Extrae is not here, or its configuration cannot be read
     */
    static Optional<String> prepare(
            Path runFolder, TraceSettings trace, Settings settings, Map<String, String> environment) {
        if (trace.level() != TraceSettings.Level.EXTRAE) {
            return Optional.empty();
        }
        Path given = settings.get(TraceOptions.EXTRAE_CONFIG);
        try {
            ExtraeConfiguration.write(TraceFolder.extrae(runFolder), given);
        } catch (IOException e) {
            throw new UsageException("--extrae-config: " + Words.reason(e), e);
        }
        String lacks = ExtraeSite.find(environment).lacks();
        if (lacks.isEmpty()) {
            return Optional.empty();
        }
        if (JOBS.stream().noneMatch(environment::containsKey)) {
            throw new UsageException("--trace=extrae: " + lacks);
        }
        return Optional.of(lacks + "; this run goes on with it");
    }

    /**
     * What can be known of it before a job is submitted.
     *
     * @return a sentence if Extrae is not here, where the nodes' may be
     * @throws UsageException if there is no such configuration
     */
    static Optional<String> beforeSubmission(Settings settings, Path directory, Map<String, String> environment) {
        TraceSettings trace = TraceOptions.settings(settings);
        if (trace == null || trace.level() != TraceSettings.Level.EXTRAE) {
            return Optional.empty();
        }
        Path given = settings.get(TraceOptions.EXTRAE_CONFIG);
        if (given != null && !Files.isReadable(directory.resolve(given))) {
            throw new UsageException("--extrae-config: there is no file " + given + " that can be read");
        }
        String lacks = ExtraeSite.find(environment).lacks();
        return lacks.isEmpty()
                ? Optional.empty()
                : Optional.of("--trace=extrae: " + lacks + ". If the nodes have it, all is well");
    }
}

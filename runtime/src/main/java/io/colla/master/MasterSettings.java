package io.colla.master;

import io.colla.core.EngineSettings;
import io.colla.master.elastic.ElasticSettings;
import io.colla.platform.Allocation;
import io.colla.platform.NodeLauncher;
import io.colla.scheduler.PlacementPolicy;
import io.colla.transport.PortRange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a run is to be carried out.
 *
 * @param allocation the nodes
 * @param workers how to start a worker JVM on each of them; null: the one node is this process itself
 * @param runFolder exists; receives what the run leaves
 * @param scratch folder on a node's own disk, for data and temporary files
 * @param shared folders that every node sees, as the user says
 * @param classPath of the application, for workers
 * @param loader of the application's classes in this process
 * @param placement order and place of tasks
 * @param engine limits of the engine
 * @param retries further attempts of a failed task where the task does not say
 * @param window how many unfinished tasks the application may be ahead
 * @param heartbeat how often workers are asked for a sign of life; one that is silent five times as long, and at least 3 s, is lost
 * @param startTimeout how long to wait for workers to join
 * @param ports to listen on
 * @param addresses to listen on and to tell the workers; empty: all of this machine
 * @param elastic how the run may grow; null when it may not. The allocation may have no nodes then
 */
public record MasterSettings(
        Allocation allocation,
        @Nullable Workers workers,
        Path runFolder,
        Path scratch,
        List<Path> shared,
        List<Path> classPath,
        ClassLoader loader,
        PlacementPolicy placement,
        EngineSettings engine,
        int retries,
        int window,
        Duration heartbeat,
        Duration startTimeout,
        PortRange ports,
        List<String> addresses,
        @Nullable ElasticSettings elastic) {

    /** Of a run that does not grow. */
    public MasterSettings(
            Allocation allocation,
            @Nullable Workers workers,
            Path runFolder,
            Path scratch,
            List<Path> shared,
            List<Path> classPath,
            ClassLoader loader,
            PlacementPolicy placement,
            EngineSettings engine,
            int retries,
            int window,
            Duration heartbeat,
            Duration startTimeout,
            PortRange ports,
            List<String> addresses) {
        this(
                allocation,
                workers,
                runFolder,
                scratch,
                shared,
                classPath,
                loader,
                placement,
                engine,
                retries,
                window,
                heartbeat,
                startTimeout,
                ports,
                addresses,
                null);
    }

    /**
     * @param launcher starts them
     * @param command program and arguments of a worker, without what is particular to the run
     * @param environment added to what the nodes give
     * @param directory working folder of the workers; null: the system's choice
     */
    public record Workers(
            NodeLauncher launcher, List<String> command, Map<String, String> environment, @Nullable String directory) {}

    /** For one machine, in this process. */
    public static MasterSettings embedded(Allocation allocation, Path runFolder, Path scratch, ClassLoader loader) {
        return new MasterSettings(
                allocation,
                null,
                runFolder,
                scratch,
                List.of(),
                List.of(),
                loader,
                PlacementPolicy.LOCALITY,
                EngineSettings.DEFAULTS,
                TaskPreparer.DEFAULT_RETRIES,
                1_000_000,
                Duration.ofSeconds(2),
                Duration.ofSeconds(60),
                PortRange.ANY,
                List.of());
    }
}

package io.colla.tracing.merge;

import io.colla.tracing.TraceFolder;
import io.colla.tracing.extrae.ExtraeSite;
import io.colla.tracing.extrae.Mpi2prv;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The trace of a run that Extrae has recorded, beside Colla's own, as {@code trace/extrae/NAME.prv}: each process an application. mpi2prv makes one trace of each process, and they are put together
 * here, because it does not know by how much the clocks of nodes differ.
 */
public final class ExtraeTraces {
    private static final String MASTER = "master";
    private static final String TASK = "task-";
    private static final String[] FILES = {".prv", ".pcf", ".row"};

    /** A process' trace; {@code zero} is the master's {@link System#nanoTime} at which it begins, null if it is not known. */
    private record One(String process, ForeignTrace trace, @Nullable Long zero) {}

    /**
     * What was made.
     *
     * @param prv null if Extrae has recorded nothing
     * @param remarks sentences about what is not there
     */
    public record Made(@Nullable Path prv, List<String> remarks) {}

    private ExtraeTraces() {}

    /**
     * Makes it.
     *
     * @param name of its files, without ending
     * @param merger finds mpi2prv, if it is needed; null if there is none
     * @throws IOException if it cannot be written
     */
    public static Made make(Path runFolder, String name, Supplier<@Nullable Path> merger) throws IOException {
        List<String> remarks = new ArrayList<>();
        List<Path> folders = folders(TraceFolder.extrae(runFolder));
        if (folders.isEmpty()) {
            return new Made(null, remarks);
        }
        List<One> all = new ArrayList<>();
        try (RunLogs logs = RunLogs.open(TraceFolder.logs(runFolder))) {
            for (Path folder : folders) {
                try {
                    One one = one(folder, logs, merger);
                    all.add(String.valueOf(folder.getFileName()).equals(MASTER) ? 0 : all.size(), one);
                } catch (IOException e) {
                    remarks.add(
                            "what Extrae has recorded of " + folder.getFileName() + " is not there: " + e.getMessage());
                }
            }
        }
        return all.isEmpty()
                ? new Made(null, remarks)
                : new Made(together(TraceFolder.extrae(runFolder), name, all, remarks), remarks);
    }

    private static List<Path> folders(Path extrae) throws IOException {
        if (!Files.isDirectory(extrae)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(extrae)) {
            return all.filter(Files::isDirectory)
                    .filter(folder -> !String.valueOf(folder.getFileName()).startsWith(TASK))
                    .sorted()
                    .toList();
        }
    }

    private static One one(Path folder, RunLogs logs, Supplier<@Nullable Path> merger) throws IOException {
        List<Path> lists = Mpi2prv.lists(folder);
        if (!lists.isEmpty()) {
            Path program = merger.get();
            if (program == null) {
                throw new IOException(ExtraeSite.LACKS_MERGER);
            }
            Mpi2prv.merge(program, lists.get(0));
        }
        List<Path> traces = Mpi2prv.traces(folder);
        if (traces.isEmpty()) {
            throw new IOException("it has left nothing in " + folder + ", as when a process is killed");
        }
        String process = String.valueOf(folder.getFileName());
        ForeignTrace trace = ForeignTrace.look(traces.get(0));
        ForeignTrace.ClockEvent clock = trace.clock();
        Long zero = clock == null
                ? null
                : Long.valueOf(logs.clock(worker(process, logs)).toMaster(clock.clock()) - clock.time());
        return new One(process, trace, zero);
    }

    private static int worker(String process, RunLogs logs) {
        return logs.processes().stream()
                .filter(each -> process.equals(TraceFolder.fileName("worker-" + each.node())))
                .map(RunLogs.Process::worker)
                .filter(worker -> worker > 0)
                .findFirst()
                .orElse(0);
    }

    private static Path together(Path folder, String name, List<One> all, List<String> remarks) throws IOException {
        One first = all.get(0);
        String from = first.trace().file().toString().replaceAll("\\.prv$", "");
        for (String ending : FILES) {
            try {
                Files.copy(Path.of(from + ending), folder.resolve(name + ending), StandardCopyOption.REPLACE_EXISTING);
            } catch (NoSuchFileException e) {
                Files.deleteIfExists(folder.resolve(name + ending));
            }
        }
        List<ForeignMerger.Part> parts = new ArrayList<>();
        Long zero = first.zero();
        for (One each : all.subList(1, all.size())) {
            Long its = each.zero();
            if (zero == null || its == null) {
                remarks.add("Extrae's trace of " + each.process() + " does not say its machine's clock,"
                        + " and is taken to begin with that of " + first.process());
            }
            long shift = zero == null || its == null ? 0 : its - zero;
            parts.add(new ForeignMerger.Part(each.trace(), each.process(), null, Map.of(), shift));
        }
        Path prv = folder.resolve(name + ".prv");
        remarks.addAll(ForeignMerger.add(prv, parts).remarks());
        return prv;
    }
}

package io.colla.tracing.extrae;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Has Extrae's merger make Paraver traces of what Extrae has left in a folder. */
public final class Mpi2prv {
    private static final Duration PATIENCE = Duration.ofMinutes(30);
    /** Lists the files of one application's threads. */
    private static final String LIST = ".mpits";

    private static final String RECORD = ".mpit";
    private static final String TRACE = ".prv";
    private static final int DEPTH = 4;

    private Mpi2prv() {}

    /** The Paraver traces in a folder, those that programs have made themselves among them. */
    public static List<Path> traces(Path folder) throws IOException {
        return find(folder, TRACE, TRACE + ".gz");
    }

    /**
     * What Extrae has recorded in a folder and is no trace yet: its lists of files. One is made where a program that was killed has left the files alone.
     */
    public static List<Path> lists(Path folder) throws IOException {
        List<Path> lists = find(folder, LIST);
        if (lists.isEmpty()) {
            List<Path> records = find(folder, RECORD);
            if (!records.isEmpty()) {
                Path list = folder.resolve("TRACE" + LIST);
                Files.write(list, records.stream().map(Path::toString).toList());
                lists = List.of(list);
            }
        }
        return lists.stream().filter(list -> !Files.exists(traceOf(list))).toList();
    }

    private static List<Path> find(Path folder, String... endings) throws IOException {
        try (Stream<Path> files = Files.walk(folder, DEPTH)) {
            return files.filter(file -> {
                        String name = String.valueOf(file.getFileName());
                        return !name.startsWith(".") && Stream.of(endings).anyMatch(name::endsWith);
                    })
                    .sorted()
                    .toList();
        }
    }

    private static Path traceOf(Path list) {
        return list.resolveSibling(String.valueOf(list.getFileName()).replaceAll("\\.mpits$", TRACE));
    }

    /**
     * Makes the trace of one application, beside its list. What the merger prints is beside it too, in {@code mpi2prv.log}.
     *
     * @throws IOException if there is none, in one sentence
     */
    public static Path merge(Path merger, Path list) throws IOException {
        Path trace = traceOf(list);
        Path log = list.resolveSibling("mpi2prv.log");
        List<String> command = new ArrayList<>(List.of(merger.toString(), "-f", list.toString(), "-keep-mpits"));
        command.addAll(List.of("-o", trace.toString()));
        Process process = new ProcessBuilder(command)
                .directory(list.toAbsolutePath().resolve("..").normalize().toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (!ended || process.exitValue() != 0 || !Files.exists(trace)) {
                throw new IOException(merger + " made no trace of " + list + " ("
                        + (ended ? "exit code " + process.exitValue() : "no end in " + PATIENCE.toMinutes() + " min")
                        + lastWords(log) + ")");
            }
            return trace;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + merger + " made the trace of " + list, e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String lastWords(Path log) throws IOException {
        String text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8).strip();
        return text.isEmpty() ? "" : ": " + text.substring(text.lastIndexOf('\n') + 1);
    }
}

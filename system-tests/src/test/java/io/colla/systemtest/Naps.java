package io.colla.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What the tasks of the application of this name left: who held how many cores of which host, from when to when. The clock is the same on all hosts. */
record Naps(List<Nap> all) {
    /**
     * One process.
     *
     * @param from seconds
     */
    record Nap(String kind, String host, int cores, double from, double to) {}

    /** A change of the number of cores that are held on a host. */
    private record Change(double at, String host, int by) {}

    static Naps read(Path log) throws IOException {
        List<Nap> naps = new ArrayList<>();
        for (String line : Files.readAllLines(log)) {
            String[] words = line.split(" ");
            naps.add(new Nap(
                    words[0],
                    words[1],
                    Integer.parseInt(words[2]),
                    Double.parseDouble(words[3]),
                    Double.parseDouble(words[4])));
        }
        return new Naps(List.copyOf(naps));
    }

    /** Compiles the programs nap and nap-mpi into the folder. */
    static void build(Path folder) throws Exception {
        compile("gcc", folder.resolve("nap"));
        compile("mpicc", folder.resolve("nap-mpi"), "-DRANKS");
    }

    private static void compile(String compiler, Path program, String... flags) throws Exception {
        List<String> command = new ArrayList<>(List.of(compiler, "-O1", "-Wall", "-o", program.toString()));
        command.addAll(List.of(flags));
        command.add(Path.of("src/test/resources/nap.c").toAbsolutePath().toString());
        Process compiling =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(compiling.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(compiling.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(compiling.exitValue()).as(command + ": " + said).isZero();
    }

    Map<String, Long> countByKind() {
        Map<String, Long> counts = new TreeMap<>();
        all.forEach(nap -> counts.merge(nap.kind, 1L, Long::sum));
        return counts;
    }

    /** The most cores that were held at the same time on each host. */
    Map<String, Integer> most() {
        List<Change> changes = new ArrayList<>();
        for (Nap nap : all) {
            changes.add(new Change(nap.from, nap.host, nap.cores));
            changes.add(new Change(nap.to, nap.host, -nap.cores));
        }
        changes.sort(Comparator.comparingDouble(Change::at).thenComparing(Change::by));
        Map<String, Integer> held = new HashMap<>();
        Map<String, Integer> most = new TreeMap<>();
        for (Change change : changes) {
            most.merge(change.host, held.merge(change.host, change.by, Integer::sum), Math::max);
        }
        return most;
    }

    /** Of all processes together, while they were there. */
    double coreSeconds() {
        return all.stream().mapToDouble(nap -> nap.cores * (nap.to - nap.from)).sum();
    }

    /** From the begin of the first to the end of the last. */
    double makespan() {
        return all.stream().mapToDouble(Nap::to).max().orElse(0)
                - all.stream().mapToDouble(Nap::from).min().orElse(0);
    }
}

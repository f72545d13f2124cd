package io.colla.systemtest.apps;

import static io.colla.api.Args.in;
import static io.colla.api.Binding.bind;
import static io.colla.api.TaskOptions.options;

import io.colla.api.BinaryTask;
import io.colla.api.Colla;
import io.colla.api.Ranks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Tasks of all kinds that do nothing for some time but hold their cores: Java methods, programs, MPI programs. Each process (each rank, of MPI tasks) appends a line
 * to a file that all nodes see: {@code kind host cores from to}, in seconds. Prints {@code makespan SECONDS}.
 *
 * <p>Arguments: the file, the folder with the programs nap and nap-mpi (of nap.c), a random seed for the order, and any number of {@code kind:cores:seconds:times}, where the kind is {@code java},
 * {@code program}, {@code ompss} or {@code mpiN} for N ranks.
 */
public final class Naps {
    private final Colla colla;
    private final String log;
    private final String programs;

    private Naps(Colla colla, String log, String programs) {
        this.colla = colla;
        this.log = log;
        this.programs = programs;
    }

    /** One task to be called. */
    private record Nap(String kind, int cores, double seconds) {}

    public static void main(String[] args) {
        List<Nap> bag = new ArrayList<>();
        for (String part : List.of(args).subList(3, args.length)) {
            String[] words = part.split(":");
            Nap nap = new Nap(words[0], Integer.parseInt(words[1]), Double.parseDouble(words[2]));
            bag.addAll(Collections.nCopies(Integer.parseInt(words[3]), nap));
        }
        Collections.shuffle(bag, new Random(Long.parseLong(args[2])));
        try (Colla colla = Colla.start()) {
            Naps naps = new Naps(colla, args[0], args[1]);
            for (int i = 0; i < colla.resources().cores(); i++) {
                colla.run(Naps::warmUp);
            }
            colla.barrier();
            long start = System.nanoTime();
            bag.forEach(naps::call);
            colla.barrier();
            System.out.printf(Locale.ROOT, "makespan %.3f%n", (System.nanoTime() - start) / 1e9);
        }
    }

    private void call(Nap task) {
        if (task.kind.equals("java")) {
            colla.with(options().cores(task.cores)).run(Naps::java, in(log), in(task.cores), in(task.seconds));
            return;
        }
        boolean ranks = task.kind.startsWith("mpi");
        BinaryTask program = BinaryTask.of(
                        programs + (ranks ? "/nap-mpi" : "/nap"), "{{log}}", "{{kind}}", "{{cores}}", "{{seconds}}")
                .cores(task.cores)
                .name(task.kind + "-" + task.cores);
        if (task.kind.equals("ompss")) {
            program = program.ompss();
        }
        if (ranks) {
            program = program.ranks(Ranks.of(Integer.parseInt(task.kind.substring(3))));
        }
        colla.exec(
                program,
                bind("log", in(log)),
                bind("kind", in(task.kind)),
                bind("cores", in(task.cores)),
                bind("seconds", in(task.seconds)));
    }

    static void warmUp() {}

    static void java(String log, int cores, double seconds) throws IOException {
        double from = now();
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
        String host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        String line = String.format(Locale.ROOT, "java %s %d %.6f %.6f%n", host, cores, from, now());
        Files.writeString(Path.of(log), line, StandardOpenOption.APPEND);
    }

    private static double now() {
        Instant instant = Instant.now();
        return instant.getEpochSecond() + instant.getNano() / (double) TimeUnit.SECONDS.toNanos(1);
    }
}

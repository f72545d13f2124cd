package io.colla.benchmarks.app;

import com.sun.management.OperatingSystemMXBean;
import io.colla.api.Colla;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Runs one workload several times in this process and writes for each round a line with the seconds that it took and those of processor time that this process used
 * meanwhile. The first round is the one of a cold JVM.
 *
 * <p>Arguments: {@code colla|plain WORKLOAD TASKS ROUNDS FILE [THREADS]}; the threads are for the plain way.
 */
public final class WorkloadMain {
    private WorkloadMain() {}

    public static void main(String[] args) throws Exception {
        if (args.length < 5) {
            throw new IllegalArgumentException("arguments: colla|plain WORKLOAD TASKS ROUNDS FILE [THREADS]");
        }
        int tasks = Integer.parseInt(args[2]);
        int rounds = Integer.parseInt(args[3]);
        Path file = Path.of(args[4]);
        if (args[0].equals("colla")) {
            try (Colla colla = Colla.start()) {
                run(CollaWorkloads.of(args[1], colla), tasks, rounds, file);
            }
        } else {
            int threads = args.length > 5
                    ? Integer.parseInt(args[5])
                    : Runtime.getRuntime().availableProcessors();
            try (Workload workload = PlainWorkloads.of(args[1], threads)) {
                run(workload, tasks, rounds, file);
            }
        }
    }

    private static void run(Workload workload, int tasks, int rounds, Path file) throws Exception {
        List<String> seconds = new ArrayList<>();
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        for (int i = 0; i < rounds; i++) {
            long cpu = system.getProcessCpuTime();
            long start = System.nanoTime();
            workload.round(tasks);
            long end = System.nanoTime();
            seconds.add(String.format(
                    Locale.ROOT, "%.6f %.6f", (end - start) / 1e9, (system.getProcessCpuTime() - cpu) / 1e9));
        }
        write(file, seconds);
    }

    private static void write(Path file, List<String> lines) throws IOException {
        Files.write(file, lines);
    }
}

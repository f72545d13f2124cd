package io.colla.binary.spawn;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Programs a second by each spawner and by a C loop, interleaved; medians of rounds, and of the ratios to the loop within a
 * round. Started by benchmarks/spawn.sh.
 */
public final class SpawnBenchmark {

    private static final String LOOP = "C posix_spawn loop";

    private int count = 1000;
    private int rounds = 7;
    private int[] threads = {1, 2};
    private boolean bind;

    private SpawnBenchmark() {}

    public static void main(String[] args) throws Exception {
        SpawnBenchmark benchmark = new SpawnBenchmark();
        for (int i = 1; i < args.length; i++) {
            switch (args[i]) {
                case "--count" -> benchmark.count = Integer.parseInt(args[++i]);
                case "--rounds" -> benchmark.rounds = Integer.parseInt(args[++i]);
                case "--threads" ->
                    benchmark.threads = Arrays.stream(args[++i].split(","))
                            .mapToInt(Integer::parseInt)
                            .toArray();
                case "--bind" -> benchmark.bind = true;
                default -> throw new IllegalArgumentException("unknown option " + args[i]);
            }
        }
        benchmark.run(args[0]);
    }

    private void run(String loop) throws Exception {
        System.out.printf(
                "/bin/true, %d a thread, medians of %d interleaved rounds, Java %s, heap %d MB%s%n",
                count,
                rounds,
                Runtime.version(),
                Runtime.getRuntime().maxMemory() >> 20,
                bind ? ", each program bound to one CPU" : "");
        Map<String, Spawner> spawners = new LinkedHashMap<>();
        for (Spawners.Kind kind : Spawners.Kind.values()) {
            long start = System.nanoTime();
            Spawner spawner = Spawners.open(kind);
            spawner.spawn(Command.of("/bin/true")).await();
            System.out.printf("%-18s ready and first program after %d ms%n", kind.option(), millisSince(start));
            spawners.put(kind.option(), spawner);
        }
        for (int thread : threads) {
            compare(loop, spawners, thread);
        }
        spawners.values().forEach(Spawner::close);
    }

    private void compare(String loop, Map<String, Spawner> spawners, int parallel) throws Exception {
        Map<String, List<Double>> rates = new LinkedHashMap<>();
        for (int round = -1; round < rounds; round++) {
            note(rates, round, LOOP, parallel(parallel, thread -> () -> {
                loop(loop, count);
                return null;
            }));
            for (Map.Entry<String, Spawner> entry : spawners.entrySet()) {
                note(rates, round, entry.getKey(), parallel(parallel, thread -> () -> {
                    spawnAll(entry.getValue(), thread);
                    return null;
                }));
            }
        }
        List<Double> yardstick = rates.getOrDefault(LOOP, List.of());
        System.out.printf("%n%d thread%s%n", parallel, parallel == 1 ? "" : "s");
        System.out.printf("%-20s %10s %18s %16s%n", "", "programs/s", "of the C loop", "(range)");
        rates.forEach((name, values) -> {
            List<Double> ratios = new ArrayList<>();
            for (int round = 0; round < values.size(); round++) {
                ratios.add(100 * values.get(round) / yardstick.get(round));
            }
            System.out.printf(
                    Locale.ROOT,
                    "%-20s %10.0f %16.0f %% %8.0f to %.0f %%%n",
                    name,
                    median(values),
                    median(ratios),
                    ratios.stream().mapToDouble(v -> v).min().orElse(0),
                    ratios.stream().mapToDouble(v -> v).max().orElse(0));
        });
    }

    private static void note(Map<String, List<Double>> rates, int round, String name, double rate) {
        if (round >= 0) { // the first is for warming up
            rates.computeIfAbsent(name, key -> new ArrayList<>()).add(rate);
        }
    }

    private double parallel(int parallel, java.util.function.IntFunction<Callable<Void>> work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(parallel);
        try {
            List<Callable<Void>> all = new ArrayList<>();
            for (int i = 0; i < parallel; i++) {
                all.add(work.apply(i));
            }
            long start = System.nanoTime();
            for (Future<Void> future : pool.invokeAll(all)) {
                future.get();
            }
            return 1e9 * parallel * count / (System.nanoTime() - start);
        } finally {
            pool.shutdown();
        }
    }

    private void spawnAll(Spawner spawner, int thread) throws SpawnException {
        Command command = Command.of("/bin/true");
        if (bind) {
            command = command.withCpus(List.of(thread % Runtime.getRuntime().availableProcessors()));
        }
        for (int i = 0; i < count; i++) {
            ExitStatus status = spawner.spawn(command).await();
            if (!status.success()) {
                throw new IllegalStateException(status.toString());
            }
        }
    }

    private static void loop(String program, int count) throws Exception {
        Process process = new ProcessBuilder(program, Integer.toString(count), "/bin/true")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("the C loop failed: " + output);
        }
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElse(Double.NaN);
    }

    private static long millisSince(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }
}

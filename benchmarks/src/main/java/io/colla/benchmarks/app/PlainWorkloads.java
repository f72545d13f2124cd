package io.colla.benchmarks.app;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** The same work on a pool of threads, as one writes it without a runtime: no dependencies but those of futures, one process, no failures. */
final class PlainWorkloads implements Workload {
    /** 100 MB of doubles. */
    static final int ARRAY_LENGTH = 12_500_000;

    private static final long MINUTES = 5;

    /** One round on the pool. */
    private interface Work {
        void round(ExecutorService pool, int tasks) throws Exception;
    }

    private final ExecutorService pool;
    private final Work work;

    private PlainWorkloads(ExecutorService pool, Work work) {
        this.pool = pool;
        this.work = work;
    }

    /** @param name noop, values, chain, tree or array */
    static Workload of(String name, int threads) {
        Work work =
                switch (name) {
                    case "noop" -> PlainWorkloads::noop;
                    case "values" -> PlainWorkloads::values;
                    case "chain" -> PlainWorkloads::chain;
                    case "tree" -> PlainWorkloads::tree;
                    case "array" -> PlainWorkloads::array;
                    default -> throw new IllegalArgumentException("no plain workload is called " + name);
                };
        return new PlainWorkloads(Executors.newFixedThreadPool(threads), work);
    }

    @Override
    public void round(int tasks) throws Exception {
        work.round(pool, tasks);
    }

    @Override
    public void close() {
        pool.shutdown();
    }

    private static void noop(ExecutorService pool, int tasks) throws Exception {
        List<Future<?>> futures = new ArrayList<>(tasks);
        for (int i = 0; i < tasks; i++) {
            futures.add(pool.submit(Functions::nothing));
        }
        for (Future<?> future : futures) {
            future.get(MINUTES, TimeUnit.MINUTES);
        }
    }

    private static void values(ExecutorService pool, int tasks) throws Exception {
        List<Future<Integer>> futures = new ArrayList<>(tasks);
        for (int i = 0; i < tasks; i++) {
            int value = i;
            futures.add(pool.submit(() -> Functions.same(value)));
        }
        for (int i = 0; i < tasks; i++) {
            Functions.check(i, futures.get(i).get(MINUTES, TimeUnit.MINUTES));
        }
    }

    private static void chain(ExecutorService pool, int tasks) throws Exception {
        CompletableFuture<Integer> sum = CompletableFuture.supplyAsync(() -> Functions.add(0, 1), pool);
        for (int i = 1; i < tasks; i++) {
            sum = sum.thenApplyAsync(value -> Functions.add(value, 1), pool);
        }
        Functions.check(tasks, sum.get(MINUTES, TimeUnit.MINUTES));
    }

    private static void tree(ExecutorService pool, int leaves) throws Exception {
        List<CompletableFuture<Integer>> level = new ArrayList<>();
        for (int i = 0; i < leaves; i++) {
            int value = i;
            level.add(CompletableFuture.supplyAsync(() -> Functions.same(value), pool));
        }
        while (level.size() > 1) {
            List<CompletableFuture<Integer>> next = new ArrayList<>();
            for (int i = 0; i + 1 < level.size(); i += 2) {
                next.add(level.get(i).thenCombineAsync(level.get(i + 1), Functions::add, pool));
            }
            if (level.size() % 2 == 1) {
                next.add(level.get(level.size() - 1));
            }
            level = next;
        }
        Functions.check(sumTo(leaves), level.get(0).get(MINUTES, TimeUnit.MINUTES));
    }

    /** The sum of 0 to n-1, as ints add it. */
    static int sumTo(int n) {
        return (int) ((long) n * (n - 1) / 2);
    }

    private static void array(ExecutorService pool, int tasks) throws Exception {
        double[] array = Functions.ones(ARRAY_LENGTH);
        List<Future<Double>> sums = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            sums.add(pool.submit(() -> Functions.sum(array)));
        }
        for (Future<Double> sum : sums) {
            Functions.check(ARRAY_LENGTH, sum.get(MINUTES, TimeUnit.MINUTES));
        }
    }
}

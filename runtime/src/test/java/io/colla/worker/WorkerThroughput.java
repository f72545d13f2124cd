package io.colla.worker;

import io.colla.api.TaskFunction;
import io.colla.wire.Message;
import io.colla.wire.Message.ToWorker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Prints how many tasks that do nothing a worker in the same process runs per second; start it by hand. */
final class WorkerThroughput {
    private static final int BATCH = 256;

    private WorkerThroughput() {}

    static int nothing() {
        return 1;
    }

    public static void main(String[] args) throws Exception {
        for (int round = 0; round < 6; round++) {
            print("independent, one core each", 1_000_000, WorkerThroughput::independent);
            print("independent, with memory", 500_000, WorkerThroughput::withMemory);
            print("chain, next sent by the thread that ends one", 500_000, WorkerThroughput::chain);
            print("one at a time, sent by another thread", 20_000, WorkerThroughput::oneByOne);
        }
    }

    private interface Load {
        void run(Bench bench, int tasks) throws Exception;
    }

    private static void print(String name, int tasks, Load load) throws Exception {
        Path folder = Files.createTempDirectory("colla-throughput");
        try (Bench bench = new Bench(folder, tasks)) {
            long began = System.nanoTime();
            load.run(bench, tasks);
            boolean all = bench.done.await(60, TimeUnit.SECONDS);
            double seconds = (System.nanoTime() - began) / 1e9;
            System.out.printf(
                    "%-48s %s: %,.0f tasks/s%n", name, all ? "done" : "NOT DONE, left " + bench.left, tasks / seconds);
        }
    }

    private static void independent(Bench bench, int tasks) {
        inBatches(bench, tasks, WorkerKit.ONE);
    }

    private static void withMemory(Bench bench, int tasks) {
        inBatches(bench, tasks, new Message.Needs(1, 10, java.util.Map.of()));
    }

    private static void inBatches(Bench bench, int tasks, Message.Needs needs) {
        int next = 0;
        while (next < tasks) {
            List<ToWorker> batch = new ArrayList<>(BATCH);
            for (int i = 0; i < BATCH && next < tasks; i++, next++) {
                batch.add(WorkerKit.run(next, 0, needs, 0, 0, 0, List.of(), WorkerKit.result(next)));
            }
            bench.core.accept(batch);
        }
    }

    private static void chain(Bench bench, int tasks) {
        bench.chain = true;
        bench.submit(0);
    }

    private static void oneByOne(Bench bench, int tasks) throws InterruptedException {
        bench.permits = new Semaphore(0);
        for (int task = 0; task < tasks; task++) {
            bench.submit(task);
            if (!bench.permits.tryAcquire(10, TimeUnit.SECONDS)) {
                System.out.println("task " + task + " was LOST");
                return;
            }
        }
    }

    /** A worker whose master counts. */
    private static final class Bench implements MasterLink, AutoCloseable {
        final WorkerKit kit;
        final WorkerCore core;
        final AtomicInteger left;
        final int tasks;
        final CountDownLatch done = new CountDownLatch(1);
        volatile boolean chain;
        volatile Semaphore permits;

        Bench(Path folder, int tasks) {
            this.tasks = tasks;
            left = new AtomicInteger(tasks);
            kit = new WorkerKit(folder, 2);
            core = new WorkerCore(
                    new WorkerSettings(
                            WorkerKit.node(2, 1 << 20, java.util.Map.of()),
                            kit.store,
                            kit.codec,
                            null,
                            WorkerKit.class.getClassLoader(),
                            folder,
                            folder,
                            System::nanoTime),
                    this);
            core.accept(List.of(new Message.Define(
                    0,
                    JavaFunctions.definition((TaskFunction.F0<Integer>) WorkerThroughput::nothing)
                            .definition())));
        }

        void submit(int task) {
            core.accept(List.of(WorkerKit.run(task, 0, 0, List.of(), WorkerKit.result(task))));
        }

        @Override
        public void send(Message.ToMaster message) {
            if (message instanceof Message.Finished finished) {
                int now = left.decrementAndGet();
                if (now == 0) {
                    done.countDown();
                } else if (chain) {
                    submit(tasks - now);
                }
                Semaphore used = permits;
                if (used != null) {
                    used.release();
                }
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            core.close();
            kit.close();
        }
    }
}

package io.colla.worker;

import io.colla.api.TaskFunction;
import io.colla.wire.Message;
import io.colla.wire.Message.ToWorker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
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
        int tasks = 1_000_000;
        for (int round = 0; round < 6; round++) {
            Path folder = Files.createTempDirectory("colla-throughput");
            AtomicInteger left = new AtomicInteger(tasks);
            CountDownLatch done = new CountDownLatch(1);
            MasterLink link = new MasterLink() {
                @Override
                public void send(Message.ToMaster message) {
                    if (!(message instanceof Message.Finished)) {
                        return;
                    }
                    if (left.decrementAndGet() == 0) {
                        done.countDown();
                    }
                }

                @Override
                public void flush() {}
            };
            try (WorkerKit kit = new WorkerKit(folder, 2);
                    WorkerCore core = new WorkerCore(
                            new WorkerSettings(
                                    WorkerKit.node(2, 0, java.util.Map.of()),
                                    kit.store,
                                    kit.codec,
                                    null,
                                    WorkerKit.class.getClassLoader(),
                                    folder,
                                    folder,
                                    System::nanoTime),
                            link)) {
                core.accept(List.of(new Message.Define(
                        0,
                        JavaFunctions.definition((TaskFunction.F0<Integer>) WorkerThroughput::nothing)
                                .definition())));
                long began = System.nanoTime();
                int next = 0;
                while (next < tasks) {
                    List<ToWorker> batch = new ArrayList<>(BATCH);
                    for (int i = 0; i < BATCH && next < tasks; i++, next++) {
                        batch.add(WorkerKit.run(next, 0, 0, List.of(), WorkerKit.result(next)));
                    }
                    core.accept(batch);
                }
                boolean all = done.await(60, TimeUnit.SECONDS);
                double seconds = (System.nanoTime() - began) / 1e9;
                System.out.printf("%s: %.0f tasks/s%n", all ? "done" : "NOT DONE, left " + left, tasks / seconds);
            }
        }
    }
}

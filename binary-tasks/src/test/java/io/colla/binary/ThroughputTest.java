package io.colla.binary;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.api.BinaryTask;
import io.colla.binary.spawn.Command;
import io.colla.binary.spawn.Spawner;
import io.colla.binary.spawn.Spawners;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the executor adds to the spawner, for programs that take no time; rounds of both take turns. */
@Tag("process")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ThroughputTest {

    private static final int THREADS = 2;
    private static final int EACH = 250;
    private static final int ROUNDS = 7;

    @TempDir
    Path folder;

    @Test
    void theExecutorAddsLittleToTheSpawner() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        List<Double> ratios = new ArrayList<>();
        try (Spawner spawner = Spawners.open();
                BinaryExecutor executor = new BinaryExecutor()) {
            for (int round = -2; round < ROUNDS; round++) {
                double bare = rate(
                        pool,
                        () -> spawner.spawn(Command.of("/bin/true")).await().success());
                double tasks = rate(pool, () -> task(executor));
                if (round >= 0) {
                    ratios.add(tasks / bare);
                    System.out.printf(
                            Locale.ROOT,
                            "/bin/true: executor %.0f/s, bare spawner %.0f/s, %.0f %%%n",
                            tasks,
                            bare,
                            100 * tasks / bare);
                }
            }
        } finally {
            pool.shutdown();
        }
        double median = ratios.stream().sorted().skip(ROUNDS / 2).findFirst().orElseThrow();
        System.out.printf(Locale.ROOT, "/bin/true: median %.0f %% of the bare spawner%n", 100 * median);
        assertThat(median).as("share of the bare spawner's rate").isGreaterThan(0.3);
    }

    private boolean task(BinaryExecutor executor) throws Exception {
        try (FakeContext context = new FakeContext(folder, BinaryTask.of("/bin/true", "{{x}}")).in("x", 1)) {
            return executor.execute(context) == 0;
        }
    }

    private static double rate(ExecutorService pool, Callable<Boolean> one) throws Exception {
        List<Callable<Boolean>> work = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            work.add(() -> {
                boolean good = true;
                for (int n = 0; n < EACH; n++) {
                    good &= one.call();
                }
                return good;
            });
        }
        long start = System.nanoTime();
        for (Future<Boolean> future : pool.invokeAll(work)) {
            assertThat(future.get()).isTrue();
        }
        return 1e9 * THREADS * EACH / (System.nanoTime() - start);
    }
}

package io.colla.binary;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.api.BinaryTask;
import io.colla.binary.spawn.Command;
import io.colla.binary.spawn.Redirect;
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

    private interface Work {
        boolean run(int thread) throws Exception;
    }

    @Test
    void theExecutorAddsLittleToTheSpawner() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        BinaryTask task = BinaryTask.of("/bin/true", "{{x}}");
        List<Double> fresh = new ArrayList<>();
        List<Double> recycled = new ArrayList<>();
        List<Double> given = new ArrayList<>();
        try (Spawner spawner = Spawners.open();
                BinaryExecutor executor = new BinaryExecutor()) {
            for (int round = -2; round < ROUNDS; round++) {
                double bare =
                        rate(pool, thread -> spawner.spawn(bare(thread)).await().success());
                double first = rate(pool, thread -> run(executor, context(task)));
                double second = rate(pool, thread -> run(executor, context(task).recycling("slot" + thread)));
                BinaryTask here = task.workingDirectory("/").stdout("/dev/null").stderr("/dev/null");
                double third = rate(pool, thread -> run(executor, context(here)));
                if (round >= 0) {
                    fresh.add(first / bare);
                    recycled.add(second / bare);
                    given.add(third / bare);
                }
            }
        } finally {
            pool.shutdown();
        }
        print("fresh folder and files", fresh);
        print("recycled folder and files", recycled);
        print("given folder, output to /dev/null", given);
        assertThat(median(given)).as("share of the bare spawner's rate").isGreaterThan(0.5);
    }

    private static void print(String what, List<Double> ratios) {
        System.out.printf(
                Locale.ROOT, "/bin/true as a task, %s: %.0f %% of the bare spawner%n", what, 100 * median(ratios));
    }

    private static double median(List<Double> ratios) {
        return ratios.stream().sorted().skip(ratios.size() / 2).findFirst().orElseThrow();
    }

    private Command bare(int thread) {
        return Command.of("/bin/true", "1")
                .withStdout(Redirect.to(folder.resolve("bare" + thread)))
                .withStderr(Redirect.STDOUT);
    }

    private FakeContext context(BinaryTask task) {
        return new FakeContext(folder, task).in("x", 1);
    }

    private static boolean run(BinaryExecutor executor, FakeContext context) throws Exception {
        try (context) {
            return executor.execute(context) == 0;
        }
    }

    private static double rate(ExecutorService pool, Work one) throws Exception {
        List<Callable<Boolean>> work = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            work.add(() -> {
                boolean good = true;
                for (int n = 0; n < EACH; n++) {
                    good &= one.run(thread);
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

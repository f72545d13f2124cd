package io.colla.master;

import static io.colla.api.Args.in;
import static org.assertj.core.api.Assertions.assertThat;

import io.colla.api.Colla;
import io.colla.api.Data;
import io.colla.platform.Allocation;
import io.colla.platform.NodeShare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The collector finds a handle unreachable as soon as compiled code will not look at it again, which can be in the middle of the call that it is given to. */
@Tag("fuzz")
@Timeout(300)
class CollectedHandlesTest {
    private static final int ROUNDS = 6;
    private static final int TASKS = 20_000;

    @TempDir
    Path folder;

    private volatile boolean done;

    static int add(int a, int b) {
        return a + b;
    }

    @Test
    void aHandleThatIsOnlyHandedOnLivesUntilTheCallIsKnown() throws IOException, InterruptedException {
        Allocation here = new Allocation("local", null, List.of(new NodeShare("here", 2, 1L << 30)), null, List.of());
        Path run = Files.createDirectories(folder.resolve("run"));
        Path scratch = Files.createDirectories(folder.resolve("scratch"));
        Thread collector = new Thread(() -> {
            while (!done) {
                System.gc();
            }
        });
        try (Master master = Master.start(
                MasterSettings.embedded(here, run, scratch, getClass().getClassLoader()))) {
            Colla colla = master.session();
            collector.start();
            for (int round = 0; round < ROUNDS; round++) {
                assertThat(chain(colla)).isEqualTo(TASKS);
            }
        } finally {
            done = true;
            collector.join();
        }
    }

    private static int chain(Colla colla) {
        Data<Integer> sum = colla.call(CollectedHandlesTest::add, in(0), in(1));
        for (int i = 1; i < TASKS; i++) {
            sum = colla.call(CollectedHandlesTest::add, sum, in(1));
        }
        return sum.get();
    }
}

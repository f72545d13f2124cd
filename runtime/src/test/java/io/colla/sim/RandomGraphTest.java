package io.colla.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.core.TaskState;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random programs on random clusters give the results of a sequential run, or end with a failure that was drawn; never anything else. */
class RandomGraphTest {
    private static final int STATES = TaskState.values().length;
    private static final int GRAPHS = Integer.getInteger("colla.sim.graphs", 20_000);
    private static final long FIRST_SEED = Long.getLong("colla.sim.seed", 1L);

    private final AtomicInteger errands = new AtomicInteger();
    private final AtomicLongArray taken = new AtomicLongArray(STATES * STATES);

    @Test
    void someRandomGraphsEndRight() {
        run(1_000_000, 300);
        assertThat(errands).as("things that tasks did on their other nodes").hasPositiveValue();
    }

    @Test
    @Tag("fuzz")
    void manyRandomGraphsEndRight() {
        int failed = run(FIRST_SEED, GRAPHS);
        if (GRAPHS < 10_000) {
            return;
        }
        assertThat(failed).as("most programs survive their faults").isLessThan(GRAPHS / 2);
        for (TaskState from : TaskState.values()) {
            for (TaskState to : from.successors()) {
                assertThat(taken.get(from.ordinal() * STATES + to.ordinal()))
                        .as(from + " to " + to)
                        .isPositive();
            }
        }
    }

    @Test
    void aSeedAlwaysGivesTheSameHistory() {
        for (long seed = 0; seed < 20; seed++) {
            Program first = new Program(seed);
            Program second = new Program(seed);
            first.run();
            second.run();
            assertThat(first.world.history()).as("seed " + seed).isEqualTo(second.world.history());
        }
    }

    /** Returns how many programs had a failure. */
    private int run(long first, int count) {
        AtomicInteger failed = new AtomicInteger();
        ForkJoinPool.commonPool()
                .submit(() -> LongStream.range(first, first + count).parallel().forEach(seed -> {
                    if (!run(seed)) {
                        failed.incrementAndGet();
                    }
                }))
                .join();
        return failed.get();
    }

    private boolean run(long seed) {
        Program program = new Program(seed);
        try {
            boolean clean = program.run();
            errands.addAndGet(program.world.errands);
            long[][] transitions = program.world.engine.transitions();
            for (int i = 0; i < STATES * STATES; i++) {
                taken.addAndGet(i, transitions[i / STATES][i % STATES]);
            }
            return clean;
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(
                    "seed " + seed + " (run again with -Dcolla.sim.seed=" + seed + " -Dcolla.sim.graphs=1)", e);
        }
    }
}

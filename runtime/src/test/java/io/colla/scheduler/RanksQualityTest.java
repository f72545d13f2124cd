package io.colla.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.scheduler.Cluster.Job;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How tasks with ranks share the cores with others: nobody starves, and few cores idle. */
class RanksQualityTest {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    private static final long FOR_EVER = Long.MAX_VALUE;

    private static Job job(int cores, long nanos) {
        return new Job(cores + " cores", Requirement.cores(cores), nanos);
    }

    private static Job ranks(int count, int perNode, boolean spread, boolean whole, long nanos) {
        Requirement.Ranks ranks = new Requirement.Ranks(count, perNode, spread, whole);
        return new Job(count + " ranks", new Requirement(1, 0, Map.of(), Map.of(), 1, ranks), nanos);
    }

    private static Job sixRanks(Random random, long nanos) {
        int kind = random.nextInt(3);
        return ranks(6, kind == 0 ? 2 : 0, kind == 1, false, nanos);
    }

    /** A bag of tasks of 1, 2 and 4 cores and of 6 ranks, each kind with the same part of the work, against the area that it takes: no packing takes less. */
    @ParameterizedTest(name = "{0} nodes of {1} cores, {2} to {3} ms, seed {4}")
    @CsvSource({
        "3, 4, 100, 2000, 1",
        "3, 4, 100, 2000, 2",
        "3, 4, 100, 2000, 3",
        "3, 4, 5, 50, 4",
        "3, 4, 2000, 60000, 5",
        "3, 4, 2000, 60000, 6",
        "16, 48, 100, 2000, 7",
        "16, 48, 5, 50, 8",
        "16, 48, 2000, 60000, 9",
    })
    void aMixedBagUsesNineTenthsOfTheCores(int nodes, int cores, int shortest, int longest, long seed) {
        Random random = new Random(seed);
        Cluster cluster = new Cluster(PlacementPolicy.LOCALITY);
        cluster.addWorkers(1, nodes, cores);
        double work = 0;
        cluster.checked = nodes * cores < 100;
        double most = (nodes * cores < 100 ? 30.0 : 12.0) * nodes * cores * longest * MILLI;
        double[] perKind = new double[4];
        while (work < most) {
            int kind = 0;
            for (int i = 1; i < 4; i++) {
                kind = perKind[i] < perKind[kind] ? i : kind;
            }
            long nanos = MILLI * (shortest + random.nextInt(longest - shortest));
            Job job = kind == 3 ? sixRanks(random, nanos) : job(1 << kind, nanos);
            double area = (double) nanos * job.need.allCores();
            perKind[kind] += area;
            work += area;
            cluster.offer(job);
        }
        long took = cluster.run(FOR_EVER);
        assertThat(cluster.scheduler.queued()).as("tasks that never ran").isZero();
        double used = work / took / (nodes * cores);
        assertThat(used).as("part of the cores' time that was used").isGreaterThan(0.9);
    }

    @Test
    void ranksAreNotStarvedByNarrowTasksThatKeepComing() {
        Cluster cluster = new Cluster(PlacementPolicy.LOCALITY);
        cluster.addWorkers(1, 3, 4);
        Runnable refill = () -> {
            while (cluster.scheduler.queued() < 64) {
                cluster.offer(job(1, (200 + (cluster.begun.size() * 7L) % 600) * MILLI));
            }
        };
        refill.run();
        cluster.afterEach = refill;
        cluster.run(3 * SECOND);
        long from = cluster.now();
        Job wide = ranks(10, 0, false, false, 500 * MILLI);
        Job whole = ranks(6, 0, true, true, 500 * MILLI);
        cluster.offer(wide);
        cluster.offer(whole);
        cluster.run(30 * SECOND);
        assertThat(wide.startedAt - from).as("wait of the ranks").isBetween(1L, 3 * SECOND);
        assertThat(whole.startedAt - from)
                .as("wait of the ranks on whole nodes")
                .isBetween(1L, 6 * SECOND);
    }

    @Test
    void narrowTasksAreNotStarvedByRanksThatKeepComing() {
        Cluster cluster = new Cluster(PlacementPolicy.LOCALITY);
        cluster.addWorkers(1, 3, 4);
        Runnable refill = () -> {
            while (cluster.scheduler.queued() < 16) {
                cluster.offer(ranks(6, 0, false, false, 300 * MILLI));
            }
        };
        refill.run();
        cluster.afterEach = refill;
        cluster.run(2 * SECOND);
        long from = cluster.now();
        Job narrow = job(1, 50 * MILLI);
        Job wide = job(4, 50 * MILLI);
        cluster.offer(narrow);
        cluster.offer(wide);
        cluster.run(10 * SECOND);
        assertThat(narrow.startedAt - from).as("wait of the narrow task").isBetween(1L, 3 * SECOND);
        assertThat(wide.startedAt - from).as("wait of the wide task").isBetween(1L, 3 * SECOND);
    }

    @Test
    void anUrgentTaskGoesBeforeRanksThatAreNot() {
        Cluster cluster = new Cluster(PlacementPolicy.LOCALITY);
        cluster.addWorkers(1, 2, 4);
        Job running = ranks(8, 0, false, false, 100 * MILLI);
        cluster.offer(running);
        cluster.dispatch();
        Job next = ranks(8, 0, false, false, 100 * MILLI);
        Job urgent = job(1, 100 * MILLI);
        urgent.urgency = 1;
        cluster.offer(next);
        cluster.offer(urgent);
        cluster.run(FOR_EVER);
        assertThat(urgent.startedAt).isLessThan(next.startedAt);
    }

    @Test
    void ranksThatWaitLeaveTheCoresThatTheyDoNotNeedToOthers() {
        Cluster cluster = new Cluster(PlacementPolicy.LOCALITY);
        cluster.addWorkers(1, 3, 4);
        Runnable refill = () -> {
            while (cluster.scheduler.queued() < 64) {
                cluster.offer(job(1, (1000 + (cluster.begun.size() * 37L) % 1000) * MILLI));
            }
        };
        refill.run();
        cluster.afterEach = refill;
        cluster.run(5 * SECOND);
        long from = cluster.now();
        Job six = ranks(6, 0, false, false, SECOND);
        cluster.offer(six);
        for (long time = from; six.startedAt < 0; time += 10 * MILLI) {
            cluster.run(time);
        }
        long waited = six.startedAt - from;
        double busy = 0;
        for (Job job : cluster.begun) {
            long end = job.endedAt < 0 ? FOR_EVER : job.endedAt;
            busy += job == six ? 0 : Math.max(0, Math.min(end, six.startedAt) - Math.max(job.startedAt, from));
        }
        assertThat(waited).as("wait of the six ranks").isLessThan(8 * SECOND);
        assertThat(busy / waited / 12)
                .as("part of the cores that others used meanwhile")
                .isGreaterThan(0.75);
    }
}

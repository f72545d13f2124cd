package io.colla.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.scheduler.Cluster.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers that end at a time, as their jobs do. */
class DeadlinesTest {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    private static final long FOR_EVER = Long.MAX_VALUE;
    private static final int LONG = 0;
    private static final int SHORT = 1;

    private final Cluster cluster = new Cluster(PlacementPolicy.LOCALITY);

    private Job offer(int kind, long nanos) {
        Job job = new Job("kind " + kind, Requirement.ONE_CORE, nanos).kind(kind);
        cluster.offer(job);
        return job;
    }

    private List<Job> offer(int count, int kind, long nanos) {
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            jobs.add(offer(kind, nanos));
        }
        return jobs;
    }

    private Demand demand() {
        assertThat(cluster.scheduler.demand(cluster.now())).hasSize(1);
        return cluster.scheduler.demand(cluster.now()).get(0);
    }

    @Test
    void aWorkerBeginsNothingThatItWouldNotEnd() {
        cluster.addWorker(1, 1, 7 * SECOND);
        offer(5, LONG, 2 * SECOND);
        assertThat(cluster.run(FOR_EVER)).isEqualTo(6 * SECOND);
        assertThat(cluster.begun).hasSize(3);
        assertThat(demand().waiting()).isEqualTo(2);
        assertThat(demand().late()).isEqualTo(2);
        assertThat(demand().shortestLateNanos()).isEqualTo(2 * SECOND);
        assertThat(demand().placeable()).isFalse();
    }

    @Test
    void whatIsShorterGoesOnThere() {
        cluster.addWorker(1, 1, 5 * SECOND);
        offer(SHORT, 100 * MILLI);
        List<Job> tooLong = offer(4, LONG, 2 * SECOND);
        List<Job> shorter = offer(6, SHORT, 100 * MILLI);
        cluster.run(FOR_EVER);
        assertThat(tooLong.subList(2, 4)).allMatch(job -> job.startedAt < 0);
        assertThat(shorter).allMatch(job -> job.endedAt > 0 && job.endedAt <= 5 * SECOND);
        Job another = offer(SHORT, 100 * MILLI);
        cluster.run(FOR_EVER);
        assertThat(another.endedAt)
                .as("one that comes when others are late already")
                .isPositive();
    }

    @Test
    void whatHasNeverRunBeginsUntilTheEnd() {
        cluster.addWorker(1, 2, SECOND);
        offer(2, LONG, 900 * MILLI);
        cluster.run(FOR_EVER);
        Job unknown = offer(SHORT, 10 * SECOND);
        cluster.run(FOR_EVER);
        assertThat(unknown.startedAt).isEqualTo(900 * MILLI);
        Job afterTheEnd = offer(7, SECOND);
        cluster.run(FOR_EVER);
        assertThat(afterTheEnd.startedAt).isNegative();
    }

    @Test
    void aWorkerThatHasTimeTakesWhatAnotherHasNot() {
        cluster.addWorker(1, 1, 3 * SECOND);
        List<Job> jobs = offer(4, LONG, 2 * SECOND);
        cluster.run(FOR_EVER);
        assertThat(cluster.begun).hasSize(1);
        cluster.addWorker(2, 1, 60 * SECOND);
        cluster.run(FOR_EVER);
        assertThat(jobs).allMatch(job -> job.endedAt > 0);
        assertThat(jobs.subList(1, 4)).allMatch(job -> job.worker == 2);
    }

    @Test
    void aTimeLimitStandsForATimeNotKnownIfAnotherWorkerHasIt() {
        cluster.addWorker(1, 1, 10 * SECOND);
        Job limited = new Job("limited", Requirement.ONE_CORE, SECOND).kind(LONG);
        limited.limit = 60 * SECOND;
        cluster.scheduler.expect(List.of(new FutureNodes(new NodeCapacity(1, 0), true, 1, 100 * SECOND)));
        cluster.offer(limited);
        cluster.run(FOR_EVER);
        assertThat(limited.startedAt)
                .as("it waits for a node that has the time")
                .isNegative();
        cluster.scheduler.expect(List.of());
        Job again = new Job("limited", Requirement.ONE_CORE, SECOND).kind(LONG);
        again.limit = 60 * SECOND;
        cluster.offer(again);
        cluster.run(FOR_EVER);
        assertThat(limited.endedAt).as("there is no better place").isPositive();
        assertThat(again.endedAt).isPositive();
    }

    @Test
    void gangsNeedTheTimeOnAllTheirNodes() {
        Requirement two = new Requirement(1, 0, Map.of(), Map.of(), 2);
        cluster.addWorker(1, 1, FOR_EVER);
        cluster.addWorker(2, 1, 3 * SECOND);
        for (int i = 0; i < 2; i++) {
            cluster.offer(new Job("gang", two, 2 * SECOND).kind(LONG));
        }
        cluster.run(FOR_EVER);
        assertThat(cluster.begun).hasSize(1);
        assertThat(demand().placeable()).isFalse();
        cluster.addWorker(3, 1, FOR_EVER);
        cluster.run(FOR_EVER);
        assertThat(cluster.begun).hasSize(2);
    }

    @Test
    void aWorkerThatIsToLeaveGivesBackWhatItHasInAdvance() {
        cluster.addWorker(1, 1, FOR_EVER);
        List<Job> jobs = offer(3, SHORT, 20 * MILLI);
        cluster.run(0);
        assertThat(cluster.scheduler.isIdle(1)).isFalse();
        cluster.scheduler.drain(1);
        cluster.run(FOR_EVER);
        assertThat(jobs.get(0).endedAt).isPositive();
        assertThat(jobs.subList(1, 3)).allMatch(job -> job.startedAt < 0);
        assertThat(cluster.recalled).isPositive();
        assertThat(cluster.scheduler.isIdle(1)).isTrue();
        assertThat(cluster.scheduler.queued()).isEqualTo(2);
        cluster.addWorker(2, 1, FOR_EVER);
        cluster.run(FOR_EVER);
        assertThat(jobs).allMatch(job -> job.endedAt > 0);
    }

    /** Nothing whose time is known may still run when its worker ends, and all that fits a worker to come is done in the end. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void noKnownTaskOverrunsAnyWorker(long seed) {
        Random random = new Random(seed);
        long[] ends = new long[40];
        int workers = 0;
        long[] times = {50 * MILLI, 400 * MILLI, 3 * SECOND, 9 * SECOND};
        cluster.addWorker(0, 4, FOR_EVER);
        for (int kind = 0; kind < times.length; kind++) {
            offer(kind, times[kind]);
        }
        cluster.run(FOR_EVER);
        cluster.scheduler.drain(0);
        List<Job> jobs = new ArrayList<>();
        while (workers < 30) {
            for (int i = random.nextInt(12); i > 0; i--) {
                int kind = random.nextInt(times.length);
                jobs.add(offer(kind, times[kind]));
            }
            workers++;
            ends[workers] = cluster.now() + SECOND + (long) (random.nextDouble() * 20 * SECOND);
            cluster.addWorker(workers, 1 + random.nextInt(4), ends[workers]);
            cluster.run(cluster.now() + random.nextInt(5) * SECOND);
        }
        cluster.addWorker(39, 4, FOR_EVER);
        ends[39] = FOR_EVER;
        cluster.run(FOR_EVER);
        assertThat(jobs).allMatch(job -> job.endedAt >= 0);
        for (Job job : jobs) {
            assertThat(job.endedAt).as("%s on worker %d", job, job.worker).isLessThanOrEqualTo(ends[job.worker]);
        }
    }
}
